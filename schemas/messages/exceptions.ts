import { ACCOUNT_MESSAGES } from './account-exceptions.ts';
import type { Message } from './catalogue.ts';
import { INCIDENT_MESSAGES } from './incidents.ts';

/**
 * What a run finds that a person must look at. `todo` begins with who must act: the school, the kindergarten, the bureau, the
 * 研習中心 or ops. The institution and the record it is about stand beside the text, so the text does not repeat them.
 */
export const EXCEPTION_MESSAGES = {
  'missing-from-roster': {
    zh: '名冊中不再出現 {people} 位原有人員，但未填異動別；仍保留在原單位，不視為離開（I12）。',
    en: '{people} known people are no longer on a complete list and no change was given; they stay where they are (I12).',
    todo: {
      zh: '請學校（園）確認：若已離開，請以離職、轉校或退休報送；若仍在職，請補列。',
      en: 'The school or kindergarten: send 離職, 轉校 or 退休, or list them again.',
    },
  },
  'plan-held': {
    zh: '本次異動超過單日上限，全部暫停、尚未寫入：異動 {changes} 筆、名冊未列 {missing} 人；名冊維持前一版（I6）。',
    en: 'What would change in one night is over a limit and is held, nothing of it was applied: {changes} changes, {missing} people missing (I6).',
    todo: {
      zh: '請教育局核定或退回（mingce holds）；請學校確認送出的檔案是否完整，有誤請重新上傳。',
      en: 'The bureau approves or discards it ("mingce holds"); the school checks whether its file was whole.',
    },
  },
  'plan-kept-out': {
    zh: '暫停的異動已退回或逾期未核定，未寫入：異動 {changes} 筆、名冊未列 {missing} 人；名冊與送件內容不一致。',
    en: 'A held plan was discarded, or nobody decided in time: {changes} changes and {missing} missing people were not taken, so the roster is not as the source says.',
    todo: {
      zh: '請學校重新送出正確的檔案；若原內容無誤，請教育局核定（mingce holds）。',
      en: 'The school sends the right file; if that one was right, the bureau approves it ("mingce holds").',
    },
  },
  'reverted-kept-out': {
    zh: '有 {records} 筆紀錄的異動已由教育局撤銷，來源仍送出相同內容；在來源改送其他內容前，名冊維持撤銷後的狀態。',
    en: 'What {records} records say was undone, and their source still says it: the roster stays as it was put until the source says something else.',
    todo: {
      zh: '請學校（園）核對這些紀錄，更正後重新送出；若原內容無誤，請教育局撤銷該次撤銷（mingce revert）。',
      en: 'The school or kindergarten: check these records and send them corrected; if they were right, the bureau reverts that revert ("mingce revert").',
    },
  },
  'record-keys-changed': {
    zh: '鍵值全面更換：名冊上 {known} 人的人員代號（幾乎）全部改變，應是更換了系統。依身分證編碼、或姓名與生日對應 {matched} 人，任職與歷史沿用；未能對應 {lost} 人（仍保留），另有 {added} 人無法對應到原有人員。',
    en: '(Nearly) all keys of the {known} people on the roster changed, as when a school changes its system. {matched} were found by identifier, or by name and birth date, and go on; {lost} were not found and stay as they are, {added} others are nobody known.',
    todo: {
      zh: '請學校（園）核對未能對應的人員：補齊身分證字號後重新送出完整名冊，或以離職、轉校、退休報送。',
      en: 'The school or kindergarten: check those that were not found; send the complete list again with their identifiers, or send 離職, 轉校 or 退休.',
    },
  },
  'record-key-reused': {
    zh: '名冊以原屬 {people} 人的人員代號報送他人（姓名、身分證字號及生日均不同）；代號視為改給新的人員，另立資料，原人員之資料維持原狀，未予變更。',
    en: 'Staff numbers of {people} people are given for somebody else by now (another name, identifier and birth date). The row is a record of its own; whoever had the number before stays as known.',
    todo: {
      zh: '請學校（園）確認原人員去向：離職、轉校、退休請報送；仍在職者請以其代號報送；兩人代號互換或誤植者，請更正後重新送出。',
      en: 'The school or kindergarten: say what became of whoever had the number (離職, 轉校, 退休), or send them under the number that they have; correct a number that was mixed up.',
    },
  },
  'missing-not-judged': {
    zh: '完整名冊有 {rows} 列無法辨識是誰（如字號經遮罩），不在名冊上的 {known} 筆原有資料可能就在其中，因此無法判定誰未列；全部維持原狀（I12）。',
    en: '{rows} rows of a complete list cannot be told whose they are, so who is missing could not be judged: {known} known records are not in it and stay as they are (I12).',
    todo: {
      zh: '請學校（園）更正這些列後，重新上傳完整名冊。',
      en: 'The school or kindergarten: correct those rows and send the complete list again.',
    },
  },
  'oneroster-changes-without-role': {
    zh: 'OneRoster 異動檔有 {people} 筆人員異動沒有附上職務（roles），無法得知是教職員還是學生，未採用。',
    en: '{people} changed people of OneRoster deltas came without their roles, so staff and pupils cannot be told apart; these changes were not taken.',
    todo: {
      zh: '請教育局洽該系統管理單位：異動檔連同職務一併匯出，或送一次完整的檔案組（bulk）。',
      en: 'The bureau: have the deltas hold the roles of the people in them, or send one bulk bundle.',
    },
  },
  'no-account-lead': {
    zh: '沒有啟用中的總負責人帳號（R16）。',
    en: 'The school has no active 總負責人 account (R16).',
    todo: {
      zh: '請學校指定總負責人，並向本市教師研習中心申請開通（R18）。',
      en: 'The school names one; 本市教師研習中心 enables the account (R18).',
    },
  },
  'weak-identity': {
    zh: '有 {people} 位人員沒有可用的身分證字號（未填或檢查碼不符），只能憑姓名與生日認人。',
    en: '{people} people have no usable identifier (absent, or its checksum fails); they are told by name and birth date only.',
    todo: {
      zh: '請學校（園）核對並補正身分證字號。',
      en: 'The school or kindergarten: check and complete the identifiers.',
    },
  },
  'pending-without-previous': {
    zh: '有 {records} 筆異動待審且無前版（待審無前版），核定前不會出現在名冊（R13）。',
    en: '{records} records are under review and have no approved version yet; they stay out until approved (R13).',
    todo: {
      zh: '請教育局承辦人於全國教保資訊網完成審核；計畫基準日前須於當日凌晨前核定。',
      en: 'The bureau: finish the review in the care system, before the early-morning run of the cut-off day.',
    },
  },
  'rows-quarantined': {
    zh: '有 {rows} 列資料有誤未採用；這些人員的前一版資料仍然有效。',
    en: '{rows} rows were quarantined; the previous version of each stays in force.',
    todo: {
      zh: '請學校依「未採用的資料」所列之列號與欄位更正後重新上傳。',
      en: 'The school: correct the rows listed and send the file again.',
    },
  },
  'delivery-set-aside': {
    zh: '已採用較新的檔案；較舊或無法讀取的檔案未採用：{files}。',
    en: 'Newer files were taken; older or unreadable ones were set aside: {files}.',
    todo: {
      zh: '請學校確認：檔案中的離職、轉校、退休等異動若未列入新檔案，請重新報送。原檔仍保存於資料庫；未被完整名冊取代的異動檔也留在收件匣，重新報送後請移除。',
      en: 'The school: send again what the newer files do not say (離職, 轉校, 退休). The originals are kept in the database; a list of changes that no complete one replaced also stays in the inbox until somebody removes it.',
    },
  },
  'old-file-sent-again': {
    zh: '{sent} 送來的檔案與 {first} 送過的檔案完全相同，其間已有較新的名冊，因此未採用，名冊沒有改變（I4）。',
    en: 'The file sent at {sent} is byte for byte that of {first}, and newer ones came between: nothing was changed (I4).',
    todo: {
      zh: '請學校確認：若確實要改回這份內容，請在欄名列之上加一列「重送」及今天日期後重新上傳；若是誤傳，請再送一次最新的名冊。',
      en: 'The school: if it is meant, add a line 重送 and the date above the titles and send it again; else send the newest once more.',
    },
  },
  'listed-kindergartens-unmatched': {
    zh: '幼兒園名錄中有 {institutions} 園無法與教保資訊網確實對應。',
    en: '{institutions} listed kindergartens could not be matched to the care system with certainty.',
    todo: {
      zh: '請教育局逐園裁定是哪一園（mingce review）。',
      en: 'The bureau: decide which kindergarten each is ("mingce review").',
    },
  },
  'institution-no-longer-listed': {
    zh: '名單不再列出此機構。名單沒有說明原因，不視為停辦，機構與人員維持原狀（I12）。',
    en: 'The list no longer shows the institution. It does not say why: that is not a closing, and nothing of it changed (I12).',
    todo: {
      zh: '請教育局查明是否停辦、遷移或更換代碼。',
      en: 'The bureau: find out whether it closed, moved or has another code.',
    },
  },
  'map-outside-care-system': {
    zh: '公開地圖列有此園，但教保資訊網填報系統沒有核定的資料，故未列入機構（R11）。',
    en: 'The public map lists the kindergarten, the care system has no approved record of it, so it is not taken in (R11).',
    todo: {
      zh: '請教育局於全國教保資訊網確認該園之立案與審核狀態。',
      en: 'The bureau: check its registration and review in the care system.',
    },
  },
  'source-drifted': {
    zh: '此來源的欄位、型別或內容值有 {changes} 處與約定或先前接受的格式不同，新舊格式並列於「來源格式變動」。',
    en: 'The shape of the source differs in {changes} places from what was agreed or accepted before; both stand side by side under "drift".',
    todo: {
      zh: '請系統維運人員查看後接受新格式（mingce contract accept），或請對方更正。',
      en: 'Ops: look at it, then accept the new shape (mingce contract accept) or have it corrected.',
    },
  },
  'source-failed': {
    zh: '此來源本次未能取得或不完整，沿用前次資料，沒有任何人員因此異動。',
    en: 'The source failed in this run ({why}); its previous picture stands and nobody was moved because of it.',
    todo: { zh: '請系統維運人員查明原因並重新執行。', en: 'Ops: find the cause and run again.' },
  },
  'source-late': {
    zh: '已 {days} 天沒有新資料（應每 {every} 天至少一次），仍沿用前次資料。',
    en: 'Nothing new for {days} days (expected at least every {every}); the previous picture stands.',
    todo: {
      zh: '請系統維運人員確認來源是否正常；若為學校檔案，請學校補送。',
      en: 'Ops: find out why. If it is a file of a school, the school sends it.',
    },
  },
  'school-late': {
    zh: '未於 {until} 前更新教師名冊（{campaign} 年度，R06）。',
    en: 'No roster of the school came by {until} (campaign {campaign}, R06).',
    todo: {
      zh: '請學校儘速上傳教師名冊；請教育局催辦。',
      en: 'The school: send the roster. The bureau: remind the school.',
    },
  },
  'accounts-late': {
    zh: '未於 {until} 前更新業務帳號（{campaign} 年度，R06）。',
    en: 'No list of accounts of the school came by {until} (campaign {campaign}, R06).',
    todo: {
      zh: '請學校儘速上傳業務帳號清冊；請教育局催辦。',
      en: 'The school: send the list of accounts. The bureau: remind the school.',
    },
  },
  'registered-elsewhere': {
    zh: '新單位已於 {since} 登錄此人，原單位之任職依規定以轉校結束（R08）。',
    en: 'Another unit registered the person from {since}; the spell here was ended as 轉校 (R08).',
    todo: {
      zh: '請原學校知悉；若有誤，請洽新學校更正。',
      en: 'The former school: take note; if wrong, settle it with the new school.',
    },
  },
  'two-registrations': {
    zh: '兩個單位在同一日（{on}）都登錄此人為主聘，無法判定服務單位，暫維持原狀。',
    en: 'Two units registered the person as their own on one day ({on}); both stand until somebody decides.',
    todo: {
      zh: '請教育局與兩校確認後裁定服務單位（mingce review），並由非服務單位改報。',
      en: 'The bureau: settle the unit with both and decide it ("mingce review"); the other one sends a change.',
    },
  },
  'kindergarten-not-released': {
    zh: '學校已於 {since} 登錄此人，但幼兒園尚未於教保資訊網辦理離園（R11），幼兒園任職未結束。',
    en: 'A school registered the person from {since}, the kindergarten has not released them in the care system (R11).',
    todo: {
      zh: '請幼兒園於全國教保資訊網完成離園填報。',
      en: 'The kindergarten: report the leave in the care system.',
    },
  },
  'ended-before-start': {
    zh: '所報離開日期（{until}）早於此人在此單位的起始日（{since}），兩者必有一誤；已依所報日期移出名冊。',
    en: 'The end that was told ({until}) lies before the start that is known ({since}): one of them is wrong. The person is off the roster.',
    todo: {
      zh: '請學校（園）核對異動日期後重新報送；若未離開，請以在職報送。',
      en: 'The school or kindergarten: check the date and send it again; if the person is still there, send 在職.',
    },
  },
  'return-withdrawn': {
    zh: '所報離開日期（{until}）早於此人再任之起始日（{since}），視為更正前次離開：自 {since} 起之任職已撤銷，此人自 {until} 起不在名冊。',
    en: 'The end that was told ({until}) lies before the return that was known ({since}): it is taken as the earlier leave, and the return as never made.',
    todo: {
      zh: '請學校（園）確認：若此人確已再任，請以新進或轉入並填再任日期重新報送。',
      en: 'The school or kindergarten: if the person did come back, send 新進 or 轉入 with that day again.',
    },
  },
  'changes-set-aside': {
    zh: '此筆資料（{object} 第 {row} 列）與已登錄的內容互相矛盾，同一日會有兩種說法；此人本次異動（調動時含兩校）全部暫緩，每夜重試，其他人員照常更新。',
    en: 'The record ({object}, row {row}) contradicts what is known: two things would hold on one day. All changes of this person wait, at every unit; they are tried again each night, and everybody else is up to date.',
    todo: {
      zh: '請學校（園）核對此人的異動別與異動日期後重新報送；若資料無誤，請系統維運人員查明。',
      en: 'The school or kindergarten: check the kind and day of the change and send it again. If it is right, ops: find the cause.',
    },
  },
  'record-changed-institution': {
    zh: '同一筆資料（相同代號）原在另一機構任職，現在改列於此機構，但未說明原職如何結束；此人本次異動全部未採用，名冊維持原狀。',
    en: 'One record, under its key, was of another institution before and is of this one now, and nothing says what became of the post that it had. No change of this person was taken.',
    todo: {
      zh: '請學校（園）於原機構填報離職或轉校，並在新機構以新的代號登錄；若代號本不應跨機構使用，請系統維運人員洽該系統管理單位。',
      en: 'The school or kindergarten: tell the end at the former institution, and register the person here under another key. Ops: where that system keeps the key, ask for one per institution.',
    },
  },
  'two-primary-units': {
    zh: '自 {since} 起，此人同時登錄於兩個主聘單位，依所報起訖日期無法判定何者為服務單位（R08）。',
    en: 'From {since} on two units have the person as their own, and the days that they told do not say which of them is the unit (R08).',
    todo: {
      zh: '請兩單位核對此人之起始日與離開日（或主聘欄）後重新報送；無法確認時，請教育局協調。',
      en: 'The school or kindergarten, both: check start, end and 主聘 and send them again; the bureau settles what they cannot.',
    },
  },
  'no-primary-unit': {
    zh: '此人自 {since} 起離開主聘單位，目前僅在此兼任（主聘為否），沒有服務單位，不會列入教師自我進修規劃名單。',
    en: 'The person left the primary unit as of {since} and serves here as secondary only: there is no service unit, so no planning list has them.',
    todo: {
      zh: '請學校（園）確認：若已改由此處主聘，請以主聘「是」報送；若在他校主聘，請該校登錄。',
      en: 'The school or kindergarten: send 主聘=是 if it is the unit now; else the unit itself registers the person.',
    },
  },
  'manual-value-superfluous': {
    zh: '來源已自行報送與人工指定相同的值（{fields}；第 {numbers} 號），人工指定已無作用。',
    en: 'The source says by itself what was set by hand ({fields}; manual value {numbers}): it does nothing any more.',
    todo: {
      zh: '請教育局結束該筆人工指定（mingce values expire），往後以來源為準。',
      en: 'The bureau: end it ("mingce values expire"), so that the source’s next word counts.',
    },
  },
  'institution-unknown': {
    zh: '資料所載的機構代碼（或學制）不在機構清單中，該筆未列入名冊。',
    en: 'The institution code (or section) of the record is not on any list; the record is kept out of the roster.',
    todo: {
      zh: '請學校核對代碼與學制；若為新設機構，請教育局補入機構清單。',
      en: 'The school: check code and section. The bureau: add a new institution to the list.',
    },
  },
  'person-identifier-conflict': {
    zh: '此筆資料改用了另一位人員的身分證字號，無法判定是誰，暫依原人員處理。',
    en: 'The record now carries an identifier that belongs to another person; it stays with the person it had.',
    todo: {
      zh: '請學校核對身分證字號並更正；確定不是同一人時，請教育局裁定（mingce review）。',
      en: 'The school: check the identifier and correct it. Where they are known to be two people, the bureau decides so ("mingce review").',
    },
  },
  'person-possibly-double': {
    zh: '人員 {person} 與人員 {other} 同名、同生日，且至少一人沒有可用的身分證字號，可能是同一人。',
    en: 'Person {person} and person {other} have one name and birth date, and at least one of them no identifier that would tell: they may be one.',
    todo: {
      zh: '請教育局向學校查明後裁定是否同一人（mingce review）；學校補正身分證字號亦可。',
      en: 'The bureau: find out and decide ("mingce review"). An identifier from the school settles it, too.',
    },
  },
  ...INCIDENT_MESSAGES,
  ...ACCOUNT_MESSAGES,
} as const satisfies Record<string, Message>;

/** Codes that a run may raise: a code without a text does not compile where this type is used. */
export type ExceptionCode = keyof typeof EXCEPTION_MESSAGES;
