/** An item with one field more. A literal key, so that `__proto__` is a field like any other and reaches the wire. */
export const withField = (item: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> => ({
  ...item,
  [name]: 'x',
});
