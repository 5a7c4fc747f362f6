import type { Message } from './catalogue.ts';

/** What is answered to whoever records what 本市教師研習中心 did (R18). */
export const ACCOUNT_REQUEST_MESSAGES = {
  'account-request-unknown': {
    zh: '沒有編號 {number} 的申請；可能已辦妥，或學校已改報。請重新查看清單（mingce accounts requests）。',
    en: 'No request has the number {number}: it may be done, or the school says something else by now. Look at the list again ("mingce accounts requests").',
  },
  'account-request-other': {
    zh: '編號 {number} 現在申請的是「{asked}」，不是「{given}」；未登記。請重新查看清單。',
    en: 'Request {number} asks for {asked} by now, not for {given}; nothing was recorded. Look at the list again.',
  },
  'account-request-changed': {
    zh: '編號 {number} 的學校報送內容（帳號類別、狀態或持有人）已與清單核對碼 {given} 不同；未登記。請於下次執行後重新查看清單，並與研習中心來文核對。',
    en: 'What the file of the school says for request {number} (kind, state or holder) is not what the list showed with digest {given}; nothing was recorded. Look at the list again after the next run, and compare it with what 本市教師研習中心 wrote.',
  },
  'account-request-own-upload': {
    zh: '{by} 是送件者；研習中心的辦理結果須由另一人登記（I6）。',
    en: '{by} hands in the files that ask for it: what the centre did is recorded by another person (I6).',
  },
  'account-request-blocked': {
    zh: '編號 {number} 尚不能辦理，未登記：{why}',
    en: 'Request {number} cannot be done yet, and nothing was recorded: {why}',
  },
} as const satisfies Record<string, Message>;
