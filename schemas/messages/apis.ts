import type { Message } from './catalogue.ts';

const SERVER = {
  zh: '請通知該系統的管理單位；本次沿用前一版資料。',
  en: 'Tell the operators of that system; the previous picture stands.',
};
const SETTINGS = { zh: '請系統管理人員檢查來源設定。', en: 'Check the configuration of this source.' };

/** What can be wrong with the API of a school system. `zh` speaks to the bureau. */
const APIS = {
  'api-unreachable': {
    zh: '無法連線到來源「{source}」的 {host}（{path}：{reason}）。',
    en: 'Source "{source}": cannot reach {host} for {path}: {reason}.',
    todo: SERVER,
  },
  'api-timeout': {
    zh: '來源「{source}」的 {path} 在 {seconds} 秒內沒有回應完畢。',
    en: 'Source "{source}": {path} did not answer within {seconds} s.',
    todo: SERVER,
  },
  'api-school-timeout': {
    zh: '來源「{source}」在 {seconds} 秒內（含等待與重試）沒有回應完畢。',
    en: 'Source "{source}" did not answer within {seconds} s, pauses and tries included.',
    todo: SERVER,
  },
  'api-host-silent': {
    zh: '來源「{source}」未詢問：同一主機 {host} 已連續 {schools} 校連不上或沒有回應，本次不再逐校等待。',
    en: 'Source "{source}" was passed over: {schools} schools of {host} in a row had no answer, so the others are not waited for.',
    todo: SERVER,
  },
  'api-response-too-large': {
    zh: '來源「{source}」的 {path} 回應超過 {limit} 位元組。',
    en: 'Source "{source}": the answer of {path} is over {limit} bytes.',
    todo: { zh: '請系統管理人員檢查來源，或調高上限。', en: 'Is it what it should be? Else raise maxResponseBytes.' },
  },
  'api-status': {
    zh: '來源「{source}」的 {path} 回應狀態 {status}（預期 200）。',
    en: 'Source "{source}": {path} answered status {status}, expected 200.',
    todo: SERVER,
  },
  'api-busy': {
    zh: '來源「{source}」的 {path} 要求等待 {seconds} 秒，超過上限 {limit} 秒。',
    en: 'Source "{source}": {path} asks for a wait of {seconds} s, over the ceiling of {limit} s.',
    todo: SERVER,
  },
  'api-redirect': {
    zh: '來源「{source}」的 {path} 要求轉址（狀態 {status}），基於安全不跟隨。',
    en: 'Source "{source}": {path} redirects (status {status}), which is not followed.',
    todo: SETTINGS,
  },
  'api-credentials': {
    zh: '來源「{source}」拒絕帳號「{clientId}」的憑證（狀態 {status}）。',
    en: 'Source "{source}": the credentials of client "{clientId}" were refused (status {status}).',
    todo: SETTINGS,
  },
  'api-unauthorised': {
    zh: '來源「{source}」的 {path} 不接受剛取得的授權（帳號「{clientId}」）。',
    en: 'Source "{source}": {path} refuses a fresh token of client "{clientId}".',
    todo: SETTINGS,
  },
  'api-not-json': {
    zh: '來源「{source}」的 {path} 回應的不是資料而是 {contentType}（預期 JSON，可能是登入或維護頁面）。',
    en: 'Source "{source}": {path} answered {contentType}, expected JSON; perhaps a login or maintenance page.',
    todo: SERVER,
  },
  'api-json-broken': {
    zh: '來源「{source}」的「{page}」內容不完整或不是正確的 JSON（收到 {bytes} 位元組）。',
    en: 'Source "{source}": "{page}" is not valid JSON or was cut off ({bytes} bytes received).',
    todo: SERVER,
  },
  'api-json-duplicate-key': {
    zh: '來源「{source}」的「{page}」在同一筆資料有兩個「{what}」。',
    en: 'Source "{source}": "{page}" gives the key "{what}" twice in one object.',
    todo: SERVER,
  },
  'api-json-big-number': {
    zh: '來源「{source}」的「{page}」有超出可精確表示範圍的數字。',
    en: 'Source "{source}": "{page}" holds a number that cannot be kept exactly (beyond 2^53).',
    todo: SERVER,
  },
  'api-shape': {
    zh: '來源「{source}」的「{page}」欄位「{field}」不符合約定：{problem}。',
    en: 'Source "{source}": "{page}", field "{field}" is not as agreed: {problem}.',
    todo: SERVER,
  },
  'api-total': {
    zh: '來源「{source}」的「{what}」筆數不符：讀到 {count} 筆，應有 {total} 筆。',
    en: 'Source "{source}": {count} of "{what}" read, the source says {total}.',
    todo: SERVER,
  },
  'api-empty': {
    zh: '來源「{source}」的「{what}」沒有任何資料，視為來源異常。',
    en: 'Source "{source}": "{what}" is empty, which is taken for an outage.',
    todo: SERVER,
  },
  'oneroster-total-missing': {
    zh: '來源「{source}」的「{what}」沒有說明總筆數（X-Total-Count）或下一頁（Link），無法證明讀完。',
    en: 'Source "{source}": "{what}" says neither its total (X-Total-Count) nor its next page (Link), so nothing proves that it is whole.',
    todo: SERVER,
  },
  'oneroster-page-repeated': {
    zh: '來源「{source}」的「{what}」在讀取期間變動，同一筆出現兩次（讀到 {count}／{total} 筆），重讀後仍然如此。',
    en: 'Source "{source}": an item of "{what}" came twice after {count} of {total}, on every attempt; the list moved.',
    todo: SERVER,
  },
  'oneroster-page-empty': {
    zh: '來源「{source}」的「{what}」中途沒有資料（讀到 {count}／{total} 筆）。',
    en: 'Source "{source}": an empty page of "{what}" before the end, after {count} of {total}.',
    todo: SERVER,
  },
  'oneroster-walk-timeout': {
    zh: '來源「{source}」的資料在 {seconds} 秒內沒有讀取完畢。',
    en: 'Source "{source}": the page walk did not end within {seconds} s.',
    todo: SERVER,
  },
  'api-moment-ahead': {
    zh: '來源「{source}」的資料時點 {asOf} 晚於現在（{now}）一天以上，未採用。',
    en: 'Source "{source}" speaks of {asOf}, more than a day after {now}; it was not taken.',
    todo: {
      zh: '請該系統的管理單位檢查主機時間；採用後會使以後的資料被當成舊資料。',
      en: 'Have the clock of that server checked: once taken, every later picture would count as older.',
    },
  },
} as const satisfies Record<string, Message>;

