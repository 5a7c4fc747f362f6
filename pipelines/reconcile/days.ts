/** Days as text: they compare as they follow each other, and `infinity` sorts after every day. Pure. */

export const OPEN = 'infinity';
/** What stands for a first day that nobody told; before every day. */
export const UNTOLD = '-infinity';
export const dayOf = (moment: string): string => moment.slice(0, 10);
export const later = (a: string, b: string): string => (a > b ? a : b);

export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
