import type { Message } from './catalogue.ts';

/** What ops are told of consumers and their tokens. */
export const CONSUMER_MESSAGES = {
  'consumer-name-unfit': {
    zh: '這個名稱不能用：須為 2 至 40 個字元，以小寫英文字母開頭，其後為小寫英文字母、數字或連字號，不得為身分證字號，例如 planning-teacher。',
    en: 'That name cannot be used: expected 2 to 40 characters, a small Latin letter, then small letters, digits or hyphens, and no personal identifier, e.g. planning-teacher.',
  },
  'consumer-unknown': {
    zh: '沒有這個取用系統；consumers list 列出全部。',
    en: 'There is no such consumer; "mingce consumers list" shows all.',
  },
  'token-expiry': {
    zh: '到期日 {day} 不能用：須為今日起 {days} 日內的日期，該日仍有效。',
    en: 'The day {day} cannot be used: expected a day from today on, at most {days} days ahead; the token counts through it.',
  },
  'token-unknown': {
    zh: '沒有編號 {token} 的存取權杖；tokens list 列出全部。',
    en: 'There is no token {token}; "mingce tokens list" shows all.',
  },
  'token-revoked-already': {
    zh: '編號 {token} 的存取權杖已撤銷。',
    en: 'The token {token} is revoked already.',
  },
} as const satisfies Record<string, Message>;