const EXPORT = {
  zh: '請該系統重新匯出整個 OneRoster 檔案組後再送。',
  en: 'Ask for a new export of the whole bundle.',
};

/** What can be wrong with a OneRoster bundle as a whole. */
const BUNDLES = {
  'oneroster-manifest-missing': {
    zh: 'OneRoster 檔案組「{file}」沒有 manifest.csv，無法得知是否完整。',
    en: 'Bundle "{file}" has no manifest.csv, so nothing proves that it is whole.',
    todo: EXPORT,
  },
  'oneroster-manifest-broken': {
    zh: 'OneRoster 檔案組「{file}」的 manifest.csv 中「{property}」是「{value}」，無法採用。',
    en: 'Bundle "{file}": property "{property}" of manifest.csv is "{value}".',
    todo: {
      zh: '版本應為 1.1 或 1.2，檔案應為 bulk、delta 或 absent。',
      en: 'Expected version 1.1 or 1.2, and bulk, delta or absent for a file.',
    },
  },
  'oneroster-manifest-contradicts': {
    zh: 'OneRoster 檔案組「{file}」有 {table}.csv，但 manifest.csv 說沒有。',
    en: 'Bundle "{file}" holds {table}.csv, of which its manifest says that it is not there.',
    todo: EXPORT,
  },
  'oneroster-file-missing': {
    zh: 'OneRoster 檔案組「{file}」缺少 {table}.csv（manifest.csv：{mode}）。',
    en: 'Bundle "{file}" lacks {table}.csv (its manifest says {mode}).',
    todo: EXPORT,
  },
  'oneroster-entry-name': {
    zh: 'OneRoster 檔案組「{file}」內有指向其他資料夾的檔名，基於安全不予讀取。',
    en: 'Bundle "{file}" holds a name that points out of it; it is not read.',
    todo: { zh: '請系統管理人員查明檔案來源。', en: 'Treat it as an attack until explained.' },
  },
  'oneroster-column-missing': {
    zh: 'OneRoster 檔案組「{file}」的 {table}.csv 缺少欄位「{column}」。',
    en: 'Bundle "{file}": {table}.csv lacks the column "{column}".',
    todo: EXPORT,
  },
  'oneroster-column-twice': {
    zh: 'OneRoster 檔案組「{file}」的 {table}.csv 有兩個「{column}」欄。',
    en: 'Bundle "{file}": {table}.csv has the column "{column}" twice.',
    todo: EXPORT,
  },
} as const satisfies Record<string, Message>;

