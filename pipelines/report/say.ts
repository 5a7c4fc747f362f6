import { message, messageCodes } from '../../schemas/messages/catalogue.ts';

type Params = Record<string, string | number>;

const CODES: ReadonlySet<string> = new Set(messageCodes());

/**
 * The catalogue's text in both languages. A run of an older version may carry a code that has since gone: the report of that run still has to be
 * readable, so the code stands for itself.
 */
export function say(code: string, params: Params): { zh: string; en: string } {
  if (!CODES.has(code)) return { zh: code, en: code };
  return { zh: message(code, params, 'zh'), en: message(code, params, 'en') };
}
