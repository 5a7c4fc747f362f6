/** Taipei has kept one offset since 1979, so the next night is plain arithmetic. */
const OFFSET = '+08:00';
const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/**
 * @param at `HH:MM`, Asia/Taipei
 * @param now milliseconds since the epoch
 * @returns the next such moment after `now`, ISO with offset
 */
export function nextNight(at: string, now: number): string {
  const today = new Date(now + OFFSET_MS).toISOString().slice(0, 10);
  const due = Date.parse(`${today}T${at}:00${OFFSET}`);
  const next = due > now ? due : due + DAY_MS;
  return `${new Date(next + OFFSET_MS).toISOString().slice(0, 16)}:00${OFFSET}`;
}
