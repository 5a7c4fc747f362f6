import type { Message } from './catalogue.ts';

/** Why a run cannot be undone. */
export const REVERT_MESSAGES = {
  'revert-running': {
    zh: '第 {run} 次執行尚未結束。',
    en: 'Run {run} has not ended yet.',
    todo: { zh: '請待其結束後再撤銷。', en: 'Wait until it has ended.' },
  },
  'revert-not-applied': {
    zh: '第 {run} 次執行沒有寫入名冊（試算或失敗），沒有可撤銷的異動。',
    en: 'Run {run} wrote nothing (a dry run, or one that failed): there is nothing to undo.',
  },
  'revert-nothing': {
    zh: '第 {run} 次執行沒有任何異動，沒有可撤銷的內容。',
    en: 'Run {run} changed nothing: there is nothing to undo.',
  },
  'revert-forgotten': {
    zh: '第 {run} 次執行之前的紀錄已逾保存期限刪除（保存自 {horizon}），無法撤銷。',
    en: 'What stood before run {run} is past its retention and was deleted (kept since {horizon}): it cannot be undone.',
    todo: {
      zh: '請由學校（園）送出正確的資料，或以人工指定更正（mingce values set）。',
      en: 'Have the source send what is right, or set the value by hand ("mingce values set").',
    },
  },
  'revert-already': {
    zh: '第 {run} 次執行的異動已由第 {by} 次執行撤銷。',
    en: 'What run {run} changed was undone by run {by} already.',
    todo: {
      zh: '若要恢復那些異動，請撤銷第 {by} 次執行；其中暫停待核定的部分請見「mingce holds」。',
      en: 'To have those changes back, revert run {by}; what of it is held stands in "mingce holds".',
    },
  },
  'revert-already-undone': {
    zh: '第 {run} 次執行的異動曾由第 {by} 次執行撤銷，該撤銷又已撤銷；目前的狀態出自第 {last} 次執行。',
    en: 'What run {run} changed was undone by run {by}, and that was undone in turn: what stands now is of run {last}.',
    todo: { zh: '若要再次撤銷，請撤銷第 {last} 次執行。', en: 'To undo it once more, revert run {last}.' },
  },
} as const satisfies Record<string, Message>;
