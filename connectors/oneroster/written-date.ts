const SLASHED = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T ].*)?$/;

export type DateOrder = 'month-first' | 'day-first';

/**
 * The day of `1/05/2023` as ISO, where its meaning is clear: the configuration says the order, or one number can be no month. Any other text is
 * given back as it came; the normaliser reads it, or warns that it cannot.
 */
export function clearDate(text: string, order: DateOrder | undefined): string {
  const [, first, second, year] = SLASHED.exec(text.trim()) ?? [];
  if (year === undefined) return text;
  const [a, b] = [Number(first), Number(second)];
  const monthFirst =
    order === undefined ? (b > 12 ? true : a > 12 ? false : a === b ? true : null) : order === 'month-first';
  if (monthFirst === null) return text;
  const [month, day] = monthFirst ? [a, b] : [b, a];
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
