/** The one message catalogue: every text that the bureau, a school or ops reads, by code, in both languages. */
import { ACCOUNT_REQUEST_MESSAGES } from './accounts.ts';
import { API_MESSAGES } from './apis.ts';
import { CAMPAIGN_MESSAGES } from './campaigns.ts';
import { CONSUMER_MESSAGES } from './consumers.ts';
import { EXCEPTION_MESSAGES } from './exceptions.ts';
import { HISTORY_MESSAGES } from './history.ts';
import { HOLD_MESSAGES } from './holds.ts';
import { RECEIPT_MESSAGES } from './receipts.ts';
import { REVERT_MESSAGES } from './reverts.ts';
import { REVIEW_MESSAGES } from './review.ts';
import { ROW_MESSAGES } from './rows.ts';
import { RUN_MESSAGES } from './runs.ts';
import { SNAPSHOT_API_MESSAGES } from './snapshot-api.ts';
import { SOURCE_MESSAGES } from './sources.ts';
import { SUPPRESSION_MESSAGES } from './suppressions.ts';
import { USER_MESSAGES } from './users.ts';
import { VALUE_MESSAGES } from './values.ts';

/** Texts with `{name}` places. `zh` speaks to the bureau and schools, `en` to ops; `todo` says what to do next. */
export interface Message {
  zh: string;
  en: string;
  todo?: { zh: string; en: string };
  /** The text without its places, for many rows that are told of at once. */
  many?: { zh: string; en: string };
}
export type Language = 'zh' | 'en';

const CATALOGUE: Readonly<Record<string, Message>> = {
  ...SOURCE_MESSAGES,
  ...API_MESSAGES,
  ...ROW_MESSAGES,
  ...EXCEPTION_MESSAGES,
  ...RECEIPT_MESSAGES,
  ...RUN_MESSAGES,
  ...USER_MESSAGES,
  ...CONSUMER_MESSAGES,
  ...SNAPSHOT_API_MESSAGES,
  ...HOLD_MESSAGES,
  ...ACCOUNT_REQUEST_MESSAGES,
  ...VALUE_MESSAGES,
  ...SUPPRESSION_MESSAGES,
  ...REVIEW_MESSAGES,
  ...REVERT_MESSAGES,
  ...CAMPAIGN_MESSAGES,
  ...HISTORY_MESSAGES,
};

const fill = (text: string, params: Record<string, string | number>, unknown: string | null): string =>
  text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(params[name] ?? unknown ?? place));

function entryOf(code: string): Message {
  const entry = CATALOGUE[code];
  if (!entry) throw new Error(`message catalogue has no entry "${code}"`);
  return entry;
}
const withTodo = ({ todo }: Message, language: Language): string => (todo ? ` ${todo[language]}` : '');

/** What to do; empty for a code that asks for nothing, or is of another version. */
export const todoOf = (code: string, language: Language): string => CATALOGUE[code]?.todo?.[language] ?? '';

/**
 * @param unknown stands for a place that `params` do not name; null leaves the place as it is, for whoever looks for such places
 * @throws Error for a code that the catalogue lacks: a programming error, found by the test that walks all codes.
 */
export function message(
  code: string,
  params: Record<string, string | number>,
  language: Language,
  unknown: string | null = null,
): string {
  const entry = entryOf(code);
  return fill(entry[language] + withTodo(entry, language), params, unknown);
}

/** What is the case, without what to do about it. @throws Error as `message` */
export const statement = (code: string, params: Record<string, string | number>, language: Language): string =>
  fill(entryOf(code)[language], params, null);

/** The text for many rows at once, each of which has its own parameters. @throws Error as `message` */
export function messageOfMany(code: string, language: Language, unknown: string | null = null): string {
  const entry = entryOf(code);
  return fill((entry.many ?? entry)[language] + withTodo(entry, language), {}, unknown);
}

export const messageCodes = (): string[] => Object.keys(CATALOGUE);
