import type { Message } from './catalogue.ts';

/** Why what was recorded long ago is not answered any more. */
export const HISTORY_MESSAGES = {
  'history-forgotten': {
    zh: '{asked}：{horizon} 之前的歷次紀錄已逾保存期限刪除，該時點無法還原。請改查該時點或其後的時點。',
    en: '{asked}: history from before {horizon} is past its retention and was deleted, so it cannot be told; expected that moment or a later one.',
  },
  'run-forgotten': {
    zh: '第 {run} 次執行的異動明細已逾保存期限刪除；保留的最早一次為第 {first} 次。',
    en: 'what run {run} changed is past its retention and was deleted; the earliest that is kept is run {first}.',
  },
  'snapshot-forgotten': {
    zh: '{id} 所依據的紀錄已逾保存期限刪除（保存自 {horizon}），無法重建；清單、簽章與雜湊值仍可驗證。',
    en: '{id} cannot be made again: it stands on history from before {horizon}, which is past its retention and was deleted. Its manifest, signature and hashes can still be verified.',
  },
} as const satisfies Record<string, Message>;
