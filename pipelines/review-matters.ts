/** What waits for a judgement, and what was decided, as people read it. */
import type { InstitutionRef } from '../schemas/outputs/institution-ref.ts';
import { type JudgementLine, judgementLine, type ReviewMatter, reviewMatter } from '../schemas/outputs/review.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { type JudgementRow, listJudgements } from '../warehouse/judgements.ts';
import { institutionRefs } from '../warehouse/views/report-institutions.ts';
import {
  type AbsenceRow,
  absenceMatters,
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
  absence?: AbsenceRow;
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
    absent: null,
    verdicts: ['same CODE', 'different'],
    decided: decided?.id ?? null,
  });
  return { shown, ids: [shown.id], listed: row, records: [] };
}

const KINDS = {
  'two-registrations': 'unit',
  'person-identifier-conflict': 'identity',
  'person-possibly-double': 'person',
} as const;

/** By which a judgement of two people is told from others, whichever is named first. */
export const pairKey = (one: number, other: number): string => `${Math.min(one, other)} ${Math.max(one, other)}`;

/** Of the two people of a conflict: as they are known by now, and as they were before they were joined to others. */
const pairsOf = ({ person_id, owner_id, home_id, owner_home_id }: PersonMatterRow): string[] =>
  owner_id === null || owner_home_id === null ? [] : [pairKey(person_id, owner_id), pairKey(home_id, owner_home_id)];

const isAbout = (g: JudgementRow, row: PersonMatterRow): boolean =>
  row.code === 'two-registrations'
    ? g.kind === 'unit' && g.person_id === row.person_id && (g.about ?? '') >= (row.about ?? '')
    : (row.code === 'person-identifier-conflict' &&
        g.kind === 'identity' &&
        g.source === row.source &&
        g.key === row.key) ||
      (g.kind === 'person' && pairsOf(row).includes(g.key));

function ofPerson(rows: readonly PersonMatterRow[], refOf: RefOf, judged: readonly JudgementRow[]): Matter {
  const first = rows[0] as PersonMatterRow;
  const unit = first.code === 'two-registrations';
  const shown = reviewMatter.parse({
    id: `E${first.id}`,
    kind: KINDS[first.code],
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
    absent: null,
    verdicts: unit ? ['keep CODE'] : first.owner_id === null ? ['different'] : ['same', 'different'],
    decided: judged.find((g) => isAbout(g, first))?.id ?? null,
  });
  return { shown, ids: rows.map(({ id }) => `E${id}`), listed: null, records: rows };
}

/** Reasons by which a person of the bureau may confirm that somebody has left (R09). */
export const LEAVING = ['離職', '轉校', '退休'] as const;

function ofAbsence(row: AbsenceRow, refOf: RefOf, judged: readonly JudgementRow[]): Matter {
  const decided = judged.find((g) => g.kind === 'absence' && g.source === row.source && g.key === row.key);
  const { institution_key, title, registered_at: registeredAt } = row;
  const shown = reviewMatter.parse({
    id: `A${row.id}`,
    kind: 'absence',
    why: 'missing-from-roster',
    name: row.name,
    person: row.person_id,
    listed: null,
    choices: [{ institution: refOf(institution_key), title, since: null, registeredAt }],
    otherPerson: null,
    absent: { since: row.since, nights: row.nights },
    verdicts: LEAVING.map((reason) => `ended ${reason}`),
    decided: decided?.id ?? null,
  });
  return { shown, ids: [shown.id], listed: null, records: [], absence: row };
}

/**
 * Everything that waits: the conflicts of people first.
 * @param nights in a row after which somebody who is missing is asked about; null: never
 */
export async function waitingMatters(db: Database | Transaction, nights: number | null = null): Promise<Matter[]> {
  const listed = await institutionMatters(db);
  const people = await personMatters(db);
  const absent = nights === null ? [] : await absenceMatters(db, nights);
  const judged = (await listJudgements(db)).filter(({ how }) => how === null);
  const keys = [
    ...listed.flatMap((row) => row.candidates),
    ...[...people, ...absent].flatMap((row) => row.institution_key ?? []),
  ];
  const refs = await institutionRefs(db, [...new Set(keys)], 'infinity');
  const refOf: RefOf = (key) => institutionOf(refs, key);
  // Of an identifier each record is a matter of its own; a conflict of units is one for all its records.
  const conflicts = Map.groupBy(people, (row) =>
    row.code === 'two-registrations' ? `unit ${row.person_id}` : `record ${row.id}`,
  );
  return [
    ...[...conflicts.values()].map((rows) => ofPerson(rows, refOf, judged)),
    ...absent.map((row) => ofAbsence(row, refOf, judged)),
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
      ended: row.end_reason === null ? null : { reason: row.end_reason, on: row.about },
      name: row.name,
      person: row.person_id,
      otherPerson: row.other_id,
      institution: row.institution_key === null ? null : institutionOf(refs, row.institution_key),
      reason: row.reason,
      by: row.decided_by,
      decidedAt: row.decided_at,
      status: row.how ?? 'in-force',
      end: row.how === null ? null : { by: row.ended_by, reason: row.ended_why, at: row.ended_at },
    }),
  );
}
