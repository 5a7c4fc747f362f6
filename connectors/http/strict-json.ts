/**
 * JSON.parse that refuses what it would pass over in silence: a key given twice (one of the two values would be lost) and a number
 * that JavaScript cannot hold (beyond 2^53). The quick way is native: a text that comes out of JSON.stringify as it went in has neither.
 * Only a text written in another style (spaces, escapes) is walked through token by token.
 */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
  readonly problem: 'syntax' | 'duplicate-key' | 'big-number';
  /** The key, or the digits; empty for a syntax error, whose message would quote the text. */
  readonly what: string;

  constructor(problem: StrictJsonError['problem'], what: string) {
    super(`${problem} ${what}`);
    this.problem = problem;
    this.what = what;
  }
}

/** @throws StrictJsonError */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StrictJsonError('syntax', ''); // Without the cause: V8 quotes the text around the error, which may be a person's data.
  }
  if (JSON.stringify(value) !== text) checkTokens(text);
  return value;
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
      if (keys!.has(key)) throw new StrictJsonError('duplicate-key', key.slice(0, 40));
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
  if (lost) throw new StrictJsonError('big-number', token.slice(0, 40));
}
