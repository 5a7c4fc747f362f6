/** What changes the state of the walk, or must be escaped. U+007F to U+009F are allowed raw; escaping them says the same. */
const MARK = /["\\\p{Cc}]/gu;

/**
 * JSON whose strings hold raw control characters (line ends, tabs: forbidden by RFC 8259 §7, written by some school systems) as JSON that says
 * the same. Only characters inside strings change, so nothing else becomes valid by it: a backslash before a raw line end stays the wrong escape
 * that it is. One walk over the text, whatever it holds.
 */
export function escapeControls(text: string): string {
  const parts: string[] = [];
  let inString = false;
  let from = 0;
  MARK.lastIndex = 0;
  for (let found = MARK.exec(text); found !== null; found = MARK.exec(text)) {
    const [mark] = found;
    if (mark === '"') inString = !inString;
    else if (!inString) continue;
    else if (mark === '\\') MARK.lastIndex += 1;
    else {
      parts.push(text.slice(from, found.index), `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
      from = MARK.lastIndex;
    }
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}
