/**
 * A moment of a file system or feed as the text that the pipeline keeps: ISO with the offset of Asia/Taipei. The zone has had no
 * daylight saving since 1979, so a fixed offset is exact for every moment at which a file can arrive.
 */
export function taipeiTime(epochMs: number): string {
  const shifted = new Date(epochMs + 8 * 60 * 60 * 1000).toISOString();
  return `${shifted.slice(0, -1)}+08:00`;
}

const LOCAL = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A moment as systems here write it, `2024-08-01 02:15:00` or `2024/8/1 2:15`, as ISO with an offset; without one it is Taipei's. null for what
 * is no moment of the calendar.
 */
export function taipeiMoment(text: string): string | null {
  const [, year, month, day, hour, minute, second = '00', offset = '+08:00'] = LOCAL.exec(text.trim()) ?? [];
  if (year === undefined) return null;
  const date = [year, month, day].map((part) => part!.padStart(2, '0')).join('-');
  const time = `${hour!.padStart(2, '0')}:${minute}:${second}`;
  const local = new Date(`${date}T${time}Z`);
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(`${date}T${time}`)) return null;
  return `${date}T${time}${offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`;
}
