/** Where each value of a person came from (R02): source, file or page, row, run, rule, and the two times at which it was said and known. */
import {
  type ExplainedSpell,
  type ExplainedValue,
  type Explanation,
  explanation,
  type Lineage,
} from '../schemas/outputs/explanation.ts';
import type { InstitutionRef } from '../schemas/outputs/institution-ref.ts';
import { WrongRequestError } from '../schemas/wrong-request.ts';
import type { Database } from '../warehouse/connect.ts';
import {
  type LineageRow,
  type PersonVersionRow,
  personExists,
  personIdentifiers,
  personSpells,
  personStands,
  personVersions,
  type SpellRow,
} from '../warehouse/views/explain.ts';
import { storyOf } from '../warehouse/views/explain-story.ts';
import { institutionRefs } from '../warehouse/views/report-institutions.ts';
import { tellStory } from './explain-story.ts';

export class PersonNotFoundError extends WrongRequestError {
  override readonly name = 'PersonNotFoundError';
}

const COLUMNS = ['name', 'sex', 'birth_date', 'email', 'phone', 'certificate_no'] as const;

type From = Omit<LineageRow, 'valid_from' | 'valid_to'>;

export const lineageOf = (row: From): Lineage => ({
  source: row.source,
  object: row.object,
  objectRemovedAt: row.object_removed_at,
  row: row.row,
  run: String(row.run_id),
  rule: row.rule,
  reason: row.reason,
  registeredAt: row.registered_at,
  recordedAt: row.recorded_from,
});

/** A value comes from the version that first said it, however often a later version repeated it. */
function explainValue(column: (typeof COLUMNS)[number], versions: readonly PersonVersionRow[]): ExplainedValue {
  const said: { value: string | null; from: Lineage }[] = [];
  for (const version of versions) {
    if (said.length === 0 || said.at(-1)?.value !== version[column]) {
      said.push({ value: version[column], from: lineageOf(version) });
    }
  }
  const [now, ...before] = said.reverse();
  if (now === undefined) throw new Error(`a person without a version has no ${column}`);
  return { column, ...now, before };
}

const spellOf = (row: SpellRow, refs: ReadonlyMap<string, InstitutionRef>): ExplainedSpell => ({
  institution: refs.get(row.institution_key) as InstitutionRef,
  spell: row.spell,
  validFrom: row.valid_from,
  validTo: row.valid_to === 'infinity' ? null : row.valid_to,
  title: row.title,
  subjects: row.subjects,
  primary: row.is_primary,
  onLeave: row.on_leave,
  endReason: row.end_reason,
  from: lineageOf(row),
});

/**
 * @param asOf ISO moment with offset: what was known then; absent: what is known now
 * @throws PersonNotFoundError also where the person was not known yet at `asOf`
 */
export async function explainPerson(db: Database, personId: number, asOf?: string): Promise<Explanation> {
  const at = asOf ?? 'infinity';
  const versions = await personVersions(db, personId, at);
  const newest = versions.at(-1);
  if (newest === undefined) {
    const known = await personExists(db, personId);
    const when = known ? ` recorded before ${asOf}` : '';
    throw new PersonNotFoundError(
      `there is no person ${personId}${when}; ids of people stand in "mingce report --format json"`,
    );
  }
  const spells = await personSpells(db, personId, at);
  const story = await storyOf(db, 'person', personId, at);
  const keys = new Set([...spells, ...story].flatMap((s) => s.institution_key ?? []));
  const refs = await institutionRefs(db, [...keys], at);
  const identifiers = await personIdentifiers(db, personId, at);
  return explanation.parse({
    person: personId,
    name: newest.name,
    asOf: asOf ?? null,
    values: COLUMNS.map((column) => explainValue(column, versions)),
    identifiers: identifiers.map(({ run_id, ...rest }) => ({ ...rest, run: String(run_id) })),
    spells: spells.map((row) => spellOf(row, refs)),
    withdrawn: !(await personStands(db, personId, at)),
    story: tellStory(story, refs),
  });
}
