/** The one message catalogue: every text that the bureau, a school or ops reads, by code, in both languages. */
import { API_MESSAGES } from './apis.ts';
import { EXCEPTION_MESSAGES } from './exceptions.ts';
import { RECEIPT_MESSAGES } from './receipts.ts';
import { ROW_MESSAGES } from './rows.ts';
import { RUN_MESSAGES } from './runs.ts';
import { SOURCE_MESSAGES } from './sources.ts';

/** Texts with `{name}` places. `zh` speaks to the bureau and schools, `en` to ops; `todo` says what to do next. */
export interface Message {
  zh: string;
  en: string;
  todo?: { zh: string; en: string };
}
export type Language = 'zh' | 'en';

const CATALOGUE: Readonly<Record<string, Message>> = {
  ...SOURCE_MESSAGES,
  ...API_MESSAGES,
  ...ROW_MESSAGES,
  ...EXCEPTION_MESSAGES,
  ...RECEIPT_MESSAGES,
  ...RUN_MESSAGES,
};

const fill = (text: string, params: Record<string, string | number>): string =>
  text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(params[name] ?? place));

/** @throws Error for a code that the catalogue lacks: a programming error, found by the test that walks all codes. */
export function message(code: string, params: Record<string, string | number>, language: Language): string {
  const entry = CATALOGUE[code];
  if (!entry) throw new Error(`message catalogue has no entry "${code}"`);
  const todo = entry.todo ? ` ${entry.todo[language]}` : '';
  return fill(entry[language] + todo, params);
}

export const messageCodes = (): string[] => Object.keys(CATALOGUE);
