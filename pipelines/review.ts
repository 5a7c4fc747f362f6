/**
 * A person of the bureau decides what no rule can: which institution a listed kindergarten is, which unit has a person, that an identifier is another
 * person's. A judgement is recorded, and every run from then on reads it as an input; undone, the next run asks again.
 */
import type { JudgementLine } from '../schemas/outputs/review.ts';
import { ReviewError } from '../schemas/review-error.ts';
import type { ActingUser } from '../schemas/users.ts';
import { appendAudit } from '../warehouse/audit.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { holdToRole } from '../warehouse/hold-to-role.ts';
import {
  addJudgement,
  contradictedPair,
  decidedPerson,
  endJudgement,
  listJudgements,
  lockJudgements,
  type NewJudgement,
} from '../warehouse/judgements.ts';
import { institutionIdByKey } from '../warehouse/manual-values.ts';
import { personExists } from '../warehouse/views/explain.ts';
import { institutionRefs } from '../warehouse/views/report-institutions.ts';
import { listedCodeOf, type PersonMatterRow } from '../warehouse/views/review-matters.ts';
import { narrowTo } from './report/narrow-to.ts';
import { type Matter, pairKey, shownJudgements, waitingMatters } from './review-matters.ts';
import { tellRefusal } from './told-refusal.ts';

