/** `2024-08-02T17:00:00+08:00` and 1 → `2025-08-02T17:00:00+08:00`; a 29 February that the year lacks is the 28th. */
export function plusYears(moment: string, years: number): string {
  const [, year = '', rest = ''] = /^(\d{4})(-.*)$/.exec(moment) ?? [];
  const moved = Number(year) + years;
  const leap = new Date(Date.UTC(moved, 1, 29)).getUTCMonth() === 1;
  return `${moved}${rest.startsWith('-02-29') && !leap ? rest.replace('-02-29', '-02-28') : rest}`;
}
