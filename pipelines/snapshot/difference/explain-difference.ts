/** Why rows of two snapshots differ, column by column, from what was recorded between them. Pure. */
import { CAUSES, type Cause, type Evidence, type SnapshotRow } from '../../../schemas/snapshot-delta.ts';
import type { CausePart, CauseRow } from '../../../warehouse/views/snapshot-causes.ts';

const DATA_CORRECTED = '資料更正';

/** A decision stands before when something came; a school that corrects what it had said tells no change of the world. */
export function causeOf({ part, reason, late, by_hand: byHand }: CauseRow): Cause {
  if (part === 'identity' || (part === 'identifier' && byHand)) return 'identity';
  if (byHand) return 'correction';
  if (late) return 'late';
  return part === 'identifier' || reason === DATA_CORRECTED ? 'correction' : 'change';
}

/** What speaks for a column, the nearest first. */
const PLACE: readonly CausePart[][] = [
  ['assignment', 'identity'],
  ['institution', 'code'],
];
const SPEAKS: Readonly<Record<string, readonly CausePart[][]>> = {
  id_digest: [['identifier', 'identity']],
  name: [['person', 'identity']],
  title: [['assignment', 'identity']],
  title_kind: [['assignment', 'identity']],
  subjects: [['assignment', 'identity']],
  ownership: [['institution']],
  district: [['institution']],
  teachers: [['assignment', 'identity']],
  lead_accounts: [['account'], ['assignment']],
  lead_names: [['account'], ['person'], ['assignment']],
  institution_code: PLACE,
  section: PLACE,
  institution_name: PLACE,
  moe_kindergarten_code: PLACE,
};
const OF_WHOLE: readonly CausePart[][] = [
  ['assignment', 'identity'],
  ['institution', 'code'],
  ['person', 'identifier', 'account'],
];
/** Names of an institution that stays where the row is are its own matter, and not the person's. */
const OWN: ReadonlySet<string> = new Set(['institution_name', 'moe_kindergarten_code']);
/** What a planning year decides of a row that stays: who counts as a teacher, and so where. */
const RULED: ReadonlySet<string> = new Set([
  'institution_code',
  'section',
  'institution_name',
  'moe_kindergarten_code',
  'teachers',
]);

export interface Told {
  changed: Record<string, Cause[]>;
  why: Cause[];
  evidence: Evidence[];
}

const alike = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

const inOrder = (found: Iterable<Cause>): Cause[] => {
  const all = new Set(found);
  return CAUSES.filter((cause) => all.has(cause));
};

const evidenceOf = (row: CauseRow): Evidence => ({
  cause: causeOf(row),
  reason: row.reason,
  rule: row.rule,
  run: String(row.run_id),
  registeredAt: row.registered_at,
  recordedAt: row.recorded_at,
});

const speaking = (rows: readonly CauseRow[], ranks: readonly (readonly CausePart[])[]): CauseRow[] => {
  for (const parts of ranks) {
    const found = rows.filter(({ part }) => parts.includes(part));
    if (found.length > 0) return found;
  }
  return [];
};

/** Of several that speak for a column the one that brought its value; all of them where none says so. */
function bringing(rows: readonly CauseRow[], column: string, value: unknown): readonly CauseRow[] {
  const said = rows.filter(({ known, values }) => known && values !== null && column in values);
  const brought = said.find(({ values }) => alike(values?.[column], value));
  const moved = rows.filter(({ part }) => part === 'identity');
  return brought ? [brought, ...moved] : rows;
}

/**
 * @param rows what bears on whom the row stands for, and on the institutions that it names, oldest first
 * @param byRules whether the planning year of the newer one would have changed the older one by itself
 */
export function tellDifference(
  before: SnapshotRow | null,
  after: SnapshotRow | null,
  columns: readonly string[],
  rows: readonly CauseRow[],
  byRules: boolean,
): Told {
  const used = new Set<CauseRow>();
  const causesFor = (found: readonly CauseRow[], ruled: boolean): Cause[] => {
    for (const row of found) used.add(row);
    const causes = found.map(causeOf);
    if (byRules && ruled) causes.push('rules');
    return inOrder(causes.length > 0 ? causes : ['unknown']);
  };
  const changed: Record<string, Cause[]> = {};
  if (before !== null && after !== null) {
    const stays = alike(before.institution_code, after.institution_code) && alike(before.section, after.section);
    for (const column of columns) {
      if (alike(before[column], after[column])) continue;
      const ranks = OWN.has(column) && stays ? [...PLACE].reverse() : (SPEAKS[column] ?? OF_WHOLE);
      const near = speaking(rows, ranks);
      const found = bringing(near.length > 0 ? near : speaking(rows, OF_WHOLE), column, after[column]);
      changed[column] = causesFor(found, RULED.has(column));
    }
  }
  const whole = before === null || after === null ? causesFor(speaking(rows, OF_WHOLE), true) : [];
  return {
    changed,
    why: inOrder([...whole, ...Object.values(changed).flat()]),
    evidence: rows.filter((row) => used.has(row)).map(evidenceOf),
  };
}
