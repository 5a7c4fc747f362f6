/** A file's name as errors, notes and pages show it; of a file in an archive both names. */
export function shownName(path: string): string {
  const inside = path.indexOf('//');
  if (inside !== -1) return `${shownName(path.slice(0, inside))} > ${shownName(path.slice(inside + 2))}`;
  return shownTitle(path.slice(path.lastIndexOf('/') + 1));
}

/** What a person typed as a name or a title: without what looks like an identifier (I8), control characters or a long tail. */
export function shownTitle(title: string): string {
  const safe = title
    .normalize('NFKC')
    .replaceAll(/\p{C}/gu, '')
    .replaceAll(/[A-Za-z][A-Da-d12489]\d{8}/g, '＊');
  return safe.length > 80 ? `${safe.slice(0, 60)}…${safe.slice(-15)}` : safe;
}
