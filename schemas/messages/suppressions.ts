import type { Message } from './catalogue.ts';

/** Why a matter cannot be put aside, or taken back. */
export const SUPPRESSION_MESSAGES = {
  'exception-unknown': {
    zh: '沒有第 {id} 號待處理事項；exceptions list 列出全部。',
    en: 'There is no exception {id}; "mingce exceptions list" shows all.',
  },
  'exception-closed': {
    zh: '第 {id} 號待處理事項已經結束，不需處理。',
    en: 'The exception {id} is closed: there is nothing to put aside.',
  },
  'exception-not-suppressed': {
    zh: '第 {id} 號待處理事項並未暫不處理。',
    en: 'The exception {id} is not put aside.',
  },
  'suppress-until-past': {
    zh: '期限 {until} 早於今天（{today}）。',
    en: 'The last day {until} lies before today ({today}).',
  },
} as const satisfies Record<string, Message>;
