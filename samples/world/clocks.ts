/**
 * The moments of the rehearsal, Asia/Taipei: five nights and the closing run at the 113 cut-off. `staged` is when things
 * happen that a night then finds: files arrive, care-system records are approved. A moment is ISO text with +08:00.
 */
export interface Night {
  clock: string;
  /** Day on which what this night finds was handed in, and the office hours in it. */
  staged: { day: string; fromHour: number; untilHour: number };
  /** Date that hires, transfers and leaves of this night name as theirs; never after the night's own date. */
  effective: string;
}

export const NIGHTS: readonly Night[] = [
  // The first night finds what came in over the days before; see FIRST_DAYS.
  {
    clock: '2024-07-30T02:00:00+08:00',
    staged: { day: '2024-07-29', fromHour: 8, untilHour: 17 },
    effective: '2024-07-29',
  },
  {
    clock: '2024-07-31T02:00:00+08:00',
    staged: { day: '2024-07-30', fromHour: 8, untilHour: 17 },
    effective: '2024-07-30',
  },
  {
    clock: '2024-08-01T02:00:00+08:00',
    staged: { day: '2024-07-31', fromHour: 8, untilHour: 17 },
    effective: '2024-08-01',
  },
  {
    clock: '2024-08-02T02:00:00+08:00',
    staged: { day: '2024-08-01', fromHour: 8, untilHour: 17 },
    effective: '2024-08-01',
  },
  {
    clock: '2024-08-02T17:00:00+08:00',
    staged: { day: '2024-08-02', fromHour: 8, untilHour: 15 },
    effective: '2024-08-02',
  },
  {
    clock: '2024-08-03T02:00:00+08:00',
    staged: { day: '2024-08-02', fromHour: 18, untilHour: 21 },
    effective: '2024-08-02',
  },
];

export const REHEARSAL_CLOCKS: readonly string[] = NIGHTS.map((night) => night.clock);
export const FIRST_DAYS: readonly string[] = [
  '2024-07-22',
  '2024-07-23',
  '2024-07-24',
  '2024-07-25',
  '2024-07-26',
  '2024-07-29',
];
export const CUT_OFF = '2024-08-02T17:00:00+08:00';
export const CLOSING_NIGHT = 4;
export const AFTER_NIGHT = 5;

/** Milliseconds of a moment; one without an offset is Asia/Taipei. @throws Error when it is not a moment. */
export function instant(moment: string): number {
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(moment) ? moment : `${moment}+08:00`);
  if (Number.isNaN(at)) throw new Error(`"${moment}" is not a moment such as 2024-08-01T02:00:00+08:00`);
  return at;
}

/** The night whose state holds at a moment: the latest one not after it; before the first night, the first. */
export function nightAt(moment: string): number {
  const at = instant(moment);
  let index = 0;
  for (const [i, night] of NIGHTS.entries()) if (instant(night.clock) <= at) index = i;
  return index;
}

export function nightOf(index: number): Night {
  const night = NIGHTS[index];
  if (!night) throw new Error(`there is no night ${index}; the rehearsal has nights 0 to ${NIGHTS.length - 1}`);
  return night;
}