export const VERDICTS = ['same', 'different', 'keep', 'ended'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface ReviewDecision {
  /** `K3`, `E12`, `A7`. */
  id: string;
  verdict: Verdict;
  /** `CODE[:SECTION]` of the institution that is chosen; of an absence 離職, 轉校 or 退休. */
  code: string | null;
  /** Of an absence: ISO day from which the person is out; left out: since the night that missed the person first. */
  on?: string | null;
  /** As configured, `absence.nights`; left out: nobody who is missing is asked about. */
  nights?: number | null;
  reason: string;
  by: ActingUser;
  /** ISO moment. */
  when: string;
}

type Told = Pick<
  NewJudgement,
  'kind' | 'source' | 'key' | 'personId' | 'otherId' | 'institutionId' | 'parties' | 'about' | 'hmac' | 'endReason'
>;
const NOTHING = {
  personId: null,
  otherId: null,
  institutionId: null,
  parties: null,
  about: null,
  hmac: null,
  endReason: null,
};

/** The kindergarten that a listed one is: known to the care system, and no other listed one's. */
async function sameAs(trx: Transaction, matter: Matter, code: string): Promise<number> {
  const { key } = await narrowTo(trx, code);
  const ref = (await institutionRefs(trx, [key], 'infinity')).get(key);
  if (ref?.path !== 'kindergarten') throw new ReviewError('review-not-a-kindergarten', { code });
  const id = (await institutionIdByKey(trx, key)) as number;
  const taken = await listedCodeOf(trx, id);
  if (taken !== null && taken !== matter.listed?.code) throw new ReviewError('review-taken', { code, listed: taken });
  return id;
}

async function unitKept(trx: Transaction, { records, shown }: Matter, code: string): Promise<Told> {
  const { key } = await narrowTo(trx, code);
  const kept = records.find((row) => row.institution_key === key);
  const codes = shown.choices.map(({ institution }) => institution.code).join(', ');
  if (kept === undefined) throw new ReviewError('review-not-a-party', { code, codes });
  const days = records.flatMap(({ about }) => about ?? []).toSorted();
  return {
    ...NOTHING,
    kind: 'unit',
    source: kept.source,
    key: kept.key,
    personId: kept.person_id,
    institutionId: kept.institution_id,
    parties: [...new Set(records.flatMap(({ institution_id }) => institution_id ?? []))],
    about: days.at(-1) ?? null,
  };
}

async function toldOf(trx: Transaction, matter: Matter, { verdict, code, id, on }: ReviewDecision): Promise<Told> {
  const { absence } = matter;
  const wanted = code === null ? verdict : `${verdict} ${absence === undefined ? 'CODE' : code}`;
  if (!matter.shown.verdicts.includes(wanted))
    throw new ReviewError('review-verdict', { id, verdicts: matter.shown.verdicts.join(', ') });
  if (absence !== undefined) {
    const { source, key, person_id: personId, since } = absence;
    return { ...NOTHING, kind: 'absence', source, key, personId, about: on ?? since, endReason: code };
  }
  if (matter.listed !== null) {
    const institutionId = code === null ? null : await sameAs(trx, matter, code);
    return { ...NOTHING, kind: 'institution', source: matter.listed.source, key: matter.listed.key, institutionId };
  }
  if (matter.shown.kind === 'unit') return unitKept(trx, matter, code as string);
  const row = matter.records[0] as PersonMatterRow;
  const { source, key, person_id: personId, hmac } = row;
  if (verdict === 'same') return ofTwo(row.home_id, row.owner_home_id as number);
  if (matter.shown.kind === 'person') return ofTwo(personId, row.owner_id as number);
  return { ...NOTHING, kind: 'identity', source, key, personId, hmac };
}

/** Whether two people are one: then the lower number stays. */
const ofTwo = (one: number, other: number): Told => ({
  ...NOTHING,
  kind: 'person',
  source: 'person',
  key: pairKey(one, other),
  personId: Math.min(one, other),
  otherId: Math.max(one, other),
});

/**
 * Keeps a judgement and tells the audit trail. @param about what it is about, as the trail has it
 * @returns its number. @throws ReviewError where it would make one of two who were decided to be different
 */
async function record(
  trx: Transaction,
  told: Told,
  { verdict, reason, by, when }: Decided,
  about: Record<string, unknown>,
): Promise<number> {
  const number = await addJudgement(trx, { ...told, verdict, reason, by: by.name, at: when });
  const against = told.kind === 'person' ? await contradictedPair(trx) : null;
  if (against !== null) throw new ReviewError('review-contradicted', { number: against });
  await appendAudit(trx, {
    at: when,
    actor: by.name,
    action: 'judgement-made',
    subject: `judgement:${number}`,
    detail: { kind: told.kind, verdict, ...about, ...(told.otherId !== null && { other: told.otherId }), reason },
  });
  return number;
}

type Decided = Pick<ReviewDecision, 'verdict' | 'reason' | 'by' | 'when'>;

/** @throws ReviewError, InstitutionNotFoundError, UserRefusedError: nothing is decided then */
export async function decideReview(db: Database, decision: ReviewDecision): Promise<JudgementLine> {
  const { by, when } = decision;
  const id = decision.id.toUpperCase();
  // Whatever else was typed stands nowhere, the audit trail least of all (I8).
  if (!/^[A-Z]\d{1,9}$/.test(id)) throw new ReviewError('review-matter-unknown', { id });
  const decide = (): Promise<number> =>
    db.transaction(async (trx) => {
      await holdToRole(trx, by, ['bureau']);
      await lockJudgements(trx);
      const matter = (await waitingMatters(trx, decision.nights)).find(({ ids }) => ids.includes(id));
      if (matter === undefined) throw new ReviewError('review-matter-unknown', { id });
      const told = await toldOf(trx, matter, { ...decision, id });
      const of = told.personId === null ? `listed:${matter.listed?.code}` : `person:${told.personId}`;
      return record(trx, told, decision, { matter: id, of, institution: told.institutionId });
    });
  const number = await tellRefusal(db, { by, at: when, subject: `review:${id}` }, decide);
  return (await shownJudgements(db, true, number))[0] as JudgementLine;
}

/**
 * That two people are one though nothing asked: the next run carries it out. It is of the numbers that were named, also where one leads to another person by now: should
 * these part, each is with whom they were said to be.
 * @throws ReviewError, UserRefusedError: nothing is decided then
 */
export async function joinPersons(
  db: Database,
  { people, reason, by, when }: { people: readonly [number, number] } & Omit<Decided, 'verdict'>,
): Promise<JudgementLine> {
  const join = (): Promise<number> =>
    db.transaction(async (trx) => {
      await holdToRole(trx, by, ['bureau']);
      await lockJudgements(trx);
      for (const person of people)
        if (!(await personExists(trx, person))) throw new ReviewError('review-person-unknown', { person });
      const [one, other] = [await decidedPerson(trx, people[0]), await decidedPerson(trx, people[1])];
      if (one === other) throw new ReviewError('review-one-already', { person: one });
      const told = ofTwo(...people);
      return record(trx, told, { verdict: 'same', reason, by, when }, { of: `person:${told.personId}` });
    });
  const subject = `person:${people[0]}`;
  const number = await tellRefusal(db, { by, at: when, subject }, join);
  return (await shownJudgements(db, true, number))[0] as JudgementLine;
}

/** The next run asks again; what the judgement brought about stays where nothing else says otherwise. @throws ReviewError, UserRefusedError */
export async function undoJudgement(
  db: Database,
  { number, reason, by, when }: { number: number; reason: string; by: ActingUser; when: string },
): Promise<JudgementLine> {
  const undo = (): Promise<void> =>
    db.transaction(async (trx) => {
      await holdToRole(trx, by, ['bureau']);
      await lockJudgements(trx);
      const [row] = await listJudgements(trx, number);
      if (row === undefined) throw new ReviewError('review-judgement-unknown', { number });
      if (row.how !== null) throw new ReviewError('review-ended', { number });
      await endJudgement(trx, { id: number, how: 'undone', by: by.name, reason, at: when });
      await appendAudit(trx, {
        at: when,
        actor: by.name,
        action: 'judgement-undone',
        subject: `judgement:${number}`,
        detail: { kind: row.kind, verdict: row.verdict, reason },
      });
    });
  await tellRefusal(db, { by, at: when, subject: `judgement:${number}` }, undo);
  return (await shownJudgements(db, true, number))[0] as JudgementLine;
}