/** A person of OneRoster that was not taken. */
const PEOPLE = {
  'oneroster-id-missing': {
    zh: '這筆人員沒有 sourcedId，無法逐日辨認。',
    en: 'The person has no sourcedId, so cannot be told from night to night.',
    todo: { zh: '請該系統補上 sourcedId。', en: 'Ask for one.' },
  },
  'oneroster-org-unknown': {
    zh: '人員所屬單位「{org}」不在 orgs 資料中。',
    en: 'The organisation "{org}" of the person is not among orgs.',
    todo: { zh: '請該系統連同所屬學校一併匯出。', en: 'Ask for an export that holds it.' },
  },
  'oneroster-org-without-code': {
    zh: '人員所屬學校的 identifier 是「{identifier}」，不是 6 碼學校代碼。',
    en: 'The identifier of the person\'s school is "{identifier}", not a school code of 6 characters.',
    todo: { zh: '請該系統在 orgs 的 identifier 填學校代碼。', en: 'Ask for the code in orgs.identifier.' },
  },
  'oneroster-school-not-allowed': {
    zh: '這份資料不得代表學校 {code}，此人未採用。',
    en: 'This source may not speak for school {code}; the person was not taken.',
    todo: { zh: '確認後請系統管理人員將該校加入設定。', en: 'If it may, add the code to "schools" of the source.' },
  },
  'oneroster-to-be-deleted': {
    zh: '來源系統要刪除此人，但沒有說明是離職、轉校或退休，名冊不變。',
    en: 'The source wants the person deleted and gives no reason of leaving; the roster stands (R09).',
    todo: { zh: '請學校說明異動原因（離職、轉校、退休）。', en: 'Ask the school which it is.' },
  },
  'oneroster-role-ended': {
    zh: '來源系統說此人在該校的職務已於 {end} 結束，但沒有說明是離職、轉校或退休，名冊不變。',
    en: 'The source says that the role ended on {end} and gives no reason of leaving; the roster stands (R09).',
    todo: { zh: '請學校說明異動原因（離職、轉校、退休）。', en: 'Ask the school which it is.' },
  },
  'oneroster-user-missing': {
    zh: '有職務資料（roles）但沒有這個人的資料（users）。',
    en: 'There is a role, but nobody of that id among users.',
    todo: { zh: '請該系統連同 users 一併匯出。', en: 'Ask for an export that holds the person too.' },
  },
} as const satisfies Record<string, Message>;

export const API_MESSAGES = { ...APIS, ...BUNDLES, ...PEOPLE } as const satisfies Record<string, Message>;
