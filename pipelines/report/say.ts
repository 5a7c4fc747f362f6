import { message, messageCodes, messageOfMany } from '../../schemas/messages/catalogue.ts';

type Params = Record<string, string | number>;
interface Said {
  zh: string;
  en: string;
}

const CODES: ReadonlySet<string> = new Set(messageCodes());

/** Whoever reads a report is not shown the name of a place: what an older version did not keep stands as a gap. */
const GAP = '…';

/**
 * The catalogue's text in both languages. A run of an older version may carry a code that has since gone: the report of that run still has to be
 * readable, so the code stands for itself.
 */
export function say(code: string, params: Params): Said {
  if (!CODES.has(code)) return { zh: code, en: code };
  return { zh: message(code, params, 'zh', GAP), en: message(code, params, 'en', GAP) };
}

/** Like `say`, of many rows that are counted and not kept one by one. */
export function sayOfMany(code: string): Said {
  if (!CODES.has(code)) return { zh: code, en: code };
  return { zh: messageOfMany(code, 'zh', GAP), en: messageOfMany(code, 'en', GAP) };
}
