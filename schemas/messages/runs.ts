import type { Message } from './catalogue.ts';

/** Why a stage of a run broke, where that can be told. `zh` has no places: it stands beside the English text that says the detail. */
export const RUN_MESSAGES = {
  'receipts-owed': {
    zh: '有回條無法產生，其他回條都已產生。',
    en: 'Receipts that could not be made: {count}, that of {first} first; all others were given.',
    todo: { zh: '請系統維運人員查看系統紀錄。', en: 'Ops: the log says why.' },
  },
  'document-malformed': {
    zh: '系統產生的文件不符合自己的格式，是程式的錯誤。',
    en: 'A document that Mingce made is not as its own schema says: a fault of the program.',
    todo: {
      zh: '請系統維運人員查看系統紀錄，並通知開發者。',
      en: 'Ops: the log has the detail; the developers need it.',
    },
  },
} as const satisfies Record<string, Message>;
