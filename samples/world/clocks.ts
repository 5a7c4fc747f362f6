/**
 * The moments of the rehearsal, Asia/Taipei: five nights and the closing run at the 113 cut-off, and after them an ordinary night every day, for as
 * long as anybody goes on. `staged` is when things happen that a night then finds: files arrive, care-system records are approved. A moment is ISO
 * text with +08:00.
 */
/** What people do besides, on ordinary working days. Shares, from 0 to 1. */
export interface Habits {
  /** Of those of whom something happened lately, how many are drawn before all others: a change rarely comes alone. */
  again: number;
  /** Of the schools, how many send their whole roster although nothing of it changed, and how many a file that they had sent before. */
  unchanged: number;
  resent: number;
}

export interface Night {
  clock: string;
  /** Day on which what this night finds was handed in, and the office hours in it. */
  staged: { day: string; fromHour: number; untilHour: number };
  /** Date that hires, transfers and leaves of this night name as theirs; never after the night's own date. */
  effective: string;
  /** Only people who came, or whose leave began, before this date are in what happens by chance. */
  settledBefore: string;
  /** Date of the leaves that are told before they take effect. */
  aheadOn: string;
  /** 啟用日期 of the accounts that a school enables. */
  enabledOn: string;
  /** Nobody is at work: nothing happens. */
  closed: boolean;
  habits: Habits | null;
}

/** The six nights around the cut-off are about the turnover of the school year alone. */
const AROUND_CUT_OFF = {
  settledBefore: '2024-07',
  aheadOn: '2024-08-01',
  enabledOn: '2024-07-31',
  closed: false,
  habits: null,
};

export const NIGHTS: readonly Night[] = [
  // The first night finds what came in over the days before; see FIRST_DAYS.
  {
    clock: '2024-07-30T02:00:00+08:00',
    staged: { day: '2024-07-29', fromHour: 8, untilHour: 17 },
    effective: '2024-07-29',
    ...AROUND_CUT_OFF,
  },
  {
    clock: '2024-07-31T02:00:00+08:00',
    staged: { day: '2024-07-30', fromHour: 8, untilHour: 17 },
    effective: '2024-07-30',
    ...AROUND_CUT_OFF,
  },
  {
    clock: '2024-08-01T02:00:00+08:00',
    staged: { day: '2024-07-31', fromHour: 8, untilHour: 17 },
    effective: '2024-08-01',
    ...AROUND_CUT_OFF,
  },
  {
    clock: '2024-08-02T02:00:00+08:00',
    staged: { day: '2024-08-01', fromHour: 8, untilHour: 17 },
    effective: '2024-08-01',
    ...AROUND_CUT_OFF,
  },
  {
    clock: '2024-08-02T17:00:00+08:00',
    staged: { day: '2024-08-02', fromHour: 8, untilHour: 15 },
    effective: '2024-08-02',
    ...AROUND_CUT_OFF,
  },
  {
    clock: '2024-08-03T02:00:00+08:00',
    staged: { day: '2024-08-02', fromHour: 18, untilHour: 21 },
    effective: '2024-08-02',
    ...AROUND_CUT_OFF,
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

const DAY = 86_400_000;
const AFTER = NIGHTS[AFTER_NIGHT] as Night;
const ORDINARY: Habits = { again: 0.03, unchanged: 0.02, resent: 0.02 };

/** @param days may be negative. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** What came in on the day before it. Schools and bureau are closed on Saturdays and Sundays. */
function ordinaryNight(date: string): Night {
  const day = plusDays(date, -1);
  const closed = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  return {
    clock: `${date}T02:00:00+08:00`,
    staged: { day, fromHour: 8, untilHour: 17 },
    effective: day,
    settledBefore: day,
    aheadOn: plusDays(day, 10),
    enabledOn: day,
    closed,
    habits: closed ? null : ORDINARY,
  };
}

/** The night whose state holds at a moment: the latest one not after it; before the first night, the first. */
export function nightAt(moment: string): number {
  const at = instant(moment);
  const since = at - instant(AFTER.clock);
  if (since >= 0) return AFTER_NIGHT + Math.floor(since / DAY);
  let index = 0;
  for (const [i, night] of NIGHTS.entries()) if (instant(night.clock) <= at) index = i;
  return index;
}

/** @throws Error when it is not a whole number from 0 on */
export function nightOf(index: number): Night {
  if (!Number.isSafeInteger(index) || index < 0)
    throw new Error(`there is no night ${index}; nights are numbered from 0`);
  return NIGHTS[index] ?? ordinaryNight(plusDays(AFTER.clock.slice(0, 10), index - AFTER_NIGHT));
}

/** The clocks of the first so many nights. */
export const clocksOf = (nights: number): string[] => Array.from({ length: nights }, (_, i) => nightOf(i).clock);
