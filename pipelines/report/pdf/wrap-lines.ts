/** Lines of a text in a given width: East Asian text breaks anywhere but before a closing mark, words at spaces, what is longer than a line in its middle. Pure. */
/** What stays together: a word, or a character; with the marks that may not end a line before it, and those that may not begin one behind it (避頭尾). */
const PIECES =
  /\s+|[「『（《【〔(［]*(?:[\u0021-\u007e\u00a1-\u024f\u1e00-\u1eff]+|[^\s「『（《【〔(［])[，。、；：！？）」』》】〕］…%]*|./gu;

/** @param measure width of a text, in the unit of `width` */
export function wrapLines(text: string, width: number, measure: (text: string) => number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width, measure));
}

function wrapParagraph(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  let length = 0;
  const end = (): void => {
    lines.push(line.trimEnd());
    line = '';
    length = 0;
  };
  const put = (piece: string, room: number): void => {
    line += piece;
    length += room;
  };
  for (const piece of text.match(PIECES) ?? []) {
    const room = measure(piece);
    if (length + room > width && line !== '') {
      end();
      if (piece.trim() === '') continue;
    }
    if (room <= width) put(piece, room);
    else
      for (const character of piece) {
        const own = measure(character);
        if (length + own > width && line !== '') end();
        put(character, own);
      }
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}
