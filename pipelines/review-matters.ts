/** What waits for a judgement, and what was decided, as people read it. */
import type { InstitutionRef } from '../schemas/outputs/institution-ref.ts';
import { type JudgementLine, judgementLine, type ReviewMatter, reviewMatter } from '../schemas/outputs/review.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { type JudgementRow, listJudgements } from '../warehouse/judgements.ts';
import { institutionRefs } from '../warehouse/views/report-institutions.ts';
import {
  type CandidateRow,
  institutionMatters,
  type PersonMatterRow,
  personMatters,
} from '../warehouse/views/review-matters.ts';
import { institutionOf } from './report/institution-of.ts';

/** A matter with the rows that it was made of. */
export interface Matter {
  shown: ReviewMatter;
  /** Ids by which it goes too: a conflict is asked about once for each of its records. */
  ids: readonly string[];
  listed: CandidateRow | null;
  /** Of a conflict: the records that are asked about, the first one first. */
  records: readonly PersonMatterRow[];
}

type RefOf = (key: string) => InstitutionRef;

function ofInstitution(row: CandidateRow, refOf: RefOf, judged: readonly JudgementRow[]): Matter {
  const decided = judged.find((g) => g.kind === 'institution' && g.source === row.source && g.key === row.key);
  const shown = reviewMatter.parse({
    id: `K${row.id}`,
    kind: 'institution',
    why: row.why,
    name: row.name,
    person: null,
    listed: { code: row.code, district: row.district, address: row.address },
    choices: row.candidates.map((key) => ({ institution: refOf(key), title: null, since: null, registeredAt: null })),
    otherPerson: null,
    verdicts: ['same CODE', 'different'],
    decided: decided?.id ?? null,
  });
  return { shown, ids: [shown.id], listed: row, records: [] };
}

const isAbout = (g: JudgementRow, row: PersonMatterRow): boolean =>
  row.code === 'two-registrations'
    ? g.kind === 'unit' && g.person_id === row.person_id && (g.about ?? '') >= (row.about ?? '')
    : g.kind === 'identity' && g.source === row.source && g.key === row.key;

function ofPerson(rows: readonly PersonMatterRow[], refOf: RefOf, judged: readonly JudgementRow[]): Matter {
  const first = rows[0] as PersonMatterRow;
  const unit = first.code === 'two-registrations';
  const shown = reviewMatter.parse({
    id: `E${first.id}`,
    kind: unit ? 'unit' : 'identity',
    why: first.code,
    name: first.name,
    person: first.person_id,
    listed: null,
    choices: rows.flatMap((row) =>
      row.institution_key === null
        ? []
        : [
            {
              institution: refOf(row.institution_key),
              title: row.title,
              since: row.about,
              registeredAt: row.registered_at,
            },
          ],
    ),
    otherPerson: first.owner_id === null ? null : { person: first.owner_id, name: first.owner_name ?? '' },
    verdicts: unit ? ['keep CODE'] : ['different'],
    decided: judged.find((g) => isAbout(g, first))?.id ?? null,
  });
  return { shown, ids: rows.map(({ id }) => `E${id}`), listed: null, records: rows };
}

/** Everything that waits: the conflicts of people first. */
export async function waitingMatters(db: Database | Transaction): Promise<Matter[]> {
  const listed = await institutionMatters(db);
  const people = await personMatters(db);
  const judged = (await listJudgements(db)).filter(({ how }) => how === null);
  const keys = [...listed.flatMap((row) => row.candidates), ...people.flatMap((row) => row.institution_key ?? [])];
  const refs = await institutionRefs(db, [...new Set(keys)], 'infinity');
  const refOf: RefOf = (key) => institutionOf(refs, key);
  // Of an identifier each record is a matter of its own; a conflict of units is one for all its records.
  const conflicts = Map.groupBy(people, (row) =>
    row.code === 'two-registrations' ? `unit ${row.person_id}` : `record ${row.id}`,
  );
  return [
    ...[...conflicts.values()].map((rows) => ofPerson(rows, refOf, judged)),
    ...listed.map((row) => ofInstitution(row, refOf, judged)),
  ];
}

/** @param all also those that count no more */
export async function shownJudgements(db: Database, all: boolean, id: number | null = null): Promise<JudgementLine[]> {
  const rows = (await listJudgements(db, id)).filter((row) => all || row.how === null);
  const refs = await institutionRefs(db, [...new Set(rows.flatMap((r) => r.institution_key ?? []))], 'infinity');
  return rows.map((row) =>
    judgementLine.parse({
      number: row.id,
      kind: row.kind,
      verdict: row.verdict,
      name: row.name,
      person: row.person_id,
      institution: row.institution_key === null ? null : institutionOf(refs, row.institution_key),
      reason: row.reason,
      by: row.decided_by,
      decidedAt: row.decided_at,
      status: row.how ?? 'in-force',
      end: row.how === null ? null : { by: row.ended_by, reason: row.ended_why, at: row.ended_at },
    }),
  );
}
