/** Text that PostgreSQL can keep: without NUL, a lone surrogate as U+FFFD. What a source sends may hold both, also in the titles of its columns. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

/** JSON for a `jsonb` column; texts inside are made storable. */
export const storableJson = (value: object): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? storableText(inner) : inner));

/** Whether it can be kept as it is. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');
