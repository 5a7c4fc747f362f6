/** Where each value of a person came from (R02): source, file or page, row, run, rule, and the two times at which it was said and known. */
import {
  type ExplainedClaim,
  type ExplainedSpell,
  type ExplainedValue,
  type Explanation,
  explanation,
  type Lineage,
} from '../schemas/outputs/explanation.ts';
import type { InstitutionRef } from '../schemas/outputs/institution-ref.ts';
import { PRECEDENCE } from '../schemas/precedence.ts';
import { WrongRequestError } from '../schemas/wrong-request.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { historyHorizon } from '../warehouse/history/horizon.ts';
import { otherNumbers, standingPerson } from '../warehouse/joined-people.ts';
import { listManualValues, type ManualValueRow } from '../warehouse/manual-values.ts';
import {
  type LineageRow,
  lastAppliedClock,
  type PersonVersionRow,
  personClaims,
  personExists,
  personIdentifiers,
  personSpells,
  personStands,
  personVersions,
  type SpellRow,
} from '../warehouse/views/explain.ts';
import { storyOf } from '../warehouse/views/explain-story.ts';
import { institutionRefs } from '../warehouse/views/report-institutions.ts';
import { type AsOfMoment, readAsOf } from './as-of.ts';
import { claimsOf } from './explain-claims.ts';
import { tellStory } from './explain-story.ts';

/** What is asked: as recorded before `asOf` (null: now), true on the day `on` (null: as it stands). `now` is the machine's moment, ISO. */
export interface Asked {
  asOf: AsOfMoment;
  on: string | null;
  now: string;
}

/** Now, with what came and will come. */
export const AS_IT_STANDS: Asked = { asOf: null, on: null, now: '' };

export class PersonNotFoundError extends WrongRequestError {
  override readonly name = 'PersonNotFoundError';
}

const COLUMNS = ['name', 'sex', 'birth_date', 'email', 'phone', 'certificate_no'] as const;

/** @param moment ISO, of a run */
const winsAt = (hand: ManualValueRow, moment: string): boolean =>
  Date.parse(hand.set_at) <= Date.parse(moment) &&
  (hand.ends_at === null || Date.parse(hand.ends_at) > Date.parse(moment));

/** The value set by hand, in force in the run that wrote a version, that one of its columns has. */
export function handOf(
  runClock: string,
  columns: Readonly<Record<string, unknown>>,
  hands: readonly ManualValueRow[],
): Lineage['manual'] {
  const found = hands.find(
    (hand) =>
      winsAt(hand, runClock) &&
      Object.entries(columns).some(
        ([column, value]) => column in hand.columns && JSON.stringify(hand.columns[column]) === JSON.stringify(value),
      ),
  );
  if (found === undefined) return null;
  const { id, set_by, reason, set_at, until } = found;
  return { number: id, by: set_by, reason, setAt: set_at, until };
}

type From = Omit<LineageRow, 'valid_from' | 'valid_to'>;

export const lineageOf = (row: From, manual: Lineage['manual']): Lineage => ({
  source: row.source,
  object: row.object,
  objectRemovedAt: row.object_removed_at,
  row: row.row,
  run: String(row.run_id),
  rule: row.rule,
  reason: row.reason,
  registeredAt: row.registered_at,
  recordedAt: row.recorded_from,
  manual,
  judgement: row.judgement,
});

/** A value comes from the version that first said it, however often a later version repeated it. */
function explainValue(
  column: (typeof COLUMNS)[number],
  versions: readonly PersonVersionRow[],
  hands: readonly ManualValueRow[],
  claims: ExplainedClaim[],
): ExplainedValue {
  const said: { value: string | null; from: Lineage }[] = [];
  for (const version of versions) {
    if (said.length === 0 || said.at(-1)?.value !== version[column]) {
      const hand = handOf(version.run_clock, { [column]: version[column] }, hands);
      said.push({ value: version[column], from: lineageOf(version, hand) });
    }
  }
  const [now, ...before] = said.reverse();
  if (now === undefined) throw new Error(`a person without a version has no ${column}`);
  return { column, ...now, before, claims, claimRule: PRECEDENCE[column].rule };
}

const spellOf = (
  row: SpellRow,
  refs: ReadonlyMap<string, InstitutionRef>,
  hands: readonly ManualValueRow[],
): ExplainedSpell => ({
  institution: refs.get(row.institution_key) as InstitutionRef,
  spell: row.spell,
  validFrom: row.valid_from,
  validTo: row.valid_to === 'infinity' ? null : row.valid_to,
  title: row.title,
  subjects: row.subjects,
  primary: row.is_primary,
  onLeave: row.on_leave,
  endReason: row.end_reason,
  from: lineageOf(
    row,
    handOf(
      row.run_clock,
      { title: row.title, subjects: row.subjects },
      hands.filter((hand) => hand.institution_key === row.institution_key),
    ),
  ),
});

/**
 * @param asked our own id; one that leads to another person by now is followed
 * @throws PersonNotFoundError also where the person was not known yet before `asOf`, or not on record on the day; WrongRequestError for a moment that has not come; HistoryForgottenError
 */
export const explainPerson = (db: Database, asked: number, moments: Asked = AS_IT_STANDS): Promise<Explanation> =>
  readAsOf(db, moments, (state, at) => explain(state, asked, moments, at));

async function explain(db: Transaction, asked: number, { asOf, on }: Asked, at: string): Promise<Explanation> {
  const personId = await standingPerson(db, asked, at);
  const versions = await personVersions(db, personId, { asOf: at, on });
  const newest = versions.at(-1);
  if (newest === undefined || (on !== null && !newest.stands)) {
    const known = await personExists(db, personId);
    const when = known ? `${asOf ? ` recorded before ${asOf}` : ''}${on ? ` on record on ${on}` : ''}` : '';
    throw new PersonNotFoundError(
      `there is no person ${personId}${when}; ids of people stand in "mingce report --format json"`,
    );
  }
  const spells = await personSpells(db, personId, { asOf: at, on });
  const story = await storyOf(db, 'person', personId, at);
  const records = asOf === null ? await personClaims(db, personId) : [];
  const keys = [...spells, ...records, ...story].flatMap((s) => s.institution_key ?? []);
  const refs = await institutionRefs(db, [...new Set(keys)], at);
  const identifiers = await personIdentifiers(db, personId, at);
  const hands = await listManualValues(db, { entity: 'person', entityId: personId });
  const clock = asOf === null ? await lastAppliedClock(db) : null;
  const now = clock === null ? [] : hands.filter((hand) => winsAt(hand, clock));
  return explanation.parse({
    person: personId,
    otherNumbers: await otherNumbers(db, personId, at),
    name: newest.name,
    asOf,
    on,
    values: COLUMNS.map((column) => explainValue(column, versions, hands, claimsOf(column, records, now, refs))),
    identifiers: identifiers.map(({ run_id, ...rest }) => ({ ...rest, run: String(run_id) })),
    spells: spells.map((row) => spellOf(row, refs, hands)),
    withdrawn: !(await personStands(db, personId, at)),
    historyFrom: (await historyHorizon(db)).at,
    story: tellStory(story, refs),
  });
}
