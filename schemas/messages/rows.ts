/** Long because it is a table: one entry per issue code of a row, nothing else. */
import type { Message } from './catalogue.ts';

/**
 * One row or cell that was rejected or doubted. Texts speak to the school's clerk: what is there, what was expected, what to do. The receipt
 * shows row, column and (masked) value beside them.
 */
export const ROW_MESSAGES = {
  'raw-cells-extra': {
    zh: '此列有 {cells} 欄，標題只有 {expected} 欄，資料可能因逗號而錯位。',
    en: 'The row has {cells} cells, the header {expected}; values may have shifted at a comma.',
    todo: { zh: '請檢查此列（尤其地址內的逗號）後重新上傳。', en: 'Have the row corrected and sent again.' },
  },
  'raw-cell-too-long': {
    zh: '第 {cell} 欄有 {length} 個字元，上限為 {limit}。',
    en: 'Cell {cell} holds {length} characters; the limit is {limit}.',
    todo: { zh: '請檢查引號是否成對後重新上傳。', en: 'Check for an unclosed quote.' },
  },
  'raw-nul': {
    zh: '第 {cell} 欄含有無法使用的空字元（NUL）。',
    en: 'Cell {cell} holds a NUL character.',
    todo: { zh: '請重新匯出檔案後上傳。', en: 'Have the file exported again.' },
  },
  'raw-character-broken': {
    zh: '第 {cell} 欄第 {at} 個字無法解讀（檔案中該字的編碼已損壞），此列未採用。',
    en: 'Character {at} of cell {cell} cannot be read (its bytes are damaged); the row is quarantined.',
    todo: {
      zh: '請重新輸入該字，以「CSV UTF-8」另存或改存 .xlsx 後重新上傳。',
      en: 'Have the character typed again, and the file saved as "CSV UTF-8" or XLSX.',
    },
  },
  'raw-quotes': {
    zh: '此列的引號不成對，無法確定各欄內容。',
    en: 'Quotes of the row are not balanced; its cells cannot be told apart.',
    todo: { zh: '請修正引號後重新上傳。', en: 'Have the quotes corrected and the file sent again.' },
  },
  'text-hidden-removed': {
    zh: '內容夾有看不見的控制字元，已移除。',
    en: 'Hidden control or zero-width characters were removed.',
  },
  'id-masked': {
    zh: '身分證字號（或編碼）經遮罩，無法辨識是哪一位，此列未採用。',
    en: 'The identifier is masked; the person cannot be told, the row is quarantined.',
    todo: { zh: '請提供完整字號或身分證編碼後重新上傳。', en: 'Ask for the whole number or its digest.' },
  },
  'id-checksum': {
    zh: '身分證字號或居留證號檢查碼不符，此列仍採用，但不單憑此號認人。',
    en: 'The identifier fails its checksum; kept as a weak one, never joined on alone.',
    todo: { zh: '請核對字號是否誤植。', en: 'Have the number checked.' },
  },
  'id-unreadable': {
    zh: '不是身分證字號（1 個英文字母加 9 個數字）、居留證號或護照號碼，已略過此欄。',
    en: 'Not a national id, resident number or passport number; the value was dropped.',
    todo: { zh: '請更正字號。', en: 'Have the number corrected.' },
  },
  'id-columns-disagree': {
    zh: '「身分證字號」與「身分證編碼」不是同一人，此列未採用。',
    en: 'Identifier and digest columns belong to different persons; the row is quarantined.',
    todo: { zh: '請確認兩欄是否錯位後重新上傳。', en: 'Have both columns checked; they may have shifted.' },
  },
  'id-missing': {
    zh: '沒有身分證字號或身分證編碼，只能憑姓名與生日認人。',
    en: 'No identifier; the person can be told by name and birth date only.',
    todo: { zh: '請補身分證字號。', en: 'Have the identifier added.' },
  },
  'digest-unreadable': {
    zh: '身分證編碼應為 64 個十六進位字元，已略過此欄。',
    en: 'The digest is not 64 hexadecimal characters; the value was dropped.',
    todo: { zh: '請重新匯出身分證編碼。', en: 'Have the digest exported again.' },
  },
  'staff-id-unreadable': {
    zh: '人員編號超過 {longest} 個字，此列未採用。',
    en: 'The staff id is longer than {longest} characters; the row is quarantined.',
  },
  'name-missing': {
    zh: '沒有姓名，此列未採用。',
    en: 'No name; the row is quarantined.',
    todo: { zh: '請填寫姓名後重新上傳。', en: 'Have the name added.' },
  },
  'name-too-long': {
    zh: '姓名超過 {longest} 個字，未採用；欄位可能錯位。',
    en: 'The name is longer than {longest} characters and was not taken; cells may have shifted.',
    many: {
      zh: '姓名過長，未採用；欄位可能錯位。',
      en: 'The name is too long and was not taken; cells may have shifted.',
    },
    todo: { zh: '請檢查姓名欄後重新上傳。', en: 'Have the name column checked.' },
  },
  'row-not-a-person': {
    zh: '此列看來不是人員，而是表格的欄位名稱或表尾（合計、填表人、以下空白等），未採用。',
    en: 'The row looks like a line of the form (titles once more, a total, who filled it in), not like a person, and was not taken.',
    todo: {
      zh: '若確為人員，請補身分證字號或出生日期後重新上傳；否則可刪除此列。',
      en: 'If it is a person, the row needs an identifier or a birth date; else it may be deleted.',
    },
  },
  'name-boolean': {
    zh: '姓名欄是 TRUE 或 FALSE（核取方塊或公式結果），不是姓名，未採用。',
    en: 'TRUE or FALSE (a tick box, or what a formula gave) stands for the name and was not taken.',
    todo: { zh: '請填寫姓名後重新上傳。', en: 'Have the name put there.' },
  },
  'words-boolean': {
    zh: '此欄是 TRUE 或 FALSE（核取方塊或公式結果），不是文字，已略過此欄。',
    en: 'TRUE or FALSE (a tick box, or what a formula gave) stands where words should; the value was dropped.',
    todo: { zh: '請填寫文字後重新上傳。', en: 'Have the words put there.' },
  },
  'name-masked': {
    zh: '姓名經遮罩（如 陳○○），未採用。',
    en: 'The name is masked and was not taken.',
    todo: { zh: '請提供完整姓名。', en: 'Ask for the whole name.' },
  },
  'name-glyph-lost': {
    zh: '姓名有無法顯示的字（出現 ?、□ 或造字），可能是罕用字遺失。',
    en: 'A character of the name was lost (`?`, U+FFFD or private use).',
    todo: {
      zh: '請確認正確用字，改以 UTF-8 編碼重新上傳。',
      en: 'Have the name confirmed and the file sent in UTF-8.',
    },
  },
  'name-with-remark': {
    zh: '姓名夾有數字、括號或標點，已照原文保留；可能是註記，會使比對失敗。',
    en: 'The name holds digits, brackets or punctuation; kept as it is, but it may not match.',
    todo: { zh: '姓名欄請只填姓名。', en: 'Have remarks moved out of the name column.' },
  },
  'name-entity-decoded': {
    zh: '姓名含有 &#數字; 代碼，已還原為文字。',
    en: 'A character entity in the name was decoded.',
    todo: { zh: '請確認還原後的姓名正確。', en: 'Have the decoded name confirmed.' },
  },
  'code-missing': {
    zh: '沒有學校（機構）代碼，此列未採用。',
    en: 'No institution code; the row is quarantined.',
    todo: { zh: '請填寫 6 碼學校代碼後重新上傳。', en: 'Have the code added.' },
  },
  'code-unreadable': {
    zh: '學校代碼應為 6 碼（如 064350），此列未採用。',
    en: 'Not an institution code (6 characters such as 064350); the row is quarantined.',
    todo: {
      zh: '請將代碼欄設為「文字」格式，更正後重新上傳。',
      en: 'Have the code corrected and the column kept as text.',
    },
  },
  'sid-unreadable': {
    zh: '幼兒園代號應為 10 位數字（分班另加 -01），此筆未採用。',
    en: 'Not a care-system sid (10 digits, branches -NN); the record is quarantined.',
  },
  'code-zero-restored': {
    zh: '代碼開頭的 0 遺失，已補回為 {code}。',
    en: 'A lost leading zero was restored: {code}.',
    many: { zh: '代碼開頭的 0 遺失，已補回。', en: 'A lost leading zero of the code was restored.' },
    todo: { zh: '請將代碼欄設為「文字」格式。', en: 'Keep the column as text.' },
  },
  'row-of-another-school': {
    zh: '此檔為 {expected} 的資料，這一列卻是 {found}，未採用。學校只能報送本校資料。',
    en: 'The file speaks for {expected}, the row is of {found}; quarantined.',
    todo: { zh: '請刪除此列，由該校自行報送。', en: 'That school must send the row itself.' },
  },
  'kindergarten-row-in-school-file': {
    zh: '幼兒園人員由全國教保資訊網填報系統匯入，學校名冊中的這一列未採用。',
    en: 'Kindergarten staff come through the care system only (R11); the row is quarantined.',
    todo: {
      zh: '請由幼兒園於教保資訊網填報，並自名冊刪除此列。',
      en: 'The kindergarten must report it in the care system.',
    },
  },
  'kindergarten-title-in-school-file': {
    zh: '此職稱為幼兒園職稱；幼兒園人員應由全國教保資訊網填報。',
    en: 'A kindergarten title in a school file; kindergarten staff belong to the care system (R11).',
    todo: {
      zh: '請確認此人員是否屬附設幼兒園，若是請自名冊刪除。',
      en: 'Check whether the person belongs to the attached kindergarten.',
    },
  },
  'section-unknown': {
    zh: '學制應為國小、國中、高中、特教或幼兒園，已略過此欄。',
    en: 'Not a known section; the value was dropped.',
    todo: { zh: '請更正學制。', en: 'Have the section corrected.' },
  },
  'section-missing': {
    zh: '沒有學制，無法判斷是哪一個學制，此列未採用。',
    en: 'The institution has no section; the row is quarantined.',
    todo: { zh: '請補上學制。', en: 'Add the section.' },
  },
  'date-unreadable': {
    zh: '無法辨識的日期，已略過此欄。可用 113/07/05 或 113年7月5日。',
    en: 'Not a date; the value was dropped.',
    todo: { zh: '請更正日期。', en: 'Have the date corrected.' },
  },
  'date-out-of-range': {
    zh: '日期不合理，已略過此欄。',
    en: 'The date is not plausible for its column; the value was dropped.',
    todo: { zh: '請核對民國與西元年。', en: 'Check ROC against western years.' },
  },
  'moment-unreadable': {
    zh: '無法辨識的時間，改以檔案送達時間為準。可用 113/08/02 16:59:00。',
    en: 'Not a date and time; the arrival stands in where one is needed.',
    todo: { zh: '請更正時間。', en: 'Have the value corrected.' },
  },
  'moment-without-time': {
    zh: '只有日期沒有時間，視為當日 00:00:00。',
    en: 'A date without a time; read as 00:00:00 of that day, Asia/Taipei.',
  },
  'registered-in-future': {
    zh: '登錄時間晚於檔案送達時間，不可能成立，改以送達時間為準。',
    en: 'Registered after it was sent, which cannot be; the arrival stands in.',
    todo: { zh: '請核對系統時鐘與登錄時間欄。', en: 'Have the clock of the system and the column checked.' },
  },
  'signed-in-in-future': {
    zh: '最後登入時間晚於檔案送達時間，不可能成立，已略過此欄。',
    en: 'Signed in after the file was sent, which cannot be; the value was dropped.',
    todo: { zh: '請核對系統時鐘與最後登入欄。', en: 'Have the clock of the system and the column checked.' },
  },
  'sex-unreadable': {
    zh: '性別應為男、女（或 1、2），已略過此欄。',
    en: 'Not a known sex; the value was dropped.',
    todo: { zh: '請更正性別。', en: 'Have the value corrected.' },
  },
  'title-unknown': {
    zh: '職稱不在對照表中，已照原文保留，但無法判定職別。',
    en: 'The title is not in the alias table; kept, without a kind (職別).',
    todo: {
      zh: '請加填「職別」欄（1 至 15），或改用常用職稱。',
      en: 'Fill the 職別 column or extend the alias table.',
    },
  },
  'title-kind-unreadable': {
    zh: '職別應為 1 至 15 或其名稱，改依職稱判定。',
    en: 'Not a kind of 1 to 15; the title decides.',
    todo: { zh: '請更正職別。', en: 'Have the kind corrected.' },
  },
  'email-invalid': {
    zh: '電子郵件格式不正確，已略過此欄。',
    en: 'Not an e-mail address; the value was dropped.',
    todo: { zh: '請更正，只填一個信箱。', en: 'Have it corrected; one address only.' },
  },
  'phone-unreadable': {
    zh: '無法辨識的電話，已略過此欄。',
    en: 'Not a phone number; the value was dropped.',
    todo: { zh: '請以 04-22289111#54000 或 0912345678 的格式填寫。', en: 'Have the number corrected.' },
  },
  'phone-zero-restored': {
    zh: '電話號碼開頭的 0 遺失，已補回。',
    en: 'The lost leading zero of a phone number was restored.',
  },
  'primary-unreadable': {
    zh: '主聘應為是或否，已視為是。',
    en: 'Not yes or no; taken as the primary unit.',
    todo: { zh: '請更正主聘欄。', en: 'Have the value corrected.' },
  },
  'change-unknown': {
    zh: '異動別應為在職、新進、轉入、轉出、離職、轉校、退休、留職停薪、復職或代理期滿，此列未採用。',
    en: 'Not a known 異動別; the row is quarantined.',
    todo: { zh: '請更正異動別後重新上傳。', en: 'Have the change corrected.' },
  },
  'change-date-missing': {
    zh: '有異動別但沒有異動日期，此列未採用。',
    en: 'A change without a date; the row is quarantined.',
    todo: { zh: '請填寫異動生效日期（如 113/08/01）後重新上傳。', en: 'Have the effective date added.' },
  },
  'change-date-unreadable': {
    zh: '異動日期無法辨識或不合理，此列未採用。',
    en: 'The date of the change cannot be read or is not plausible; the row is quarantined.',
    todo: { zh: '請更正日期（如 113/08/01）後重新上傳。', en: 'Have the date corrected.' },
  },
  'change-date-without-change': {
    zh: '有異動日期但沒有異動別，視為在職。',
    en: 'A change date without a change; read as in service.',
    todo: { zh: '若有異動請補填異動別。', en: 'Have the change added if there is one.' },
  },
  'end-date-missing': {
    zh: '有離園原因但沒有離園日期，此筆未採用。',
    en: 'A reason of leaving without a date; the record is quarantined.',
    todo: { zh: '請補上日期。', en: 'Have the date added.' },
  },
  'leave-date-missing': {
    zh: '有離職原因但沒有離職日期，此列未採用。',
    en: 'A reason of leaving without a date; the row is quarantined.',
    todo: { zh: '請填寫離職日期（如 113/08/01）後重新上傳。', en: 'Have the date of leaving added.' },
  },
  'leave-reason-missing': {
    zh: '有離職日期但沒有原因，視為離職。',
    en: 'A date of leaving without a reason; taken for 離職.',
    todo: {
      zh: '若是轉校、退休或代理期滿，請填寫離職原因（或異動別與異動日期）後重新上傳。',
      en: 'If it is 轉校, 退休 or 代理期滿, have the reason (or 異動別 and its date) added.',
    },
  },
  'end-reason-from-state': {
    zh: '有離職日期但沒有原因，依在職狀況視為{state}。',
    en: 'A date of leaving without a reason; taken for {state}, which 在職狀況 says.',
    many: {
      zh: '有離職日期但沒有原因，依在職狀況判定原因。',
      en: 'A date of leaving without a reason; 在職狀況 gives it.',
    },
    todo: { zh: '請確認；若不是，請填寫離職原因後重新上傳。', en: 'Have it confirmed, or the reason added.' },
  },
  'left-but-in-service': {
    zh: '離職日期 {end} 已過，在職狀況卻是在職，兩者矛盾，此列未採用。',
    en: 'Left on {end}, but 在職狀況 says in service; the row is quarantined.',
    todo: {
      zh: '請確認是否已離職：已離職請更正在職狀況，仍在職請清除離職日期，再重新上傳。',
      en: 'Ask which is right; have the other corrected.',
    },
  },
  'service-state-without-date': {
    zh: '在職狀況是{state}，但沒有離職日期或異動日期，仍視為在職。',
    en: '在職狀況 says {state}, but no date of leaving is there; the person stays in service.',
    many: {
      zh: '在職狀況是已離開，但沒有離職日期或異動日期，仍視為在職。',
      en: '在職狀況 says gone, but no date of leaving is there; the person stays in service.',
    },
    todo: {
      zh: '若已離開，請填寫離職日期（或異動別與異動日期）後重新上傳；若仍在職，請更正在職狀況。',
      en: 'Have the date added if the person left, or 在職狀況 corrected.',
    },
  },
  'service-state-contradicts': {
    zh: '在職狀況是{state}，離職原因或異動別卻是{reason}；以後者為準。',
    en: '在職狀況 says {state}, the reason of leaving or 異動別 {reason}; the latter counts.',
    many: {
      zh: '在職狀況與離職原因或異動別不同；以後者為準。',
      en: '在職狀況 and the reason of leaving or 異動別 differ; the latter counts.',
    },
    todo: { zh: '請確認原因，更正後重新上傳。', en: 'Ask which is right.' },
  },
  'service-state-unreadable': {
    zh: '在職狀況應為在職、調出、退休、代課期滿或資遣（或代碼 0 至 4），已略過此欄。',
    en: 'Not a known 在職狀況 (or code 0 to 4); the value was dropped.',
    todo: { zh: '請更正在職狀況。', en: 'Have the value corrected.' },
  },
  'end-date-unreadable': {
    zh: '離園（離職）日期無法辨識或不合理，此筆未採用。',
    en: 'The leaving date cannot be read or is not plausible; the record is quarantined.',
    todo: { zh: '請更正日期。', en: 'Have the date corrected.' },
  },
  'end-reason-missing': {
    zh: '有離園（離職）日期但沒有原因。',
    en: 'A leaving date without a reason.',
    todo: { zh: '請補上離職、轉園或退休。', en: 'Have the reason added.' },
  },
  'end-reason-unknown': {
    zh: '原因應為離職、轉校（轉園）、退休或代理期滿，此筆未採用。',
    en: 'Not a known reason of leaving; the record is quarantined.',
    todo: { zh: '請更正原因。', en: 'Have the reason corrected.' },
  },
  'dates-out-of-order': {
    zh: '結束日 {end} 早於開始日 {start}，此列未採用。',
    en: 'The end {end} is before the start {start}; the row is quarantined.',
    todo: { zh: '請更正日期後重新上傳。', en: 'Have the dates corrected.' },
  },
  'review-unknown': {
    zh: '審核狀態應為核定、異動待審或退件，此筆未採用。',
    en: 'Not a known review state; the record is quarantined and not taken for approved.',
  },
  'account-name-missing': {
    zh: '沒有帳號，此列未採用。',
    en: 'No account name; the row is quarantined.',
    todo: { zh: '請填寫帳號後重新上傳。', en: 'Have the account name added.' },
  },
  'id-in-other-column': {
    zh: '此欄裡有身分證字號，欄位可能錯位；身分證字號已遮罩或移除，姓名欄有者整列未採用。',
    en: 'A personal identifier stands in another column; it was masked or dropped, and a row with one in its name is quarantined (I8).',
    todo: {
      zh: '請檢查該列是否錯位（例如地址裡的逗號），更正後重新上傳。',
      en: 'Have the row checked for shifted cells (a comma inside an address), corrected and sent again.',
    },
  },
  'account-name-is-identifier': {
    zh: '帳號名稱就是（或含有）身分證字號，屬個人資料，已遮罩後採用。',
    en: 'The account name is (or holds) a personal identifier; the account is kept, its name masked (I8).',
    todo: {
      zh: '請改用不含身分證字號的新帳號，由本人申請、總負責人開通（R20）。',
      en: 'The school moves to an account whose name holds no identifier; the holder applies (R20).',
    },
  },
  'account-name-too-long': {
    zh: '帳號超過 {longest} 個字，此列未採用；欄位可能錯位。',
    en: 'The account name is longer than {longest} characters; the row is quarantined.',
    todo: { zh: '請檢查帳號欄。', en: 'Have the column checked.' },
  },
  'account-kind-missing': {
    zh: '沒有帳號類別，此列未採用。',
    en: 'No account kind; the row is quarantined.',
    todo: { zh: '請填寫帳號類別（如 總負責人）。', en: 'Have the kind added.' },
  },
  'account-state-unknown': {
    zh: '帳號狀態應為申請中、啟用、停用或刪除，此列未採用。',
    en: 'Not a known account state; the row is quarantined.',
    todo: { zh: '請更正狀態後重新上傳。', en: 'Have the state corrected.' },
  },
  'course-code-unreadable': {
    zh: '課程代碼空白、過長或不是代碼，此列未採用；欄位可能錯位。',
    en: 'No course code, or none that could be one; the row is quarantined.',
    todo: { zh: '請檢查課程代碼欄後重新上傳。', en: 'Have the column checked; cells may have shifted.' },
  },
  'course-state-missing': {
    zh: '沒有處理狀態，此列未採用。',
    en: 'No state of processing; the row is quarantined.',
    todo: { zh: '請填寫處理狀態（如 名單確認通過）。', en: 'Have the state added.' },
  },
  'course-state-unknown': {
    zh: '處理狀態不在已知的狀態中，已照原文保留，視為尚未名單確認通過。',
    en: 'Not a known state of processing; kept as received, and never taken for 名單確認通過 (R21).',
    todo: { zh: '請確認狀態名稱。', en: 'Correct it, or add it to the states of the source.' },
  },
  'institution-name-missing': {
    zh: '沒有機構名稱，此列未採用。',
    en: 'No institution name; the row is quarantined.',
  },
  'institution-name-damaged': {
    zh: '機構名稱有遺失的字（?），不會自動比對。',
    en: 'A character of the name was lost; it is never matched on as if whole.',
    todo: { zh: '請於對照審查中確認是哪一所。', en: 'Decide in the crosswalk review.' },
  },
  'ownership-inferred': {
    zh: '公私立別由名稱判斷為{ownership}。',
    en: 'Ownership was read from the name: {ownership}.',
    many: { zh: '沒有公私立別，由名稱判斷。', en: 'Ownership was not given and was read from the name.' },
    todo: { zh: '請確認。', en: 'Confirm it.' },
  },
  'ownership-unknown': {
    zh: '公私立別應為公立、私立、非營利或國立，此列未採用。',
    en: 'Ownership is not known; the row is quarantined.',
    todo: { zh: '請更正公私立別。', en: 'Correct the ownership.' },
  },
  'legal-class-unknown': {
    zh: '法定類別不在對照表中，已略過此欄。',
    en: 'Not a known legal class; the value was dropped.',
    todo: { zh: '請更正法定類別。', en: 'Correct the legal class.' },
  },
  'quasi-public-unreadable': {
    zh: '準公共應為是或否，已視為否。',
    en: 'Not yes or no; taken as not quasi-public.',
  },
  'institution-status-unknown': {
    zh: '營業狀態應為營業中或停辦，此列未採用。',
    en: 'Not a known status; the row is quarantined.',
  },
  'district-unknown': {
    zh: '無法辨識行政區。',
    en: 'The district cannot be read.',
    todo: { zh: '請填寫如「大雅區」。', en: 'Correct the district.' },
  },
  'parent-code-unreadable': {
    zh: '所屬學校代碼應為 6 碼，已略過此欄。',
    en: 'The parent school code cannot be read; the value was dropped.',
    todo: { zh: '請更正所屬學校代碼。', en: 'Correct the parent school code.' },
  },
  'drift-unknown-column': {
    zh: '資料多了約定以外的欄位「{field}」，依設定未採用。',
    en: 'The row has the field "{field}", which was not agreed; the contract of the source keeps it out.',
    todo: { zh: '請系統管理人員確認新欄位後接受，或請對方移除。', en: 'Accept the new field, or have it removed.' },
  },
  'drift-missing-column': {
    zh: '資料少了先前有的欄位「{field}」，依設定未採用。',
    en: 'The field "{field}", which was there before, is gone; the contract of the source keeps the rows out.',
    todo: { zh: '請補回該欄，或由系統管理人員確認後接受。', en: 'Have the field restored, or accept its absence.' },
  },
  'drift-new-value': {
    zh: '出現約定以外的值「{found}」，依設定未採用。',
    en: 'The value "{found}" was not agreed; the contract of the source keeps the row out.',
    todo: { zh: '請更正，或由系統管理人員確認後接受。', en: 'Have it corrected, or accept the value.' },
  },
  'drift-wrong-type': {
    zh: '欄位「{field}」的資料型別與約定不同（收到 {found}），未採用。',
    en: 'The type of "{field}" is not as agreed ({found} came); the contract of the source keeps the row out.',
    todo: { zh: '請通知資料提供單位。', en: 'Tell the operators of the feed.' },
  },
  'key-conflict': {
    zh: '同一份資料中同一人（帳號、課程）出現兩次且內容不同，兩列均未採用。',
    en: 'The same person (account, course) stands twice in one delivery with different content; both rows are quarantined.',
    todo: { zh: '請確認正確的一列，刪除另一列後重新上傳。', en: 'Ask which row is right and have the other removed.' },
  },
} as const satisfies Record<string, Message>;

/** Codes that the normaliser may raise: a code without a message does not compile. */
export type RowIssueCode = keyof typeof ROW_MESSAGES;
