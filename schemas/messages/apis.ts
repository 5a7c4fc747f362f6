import type { Message } from './catalogue.ts';

const SERVER = {
  zh: '請通知該系統的管理單位；本次沿用前一版資料。',
  en: 'Tell the operators of that system; the previous picture stands.',
};
const SETTINGS = { zh: '請系統管理人員檢查來源設定。', en: 'Check the configuration of this source.' };

/** What can be wrong with the API of a school system. `zh` speaks to the bureau. */
export const API_MESSAGES = {
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
  'api-moment-ahead': {
    zh: '來源「{source}」的資料時點 {asOf} 晚於現在（{now}）一天以上，未採用。',
    en: 'Source "{source}" speaks of {asOf}, more than a day after {now}; it was not taken.',
    todo: {
      zh: '請該系統的管理單位檢查主機時間；採用後會使以後的資料被當成舊資料。',
      en: 'Have the clock of that server checked: once taken, every later picture would count as older.',
    },
  },
} as const satisfies Record<string, Message>;
