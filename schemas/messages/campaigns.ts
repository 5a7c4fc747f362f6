import type { Message } from './catalogue.ts';

/** Why a planning year cannot be used as its file says. */
export const CAMPAIGN_MESSAGES = {
  'campaign-unknown': {
    zh: '設定檔中沒有 {campaign} 年度；現有：{known}。',
    en: 'campaign {campaign}: expected one of those in the configuration ({known}).',
  },
  'campaign-version-unknown': {
    zh: '{campaign} 年度沒有第 {version} 版；目前最新為第 {newest} 版。',
    en: 'campaign {campaign} has no version {version}; the newest is {newest}.',
  },
  'campaign-moved-without-reason': {
    zh: '{campaign} 年度的 {what} 由 {from} 改為 {to}，但年度檔案沒有說明。請在年度檔案的 moved 加一行（what: {what}、from: "{from}"、reason: 事由），或改回原時間。',
    en: 'campaign {campaign}: {what} was {from} and is {to} now, and the file does not say why. Add a line to "moved" of the campaign file (what: {what}, from: "{from}", reason: …), or put the moment back.',
  },
  'campaign-moved-after-snapshot': {
    zh: '{campaign} 年度的基準時間 {from} 已產生快照，不得再改為 {to}。請將 cutOff 改回；確須延後者，由教育局人員核定（mingce campaigns approve {campaign} --reason 事由 --as 使用者），新的快照即為更正版；只更正內容者，請用 mingce snapshot create --campaign {campaign} --kind … --reason 事由 --as 使用者。',
    en: 'campaign {campaign}: a snapshot of the cut-off {from} was taken, so it cannot become {to}. Put cutOff back; where it must move, somebody of the bureau approves that ("mingce campaigns approve {campaign} --reason … --as USER") and the new snapshots are corrections; to correct rows only: "mingce snapshot create --campaign {campaign} --kind … --reason … --as USER".',
  },
  'campaign-nothing-known': {
    zh: '本系統尚未執行過同步，無法與機構清單核對。',
    en: 'Nothing was synchronised here yet, so codes and titles cannot be compared with what is known.',
  },
  'campaign-nothing-to-approve': {
    zh: '{campaign} 年度的檔案與第 {version} 版相同，或其變更不需核定。',
    en: 'campaign {campaign}: the file is as version {version} has it, or what it changes needs no approval.',
  },
} as const satisfies Record<string, Message>;
