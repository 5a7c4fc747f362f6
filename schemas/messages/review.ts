import type { Message } from './catalogue.ts';

/** Why something cannot be decided, or taken back. */
export const REVIEW_MESSAGES = {
  'review-matter-unknown': {
    zh: '沒有待裁定事項 {id}；review list 列出全部。',
    en: 'Nothing with the id {id} waits for a judgement; "mingce review list" shows all.',
  },
  'review-verdict': {
    zh: '{id} 不能這樣裁定；可裁定為：{verdicts}。',
    en: '{id} cannot be decided so; expected one of: {verdicts}.',
  },
  'review-not-a-party': {
    zh: '機構 {code} 不是這件事的當事單位；可選：{codes}。',
    en: 'The institution {code} is none of those that it is about; expected one of {codes}.',
  },
  'review-taken': {
    zh: '機構 {code} 已對照到名錄中的 {listed}；若有誤，請先撤銷該裁定。',
    en: 'The institution {code} is joined to {listed} of the list already; if that is wrong, undo it first.',
  },
  'review-not-a-kindergarten': {
    zh: '機構 {code} 不是教保資訊網的幼兒園。',
    en: 'The institution {code} is no kindergarten of the care system.',
  },
  'review-judgement-unknown': {
    zh: '沒有第 {number} 號裁定；review list --all 列出全部。',
    en: 'There is no judgement {number}; "mingce review list --all" shows all.',
  },
  'review-person-unknown': {
    zh: '沒有編號 {person} 的人員；編號可見於 report --format json。',
    en: 'There is no person {person}; numbers of people stand in "mingce report --format json".',
  },
  'review-one-already': {
    zh: '兩個編號已是同一人（{person}）。',
    en: 'Both are one person already, {person}.',
  },
  'review-contradicted': {
    zh: '與第 {number} 號裁定（不是同一人）相違；若該裁定有誤，請先撤銷。',
    en: 'It contradicts the judgement {number}, by which they are different; if that is wrong, undo it first.',
  },
  'review-ended': {
    zh: '第 {number} 號裁定已不再有效。',
    en: 'The judgement {number} counts no more.',
  },
} as const satisfies Record<string, Message>;

export type ReviewErrorCode = keyof typeof REVIEW_MESSAGES;
