/**
 * A workbook's cell as the text a delimited file would hold. Dates become ISO text here and stay text (1974-04-01 has no midnight in
 * Taipei); both libraries hand over the cell's own calendar date in UTC, whatever the time zone of the process.
 */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (value instanceof Date) return dateText(value);
  return String(value);
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return String(date);
  const [day, time] = date.toISOString().split('T') as [string, string];
  return time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 8)}`;
}
