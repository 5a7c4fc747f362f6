/** Dates as schools write them. Takes ISO text, gives text, or a number for an Excel serial. */
export const DATE_STYLES = [
  'roc-words',
  'roc-slash',
  'roc-dash',
  'roc-compact',
  'roc-short',
  'roc-dots',
  'roc-full-words',
  'western',
  'serial',
  'serial-formatted',
] as const;
export type DateStyle = (typeof DATE_STYLES)[number];

const two = (n: number): string => String(n).padStart(2, '0');

/** Days since 1899-12-30, as spreadsheets count. UTC arithmetic only: no time zone can shift a day. */
export const excelSerial = (iso: string): number => Math.round(Date.parse(`${iso}T00:00:00Z`) / 86_400_000) + 25_569;

export function writeDate(iso: string, style: DateStyle): string | number {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
  const roc = year - 1911;
  switch (style) {
    case 'roc-words':
      return `${roc}年${month}月${day}日`;
    case 'roc-slash':
      return `${roc}/${two(month)}/${two(day)}`;
    case 'roc-dash':
      return `${roc}-${two(month)}-${two(day)}`;
    case 'roc-compact':
      return `${String(roc).padStart(3, '0')}${two(month)}${two(day)}`;
    case 'roc-short':
      return `${roc}${two(month)}${two(day)}`;
    case 'roc-dots':
      return `${roc}.${month}.${day}`;
    case 'roc-full-words':
      return `中華民國${roc}年${month}月${day}日`;
    case 'western':
      return `西元 ${year}/${month}/${day}`;
    case 'serial':
    case 'serial-formatted':
      return excelSerial(iso);
  }
}

/** A moment (ISO with +08:00) as a school system prints it. */
export function writeMoment(moment: string, style: 'roc' | 'iso'): string {
  const time = moment.slice(11, 19);
  return style === 'iso' ? `${moment.slice(0, 10)} ${time}` : `${writeDate(moment.slice(0, 10), 'roc-slash')} ${time}`;
}
