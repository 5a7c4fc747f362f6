/** Text that PostgreSQL can keep: without NUL, a lone surrogate as U+FFFD. What a source sends may hold both, also in the titles of its columns. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

/** JSON for a `jsonb` column; texts and names inside are made storable. */
export const storableJson = (value: object): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'string') return storableText(inner);
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    if (Object.keys(inner).every(isStorable)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, own]) => [storableText(name), own]));
  });

/** Whether it can be kept as it is. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');
