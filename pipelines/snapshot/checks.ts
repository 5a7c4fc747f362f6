/** What must hold before a snapshot is visible. A check that fails names itself and the figures; nothing is stored. Pure. */
import type { CoverageEntry } from '../../schemas/snapshot.ts';
import type { TeacherFacts } from '../../warehouse/views/snapshot-teachers.ts';
import type { Exported } from './exporters/exporter.ts';
import type { Scope } from './scope.ts';
import { SnapshotError } from './snapshot-error.ts';

export type Check = readonly [name: string, holds: boolean, found: string];

const keyOf = (i: { code: string; section: string }): string => `${i.code}:${i.section}`;

export const teacherChecks = (facts: TeacherFacts): Check[] => [
  ['one row per person', facts.rows === facts.persons, `${facts.rows} rows for ${facts.persons} people`],
  ['rows match a recount', facts.rows === facts.recount, `${facts.rows} rows, recounted ${facts.recount}`],
  [
    "every teacher's institution is in the plan",
    facts.outsideScope === 0,
    `${facts.outsideScope} rows of institutions outside the plan`,
  ],
  [
    'no identifier stands for two people',
    facts.sharedIdentifiers === 0,
    `${facts.sharedIdentifiers} identifiers of several people`,
  ],
  ['every person has a name', facts.nameless === 0, `${facts.nameless} people without a name`],
];

export function scopeChecks(scope: Scope, coverage: readonly CoverageEntry[], teachers: number): Check[] {
  const keys = scope.inside.map(({ institution }) => keyOf(institution));
  const covered = new Set(coverage.map(keyOf));
  const uncovered = keys.filter((key) => !covered.has(key));
  const counted = coverage.reduce((sum, entry) => sum + entry.teachers, 0);
  return [
    ['one entry per institution', new Set(keys).size === keys.length, `${keys.length} entries`],
    ['every institution of the plan is in the coverage', uncovered.length === 0, `missing: ${uncovered.join(', ')}`],
    ['the coverage counts every teacher', counted === teachers, `${counted} of ${teachers}`],
  ];
}

/** Of one file: as many rows as every other, and none of its own faults. */
export const fileChecks = ({ file, rows, faults = {} }: Exported, expected: number): Check[] => [
  [`rows written to ${file.path}`, rows === expected, `${rows} written, ${expected} expected`],
  ...Object.entries(faults).map(([what, n]): Check => [`${file.path} without ${what}`, n === 0, `${n} of them`]),
];

/** @throws SnapshotError `check-failed`, naming every check that failed */
export function demand(id: string, checks: readonly Check[]): void {
  const failed = checks.filter(([, holds]) => !holds).map(([name, , found]) => `${name} (${found})`);
  if (failed.length === 0) return;
  throw new SnapshotError(
    'check-failed',
    `snapshot ${id} was not stored: ${failed.join('; ')}. Look at "mingce report" of the run; nothing was changed`,
  );
}
