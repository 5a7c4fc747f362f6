import type { Message } from './catalogue.ts';

/** Why a value cannot be set by hand, or ended. */
export const VALUE_MESSAGES = {
  'value-field-unknown': {
    zh: '欄位「{field}」不能以人工指定；可指定的欄位：{fields}。服務單位由新單位登錄（R08）或教保資訊網（R11）決定，證號與帳號狀態亦不得人工指定。',
    en: 'The field "{field}" cannot be set by hand; expected one of {fields}. Who somebody’s unit is, is said by registration (R08) or the care system (R11).',
  },
  'value-unreadable': {
    zh: '這個值不能採用：{why}',
    en: 'The value cannot be taken: {why}',
  },
  'value-missing': {
    zh: '欄位「{field}」必須有值。',
    en: 'The field "{field}" needs a value; it cannot be left empty.',
  },
  'value-sensitive': {
    zh: '這個值含有身分證字號、居留證號或通行碼，不能以人工指定的欄位保存。',
    en: 'The value holds a personal identifier or a credential: none of these fields keeps one.',
  },
  'value-until-past': {
    zh: '有效期限 {until} 早於今天（{today}）。',
    en: 'The last day {until} lies before today ({today}).',
  },
  'value-person-unknown': {
    zh: '沒有這位人員；報告（--format json）列有人員的編號。',
    en: 'There is no such person; ids of people stand in "mingce report --format json".',
  },
  'value-account-unknown': {
    zh: '沒有這個帳號；請以「學校代碼:帳號」指明，例如 064601:lin。',
    en: 'There is no such account, or several sources know it; expected its school’s code and its name, such as 064601:lin.',
  },
  'value-unit-unclear': {
    zh: '職稱與任教科目屬於一個任職單位：請以 --at 指明此人任職的單位代碼（{units}）。',
    en: 'Title and subjects belong to a unit: name one where the person serves with --at ({units}).',
  },
  'value-unknown': {
    zh: '沒有第 {id} 號人工指定；values list 列出全部。',
    en: 'There is no manual value {id}; "mingce values list" shows all.',
  },
  'value-over': {
    zh: '第 {id} 號人工指定已經結束。',
    en: 'The manual value {id} has ended already.',
  },
} as const satisfies Record<string, Message>;

export type ValueErrorCode = keyof typeof VALUE_MESSAGES;
