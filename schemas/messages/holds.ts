import type { Message } from './catalogue.ts';

/** Why something is held (`guard-…`), and why a decision about it is refused. */
export const HOLD_MESSAGES = {
  'guard-lost': {
    zh: '在職 {of} 人中有 {count} 人將離開或未列於名冊，超過 {percent}%（且至少 {least} 人）。',
    en: '{count} of {of} people would end or are missing: more than {percent} % and at least {least}.',
  },
  'guard-leaving': {
    zh: '在職 {of} 人中有 {count} 人填報離職、轉校或退休等異動，超過開學前後的上限 {percent}%（且至少 {least} 人）。',
    en: '{count} of {of} people leave with an explicit reason: more than the season’s {percent} % and at least {least}.',
  },
  'guard-changed': {
    zh: '在職 {of} 人中有 {count} 人資料異動，超過 {percent}%（且至少 {least} 人）。',
    en: '{count} of {of} people would change: more than {percent} % and at least {least}.',
  },
  'guard-added': {
    zh: '原有 {of} 人，將新增 {count} 人，超過 {percent}%（且至少 {least} 人）。',
    en: '{count} people would be added to {of}: more than {percent} % and at least {least}.',
  },
  'guard-institutions-added': {
    zh: '全市原有 {of} 所機構，將新增 {count} 所，超過 {percent}%（且至少 {least} 所）。',
    en: '{count} institutions would be added to {of}: more than {percent} % and at least {least}.',
  },
  'guard-institutions-changed': {
    zh: '全市 {of} 所機構中有 {count} 所資料異動，超過 {percent}%（且至少 {least} 所）。',
    en: '{count} of {of} institutions would change: more than {percent} % and at least {least}.',
  },
  'guard-institutions-ended': {
    zh: '全市 {of} 所機構中有 {count} 所將停辦，超過 {percent}%（且至少 {least} 所）。',
    en: '{count} of {of} institutions would close: more than {percent} % and at least {least}.',
  },
  'hold-unknown': {
    zh: '沒有這份暫停的異動：{hash}。',
    en: 'No held plan has the hash {hash}.',
    todo: {
      zh: '請以「mingce holds」查看目前暫停的異動及其雜湊值。',
      en: '"mingce holds" lists what is held, with its hash.',
    },
  },
  'hold-moved': {
    zh: '這份異動已非目前的內容：第 {run} 次執行後，來源資料有變，改為 {next}（多 {added} 筆、少 {removed} 筆）。這份異動未寫入。',
    en: 'This is not what is proposed any more: since run {run} it is {next} ({added} lines more, {removed} fewer). This plan was not applied.',
    todo: { zh: '請重新查看新的內容再決定。', en: 'Look at the new plan ("mingce holds") and decide on that.' },
  },
  'hold-withdrawn': {
    zh: '這份異動已不再提出：第 {run} 次執行時，來源資料已改正或不再超過上限。不需決定。',
    en: 'This is proposed no more: in run {run} the source had put it right, or it was no longer over a limit. There is nothing to decide.',
  },
  'hold-superseded': {
    zh: '這份異動已非目前的內容：第 {run} 次執行後，來源資料有變，改為 {next}（多 {added} 筆、少 {removed} 筆），該份已核定，並於第 {applied} 次執行寫入。這份異動未寫入，不需決定。',
    en: 'This is not what is proposed any more: since run {run} it was {next} ({added} lines more, {removed} fewer), which was approved and applied in run {applied}. This plan was not applied; there is nothing to decide.',
  },
  'hold-approved': {
    zh: '這份異動已由 {by} 核定，不能改為退回。',
    en: 'This plan was approved by {by}: it cannot be discarded any more.',
  },
  'hold-shares-discarded': {
    zh: '這份異動與已退回的另一份（{other}）有共同的人員調動，核定會把退回的部分一併寫入。',
    en: 'This plan shares transfers with one that was discarded ({other}): an approval would carry out part of that too.',
    todo: {
      zh: '請先核定或重新處理那一份。',
      en: 'Decide on that one first: approve it as well, or have the source put it right.',
    },
  },
  'guard-accounts-lost': {
    zh: '原有業務帳號 {of} 個，將刪除 {count} 個，超過 {percent}%（且至少 {least} 個）。',
    en: '{count} of {of} business accounts would be deleted: more than {percent} % and at least {least}.',
  },
  'hold-own-upload': {
    zh: '{by} 就是送件的人，須由另一人核定。',
    en: '{by} handed in what this plan is made of: a second person must decide.',
    todo: { zh: '請由另一位教育局承辦人決定。', en: 'Another person of the bureau decides.' },
  },
  'hold-own-revert': {
    zh: '這份異動是 {by} 要求撤銷的，須由另一人核定。',
    en: '{by} asked for what this plan undoes: a second person must decide.',
    todo: { zh: '請由另一位教育局承辦人決定。', en: 'Another person of the bureau decides.' },
  },
} as const satisfies Record<string, Message>;
