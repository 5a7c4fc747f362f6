/**
 * How much happens on each night in the whole city. 8/1 (night 2) is the turnover of the school year; the closing run has only files of schools; after the
 * night that follows it, one ordinary day is like another.
 */
import type { Night } from './clocks.ts';
import { fraction } from './random.ts';

export interface SchoolScale {
  hires: number;
  /** Transfers that both schools report, and those that only the new school reports (R08). */
  movesBoth: number;
  movesNewOnly: number;
  resignations: number;
  retirements: number;
  termEnds: number;
  absences: number;
  returns: number;
  titles: number;
  subjects: number;
  /** Leaves told before they take effect. */
  ahead: number;
  /** Retired on an earlier night, back at another school. */
  comebacks: number;
  /** In a complete roster no longer, without a word. */
  vanished: number;
  /** New or changed business accounts: schools concerned. */
  accounts: number;
}

export interface CareScale {
  hires: number;
  moves: number;
  resignations: number;
  retirements: number;
  titles: number;
  pendingHires: number;
  pendingLeaves: number;
  pendingEdits: number;
  pendingMoves: number;
  refusals: number;
  vanished: number;
  renames: number;
  quasiPublic: number;
  openings: number;
}

const school = (...n: number[]): SchoolScale => {
  const [hires = 0, movesBoth = 0, movesNewOnly = 0, resignations = 0, retirements = 0, termEnds = 0, absences = 0] = n;
  const [returns = 0, titles = 0, subjects = 0, ahead = 0, comebacks = 0, vanished = 0, accounts = 0] = n.slice(7);
  const first = { hires, movesBoth, movesNewOnly, resignations, retirements, termEnds, absences };
  return { ...first, returns, titles, subjects, ahead, comebacks, vanished, accounts };
};

const care = (...n: number[]): CareScale => {
  const [hires = 0, moves = 0, resignations = 0, retirements = 0, titles = 0, pendingHires = 0, pendingLeaves = 0] = n;
  const [pendingEdits = 0, pendingMoves = 0, refusals = 0, vanished = 0, renames = 0, quasiPublic = 0] = n.slice(7);
  const first = { hires, moves, resignations, retirements, titles, pendingHires, pendingLeaves };
  return { ...first, pendingEdits, pendingMoves, refusals, vanished, renames, quasiPublic, openings: 0 };
};

const SCHOOL_SCALE: readonly SchoolScale[] = [
  school(),
  school(8, 4, 3, 4, 2, 3, 2, 1, 10, 8, 2, 0, 0, 2),
  school(240, 110, 50, 40, 130, 110, 25, 15, 160, 120, 0, 2, 0, 12),
  school(40, 12, 6, 8, 8, 4, 4, 3, 25, 20, 0, 2, 1, 4),
  school(6, 2, 2, 2, 1, 1, 1, 1, 5, 4, 0, 0, 0, 1),
  school(8, 2, 1, 2, 1, 0, 1, 0, 3, 2, 0, 1, 0, 1),
];

const CARE_SCALE: readonly CareScale[] = [
  care(0, 0, 0, 0, 0, 8, 3, 5, 0, 1),
  care(10, 3, 6, 1, 4, 5, 3, 4, 1, 1, 0, 1, 1),
  care(120, 40, 70, 12, 40, 20, 10, 12, 4, 1, 1, 2, 8),
  care(20, 6, 10, 2, 8, 6, 4, 5, 1, 1, 0, 0, 0),
  care(),
  care(6, 2, 4, 0, 2, 3, 2, 2, 0, 1, 0, 1, 0),
];

/** In the middle of August: a new school year, not yet begun. Parts of one happen now and then. */
const ORDINARY_SCHOOLS = school(24, 9, 6, 6, 4, 4, 4, 3, 24, 18, 3, 2, 2, 4);
const ORDINARY_CARE = { ...care(16, 6, 8, 2, 10, 8, 5, 6, 2, 2, 1, 1.5, 1.5), openings: 0.8 };

/** Which night of which city. */
export interface Occasion {
  seed: string;
  index: number;
  night: Night;
  /** Size of the city, the whole one being 1. */
  share: number;
}

/** Of what is planned for the whole city at least one for a smaller one. */
const planned = (n: number, share: number): number => (n === 0 ? 0 : Math.max(1, Math.round(n * share)));

function scaled<T extends object>(whole: T, of: (n: number, name: string) => number): T {
  return Object.fromEntries(Object.entries(whole).map(([name, n]) => [name, of(n, name)])) as T;
}

function scaleOf<T extends object>(nights: readonly T[], ordinary: T, occasion: Occasion): T {
  const { seed, index, night, share } = occasion;
  const own = nights[index];
  if (own) return scaled(own, (n) => planned(n, share));
  if (night.closed) return scaled(ordinary, () => 0);
  return scaled(ordinary, (n, name) => Math.floor(n * share + fraction(`${seed}/scale/${index}/${name}`)));
}

export const schoolScale = (occasion: Occasion): SchoolScale => scaleOf(SCHOOL_SCALE, ORDINARY_SCHOOLS, occasion);
export const careScale = (occasion: Occasion): CareScale => scaleOf(CARE_SCALE, ORDINARY_CARE, occasion);
