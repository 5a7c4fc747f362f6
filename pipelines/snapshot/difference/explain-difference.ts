/** Why rows of two snapshots differ, column by column, from what was recorded between them. Pure. */
import { CAUSES, type Cause, type Evidence, type SnapshotRow } from '../../../schemas/snapshot-delta.ts';
import type { CausePart, CauseRow } from '../../../warehouse/views/snapshot-causes.ts';
import { causeOf } from './cause-of.ts';

type Speaks = (row: CauseRow) => boolean;
/** The nearest first: of those who speak only the first that say anything are heard. */
type Ranks = readonly (readonly Speaks[])[];

const is =
  (part: CausePart): Speaks =>
  (row) =>
    row.part === part;
/** All of it came or went, or one of these columns of the warehouse's table is another. */
const touches =
  (part: CausePart, ...columns: string[]): Speaks =>
  (row) =>
    row.part === part && (row.touches === null || columns.some((column) => row.touches?.includes(column)));

const SERVES = touches('assignment', 'is_primary', 'end_reason', 'valid_to');
const TITLED = touches('assignment', 'title', 'title_code');
const ADDRESSED = touches('institution', 'ownership', 'legal_class', 'status', 'section', 'district');
/** Of a row that came or is gone, what can have brought it about. */
const OF_WHOLE: Ranks = [[SERVES, is('identity')], [TITLED], [ADDRESSED, is('code')]];
const ANYTHING: Ranks = [[is('assignment')], [is('institution')], [is('person'), is('identifier'), is('account')]];

const MOVED: Ranks = [[SERVES, is('identity')], [is('assignment')], [is('institution'), is('code')]];
/** Names of an institution that stays where the row is are its own matter, and not the person's. */
const STAYED: Readonly<Record<string, Ranks>> = {
  institution_name: [[touches('institution', 'name')], [is('institution'), is('code')]],
  moe_kindergarten_code: [[is('code')], [is('institution')]],
};
const SPEAKS: Readonly<Record<string, Ranks>> = {
  id_digest: [[is('identifier'), is('identity')]],
  name: [[touches('person', 'name')], [is('identity')]],
  title: [[touches('assignment', 'title')], [is('identity')]],
  title_kind: [[touches('assignment', 'title_code')], [is('identity')]],
  subjects: [[touches('assignment', 'subjects')], [is('identity')]],
  ownership: [[touches('institution', 'ownership')]],
  district: [[touches('institution', 'district')]],
  teachers: [[SERVES, TITLED, is('identity')]],
  institution_code: MOVED,
  section: MOVED,
  institution_name: MOVED,
  moe_kindergarten_code: MOVED,
};

/** Active leads of a school, by account. */
function leadsOf(row: SnapshotRow): Map<string, string> {
  const accounts = Array.isArray(row.lead_accounts) ? row.lead_accounts : [];
  const names = Array.isArray(row.lead_names) ? row.lead_names : [];
  return new Map(accounts.map((account, i) => [account, names[i] ?? ''] as const));
}

/** Of the leads the accounts that came or are gone, or whose holder is called otherwise; then who holds them. */
function leadRanks(before: SnapshotRow, after: SnapshotRow): Ranks {
  const [was, is_] = [leadsOf(before), leadsOf(after)];
  const differ = new Set([...was.keys(), ...is_.keys()].filter((account) => was.get(account) !== is_.get(account)));
  const own: Speaks = ({ part, values }) => part === 'account' && differ.has(String(values?.account));
  return [
    [own],
    [touches('person', 'name'), touches('holder', 'is_primary', 'end_reason', 'valid_to')],
    [is('account')],
  ];
}

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

function heard(rows: readonly CauseRow[], ranks: Ranks): CauseRow[] {
  for (const speaks of ranks) {
    const found = rows.filter((row) => speaks.some((hears) => hears(row)));
    if (found.length > 0) return found;
  }
  return [];
}

/** Of several that speak for a column the last that says its value, for that one stands; all of them where none says it. */
function bringing(rows: readonly CauseRow[], column: string, value: unknown): readonly CauseRow[] {
  const brought = rows.findLast(
    ({ known, values }) => known && values !== null && column in values && alike(values[column], value),
  );
  return brought ? [brought] : rows;
}

/**
 * @param rows what bears on whom the row stands for, and on the institutions that it names, oldest first
 * @param rules that the planning year of the newer one would have changed the older one by itself; null where it would not
 */
export function tellDifference(
  before: SnapshotRow | null,
  after: SnapshotRow | null,
  columns: readonly string[],
  rows: readonly CauseRow[],
  rules: Evidence | null,
): Told {
  const cause = causeOf(rows);
  const used = new Set<CauseRow>();
  let ruledAny = false;
  const tell = (found: readonly CauseRow[], ruled: boolean): Cause[] => {
    for (const row of found) used.add(row);
    const causes = found.map(cause);
    if (rules !== null && ruled) {
      causes.push('rules');
      ruledAny = true;
    }
    return inOrder(causes.length > 0 ? causes : ['unknown']);
  };
  /** What is near; where nothing is and the planning year does not tell it, whatever there is. */
  const near = (ranks: Ranks, ruled: boolean): CauseRow[] => {
    const found = heard(rows, ranks);
    return found.length > 0 || (rules !== null && ruled) ? found : heard(rows, ANYTHING);
  };
  const changed: Record<string, Cause[]> = {};
  if (before !== null && after !== null) {
    const stays = alike(before.institution_code, after.institution_code) && alike(before.section, after.section);
    for (const column of columns) {
      if (alike(before[column], after[column])) continue;
      const ranks = column.startsWith('lead_')
        ? leadRanks(before, after)
        : ((stays ? STAYED[column] : undefined) ?? SPEAKS[column] ?? OF_WHOLE);
      const ruled = RULED.has(column);
      changed[column] = tell(bringing(near(ranks, ruled), column, after[column]), ruled);
    }
  }
  const whole = before === null || after === null ? tell(near(OF_WHOLE, true), true) : [];
  return {
    changed,
    why: inOrder([...whole, ...Object.values(changed).flat()]),
    evidence: [
      ...rows
        .filter((row) => used.has(row))
        .map((row) => ({
          cause: cause(row),
          reason: row.reason,
          rule: row.rule,
          run: String(row.run_id),
          registeredAt: row.registered_at,
          recordedAt: row.recorded_at,
        })),
      ...(rules !== null && ruledAny ? [rules] : []),
    ],
  };
}
