/**
 * JSON.parse that refuses what it would pass over in silence: a key given twice (one of the two values would be lost) and a number
 * that JavaScript cannot hold (beyond 2^53). The quick way counts: a text with no more places where a key may end than the value has keys holds no key
 * twice. Only a text that counts more (colons in its strings), or a value with a large number, is walked through token by token.
 */
import { shownTitle } from '../files/shown-name.ts';

export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
  readonly problem: 'syntax' | 'duplicate-key' | 'big-number';
  /** The key as it may be shown; empty where the message would quote values. */
  readonly what: string;

  constructor(problem: StrictJsonError['problem'], what: string) {
    super(`${problem} ${what}`.trim());
    this.problem = problem;
    this.what = what;
  }
}

const QUOTE = 0x22;
const SPACE = 0x20;

/** @throws StrictJsonError */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StrictJsonError('syntax', ''); // Without the cause: V8 quotes the text around the error, which may be a person's data.
  }
  const keys = countKeys(value);
  if (keys === null || keyEnds(text) !== keys) checkTokens(text);
  return value;
}

/** Keys of all objects of a JSON value; null when a number of it may have lost something. Without a list of values for each object: pages hold thousands. */
function countKeys(value: unknown): number | null {
  const open: unknown[] = [];
  let keys = 0;
  let exact = true;
  const look = (inside: unknown): void => {
    if (typeof inside === 'object') open.push(inside);
    else if (typeof inside === 'number' && Math.abs(inside) > Number.MAX_SAFE_INTEGER) exact = false;
  };
  look(value);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) {
      for (const inside of next) look(inside);
      continue;
    }
    for (const key in next as Record<string, unknown> | null) {
      keys++;
      look((next as Record<string, unknown>)[key]);
    }
  }
  return exact ? keys : null;
}

/** Colons behind a quotation mark or white space: at least one for each key that the text gives. */
function keyEnds(text: string): number {
  let ends = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before === QUOTE || before <= SPACE) ends++;
  }
  return ends;
}

const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]|-?\d[\d.eE+-]*/g;

/** `text` is known to be valid JSON, so a string with a colon behind it is a key of the innermost object. */
function checkTokens(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (const [token, string, colon] of text.matchAll(TOKEN)) {
    if (string !== undefined) {
      if (colon === undefined) continue;
      const key: string = string.includes('\\') ? JSON.parse(`"${string}"`) : string;
      const keys = open.at(-1)!;
      if (keys!.has(key)) throw new StrictJsonError('duplicate-key', shownTitle(key).slice(0, 40));
      keys!.add(key);
    } else if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else checkNumber(token);
  }
}

function checkNumber(token: string): void {
  const value = Number(token);
  const lost = /^-?\d+$/.test(token) ? !Number.isSafeInteger(value) : !Number.isFinite(value);
  if (lost) throw new StrictJsonError('big-number', '');
}
