/** A file's name as errors, notes and pages show it: without what looks like an identifier (I8), control characters or a long tail. */
export const shownName = (path: string): string => shownTitle(path.slice(path.lastIndexOf('/') + 1));

/** A column's title, which is typed by a person too. */
export function shownTitle(title: string): string {
  const safe = title
    .normalize('NFKC')
    .replaceAll(/[A-Za-z][A-Da-d12489]\d{8}/g, '＊')
    .replaceAll(/\p{C}/gu, '');
  return safe.length > 80 ? `${safe.slice(0, 60)}…${safe.slice(-15)}` : safe;
}
