/** How much happens on each night. 8/1 (night 2) is the turnover of the school year; the closing run has only files of schools. */
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
  return { ...first, pendingEdits, pendingMoves, refusals, vanished, renames, quasiPublic };
};

export const SCHOOL_SCALE: readonly SchoolScale[] = [
  school(),
  school(8, 4, 3, 4, 2, 3, 2, 1, 10, 8, 2, 0, 0, 2),
  school(240, 110, 50, 40, 130, 110, 25, 15, 160, 120, 0, 2, 0, 12),
  school(40, 12, 6, 8, 8, 4, 4, 3, 25, 20, 0, 2, 1, 4),
  school(6, 2, 2, 2, 1, 1, 1, 1, 5, 4, 0, 0, 0, 1),
  school(8, 2, 1, 2, 1, 0, 1, 0, 3, 2, 0, 1, 0, 1),
];

export const CARE_SCALE: readonly CareScale[] = [
  care(0, 0, 0, 0, 0, 8, 3, 5, 0, 1),
  care(10, 3, 6, 1, 4, 5, 3, 4, 1, 1, 0, 1, 1),
  care(120, 40, 70, 12, 40, 20, 10, 12, 4, 1, 1, 2, 8),
  care(20, 6, 10, 2, 8, 6, 4, 5, 1, 1, 0, 0, 0),
  care(),
  care(6, 2, 4, 0, 2, 3, 2, 2, 0, 1, 0, 1, 0),
];
