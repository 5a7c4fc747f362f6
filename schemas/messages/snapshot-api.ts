import type { Message } from './catalogue.ts';

/** What a consumer of the snapshot API is told when it gets no answer. */
export const SNAPSHOT_API_MESSAGES = {
  'api-token-needed': {
    zh: '須以存取權杖取用。',
    en: 'It takes a token.',
    todo: {
      zh: '請在 Authorization 標頭以 Bearer 附上權杖；權杖不得放在網址。',
      en: 'Send it in the Authorization header, as Bearer; never in the address.',
    },
  },
  'api-token-not-accepted': {
    zh: '存取權杖不被接受。',
    en: 'The token is not accepted.',
    todo: {
      zh: '權杖可能有誤、已到期或已撤銷；請洽教育局系統維運人員換發。',
      en: 'It may be wrong, expired or revoked; ask the ops of the bureau for another one.',
    },
  },
  'api-not-for-token': {
    zh: '這個存取權杖不能取用這一類資料。',
    en: 'The token does not open this kind of data.',
    todo: {
      zh: '如確有需要，請洽教育局系統維運人員。',
      en: 'Ask the ops of the bureau if you need it.',
    },
  },
  'api-not-found': {
    zh: '找不到這項資料。',
    en: 'There is no such thing.',
    todo: {
      zh: '請由快照清單（/api/v1/snapshots）取得網址。',
      en: 'Take addresses from the list of snapshots (/api/v1/snapshots).',
    },
  },
  'api-request-invalid': {
    zh: '請求的內容不符規格。',
    en: 'The request is not as specified.',
    todo: {
      zh: '請對照 errors 與 /api/v1/openapi.json。',
      en: 'Compare errors and /api/v1/openapi.json.',
    },
  },
  'api-other-snapshot': {
    zh: '回條的 fingerprint 不是這個快照的。',
    en: 'The fingerprint of the receipt is not that of this snapshot.',
    todo: {
      zh: '請重新取得資訊清單（manifest），核對實際匯入的是哪一個快照。',
      en: 'Fetch the manifest again and see which snapshot was imported.',
    },
  },
  'api-no-delta': {
    zh: '這兩個快照無法以差異更新。',
    en: 'There is no delta between these two snapshots.',
    todo: {
      zh: '請整份匯入較新的快照。',
      en: 'Import the newer one whole.',
    },
  },
  'api-shredded': {
    zh: '這個快照的資料已依保存期限銷毀，無法再取得；資訊清單與雜湊值仍保留。',
    en: 'The rows of this snapshot were destroyed at the end of its purpose and cannot be had again; its manifest and hashes stay.',
  },
  'api-too-large': {
    zh: '請求的內容過大。',
    en: 'The body of the request is too large.',
  },
  'api-media-type': {
    zh: '請求的內容須為 JSON（Content-Type: application/json）。',
    en: 'The body of the request must be JSON (Content-Type: application/json).',
  },
  'api-range': {
    zh: '所要的範圍超出檔案，檔案長 {bytes} 位元組。',
    en: 'The range lies beyond the file, which has {bytes} bytes.',
  },
  'api-too-many': {
    zh: '請求過於頻繁。',
    en: 'Too many requests.',
    todo: {
      zh: '請於 {seconds} 秒後再試（Retry-After）。',
      en: 'Try again in {seconds} s (Retry-After).',
    },
  },
  'api-broken': {
    zh: '系統發生錯誤，這次沒有回應。',
    en: 'Something broke, and there is no answer this time.',
    todo: {
      zh: '請稍後再試；若持續發生，請依聯絡方式告知。',
      en: 'Try again later; if it stays so, tell the contacts.',
    },
  },
} as const satisfies Record<string, Message>;
