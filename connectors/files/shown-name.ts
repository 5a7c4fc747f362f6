/** Text of a file (its name, a title of a column) without what looks like an identifier (I8). */
export const withoutIdentifiers = (text: string): string =>
  text.normalize('NFKC').replaceAll(/[A-Za-z][A-Da-d12489]\d{8}/g, '＊');

/** A file's name as errors, notes and pages show it: without what looks like an identifier (I8), control characters or a long tail. */
export function shownName(path: string): string {
  const inside = path.indexOf('//');
  if (inside !== -1) return `${shownName(path.slice(0, inside))} > ${shownName(path.slice(inside + 2))}`;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const safe = withoutIdentifiers(name).replaceAll(/\p{C}/gu, '');
  return safe.length > 80 ? `${safe.slice(0, 60)}…${safe.slice(-15)}` : safe;
}
