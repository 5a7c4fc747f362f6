/**
 * What one person's records mean for the roster. Pure: records, spells and nothing else; no clock, no chance. The rules:
 * - only an explicit 離職, 轉校, 退休 or 代理期滿 ends a spell (R09), or a newer registration elsewhere (R08); absence never does (I12);
 * - the newest registration sets the service unit; two on one day are a conflict that a person decides, and both stay;
 * - the unit of whom the care system shows in service changes only through the care system (R11): a school's registration beside it is kept
 *   as a secondary post and told; only a principal who heads the attached kindergarten too is the school's;
 * - a secondary post never becomes the service unit by itself: who has none left is asked about.
 */
import { MANUAL_FIELDS } from '../../schemas/manual-values.ts';
import {
  type AbsenceJudgement,
  type Finding,
  type ManualValue,
  PARTED,
  type PlanChange,
  type StaffRow,
  type UnitJudgement,
} from '../../schemas/plan.ts';
import { PERSON_FIELDS, PRECEDENCE, type Precedence } from '../../schemas/precedence.ts';
import { asHeard, isHeard } from './as-stands.ts';
import { common } from './change-parts.ts';
import { dayOf, later, OPEN } from './days.ts';
import { endsBeforeStart, spellsEndedOn } from './end-spell.ts';
import { joinedChanges } from './joined-people.ts';
import { asAbsent, followsAbsence } from './judged-absence.ts';
import { asJudged, followsJudgement } from './judged-unit.ts';
import { byCause, causeOf, superfluous, superfluousParams, withHand } from './manual.ts';
import { twoPrimaryUnits } from './one-primary.ts';
import { withOneVoice, withSecondaryPosts } from './posts.ts';
import { type Claim, inOrder } from './precedence.ts';
import { assignmentChanges, same } from './spell-change.ts';
import { claimsSince, endOf, isLost, type Standing, since, standingsOf } from './standing.ts';

export interface PersonPlan {
  changes: PlanChange[];
  findings: Finding[];
}

/** A unit that another one took the person over from serves no more, though it never told an end (R08). */
const claimOf = ({ primary, serving, supersededBy, row }: Standing): Claim => ({
  primary,
  serving: serving && supersededBy === null && !isLost(row),
  school: row.path === 'school',
  registeredAt: row.registered_at,
});

/** Whose word on the person is heard first, for a field. */
const speakers = (standings: readonly Standing[], { order }: Precedence): StaffRow[] =>
  inOrder(order, standings, claimOf).map(({ row }) => row);

/** Of what the speaker says nothing, the next one is heard: a source without e-mail addresses takes nobody's away. */
function personValues(standings: readonly Standing[]): Record<string, unknown> {
  const heard = new Map<Precedence, StaffRow[]>();
  return Object.fromEntries(
    PERSON_FIELDS.map((field) => {
      const precedence = PRECEDENCE[field];
      const rows = heard.get(precedence) ?? speakers(standings, precedence);
      heard.set(precedence, rows);
      return [field, rows.find((row) => row[field] !== null)?.[field] ?? null];
    }),
  );
}

function personChange(standings: readonly Standing[], ref: string, manual: readonly ManualValue[]): PlanChange | null {
  const row = speakers(standings, PRECEDENCE.name)[0] as StaffRow;
  const after = withHand(personValues(standings), manual);
  const known = row.person;
  const base = { ...common(row, ref), entity: 'person' as const, entityId: row.person_id, rule: 'R02', after };
  const parted = standings.some(({ row: r }) => r.was_person !== null && r.joined_by === null);
  const reason = parted ? PARTED : '新增人員';
  if (known === null) return { ...base, action: 'add', reason, effective: since(row), before: null };
  const before = Object.fromEntries(PERSON_FIELDS.map((f) => [f, known[f]]));
  if (same(before, after)) return null;
  const bySource = {
    ...base,
    action: 'change' as const,
    reason: '資料更正',
    effective: dayOf(row.registered_at),
    before,
  };
  return { ...bySource, ...byCause(causeOf(before, after, manual), row.registered_at) };
}

/** Asked once for each record that says by itself what somebody set by hand. */
function superfluousOf(standings: readonly Standing[], ref: string, ofPerson: readonly ManualValue[]): Finding[] {
  if (ofPerson.length === 0 && standings.every((s) => s.manual.length === 0)) return [];
  const [speaker] = speakers(standings, PRECEDENCE.name);
  const told = personValues(standings);
  return standings.flatMap((s) => {
    const { row } = s;
    const duties = { title: row.title, titleCode: row.title_code, subjects: row.subjects };
    const found = [...(row === speaker ? superfluous(told, ofPerson) : []), ...superfluous(duties, s.manual)];
    if (found.length === 0) return [];
    const subject = `${row.source} ${row.key}`;
    const params = superfluousParams(found, MANUAL_FIELDS.person);
    return [{ code: 'manual-value-superfluous', institutionKey: row.institution_key, subject, personRef: ref, params }];
  });
}

function findingsOf(standings: readonly Standing[], rivals: readonly StaffRow[], ref: string): Finding[] {
  const findings: Finding[] = [];
  const about = (row: StaffRow) => ({
    institutionKey: row.institution_key,
    subject: `${row.source} ${row.key}`,
    personRef: ref,
  });
  for (const s of standings) {
    if (s.supersededBy && s.row.spell?.valid_to !== OPEN && s.row.spell !== null) continue;
    if (s.supersededBy)
      findings.push({ code: 'registered-elsewhere', ...about(s.row), params: { since: s.supersededBy.on } });
  }
  for (const { row } of standings) {
    if (row.spell === null || row.end_on === null) continue;
    const { target, withdrawn } = spellsEndedOn(row, row.spell, row.end_on);
    const until = row.end_on;
    if (endsBeforeStart(row, target))
      findings.push({ code: 'ended-before-start', ...about(row), params: { since: target.began as string, until } });
    for (const { stretches } of withdrawn)
      findings.push({
        code: 'return-withdrawn',
        ...about(row),
        params: { since: stretches[0]?.from as string, until },
      });
  }
  for (const row of rivals)
    findings.push({ code: 'two-registrations', ...about(row), params: { on: claimsSince(row) } });
  const kindergarten = standings.find((s) => s.primary && s.row.path === 'kindergarten');
  for (const s of standings) {
    // A school that was closed for the kindergarten's registration may go on listing the person (R08): it registers nobody.
    const claims = s.serving && !s.supersededBy && s.row.path === 'school' && s.row.is_primary && !isLost(s.row);
    if (kindergarten && claims)
      findings.push({ code: 'kindergarten-not-released', ...about(s.row), params: { since: since(s.row) } });
  }
  return findings;
}

/**
 * Who left the primary unit and goes on elsewhere as 兼任 (主聘=否) has no service unit any more (R08): no other post is taken for it, the
 * institution of each that remains is asked. A claim to be the unit, even one in a conflict or of an unknown institution, is enough not to ask; who never
 * had a primary unit here is not asked about either: theirs may be in another city.
 */
function unitLost(rows: readonly StaffRow[], standings: readonly Standing[], ref: string): Finding[] {
  if (rows.some((row) => row.end_on === null && row.is_primary && !isLost(row))) return [];
  const left = standings
    .filter(({ row }) => (row.spell?.is_primary ?? row.is_primary) && (row.end_on !== null || isLost(row)))
    .map(({ row }) => row.end_on ?? (row.spell?.valid_to as string));
  if (left.length === 0) return [];
  return standings
    .filter(({ row, serving }) => serving && !row.is_primary && !isLost(row))
    .map(({ row }) => ({
      code: 'no-primary-unit',
      institutionKey: row.institution_key,
      subject: `${row.source} ${row.key}`,
      personRef: ref,
      params: { since: left.reduce(later) },
    }));
}

/** A key is of one person at one institution: a record that is at another by now does not say what became of the post that it had. */
const underOneKey = (row: StaffRow, ref: string): Finding => ({
  code: 'record-changed-institution',
  institutionKey: row.institution_key,
  subject: `${row.source} ${row.key}`,
  personRef: ref,
  params: {},
});

const ofUnit = (manual: readonly ManualValue[], row: StaffRow): ManualValue[] =>
  manual.filter((m) => m.institutionKey !== null && m.institutionKey === row.institution_key);

/**
 * @param told all records of one person, in key order; at least one
 * @param manual what was ever set by hand of that person, newest first
 * @param judgement which unit has the person, where somebody decided that
 * @param absences of which of the records somebody decided that the person has left
 */
export function reconcilePerson(
  told: readonly StaffRow[],
  manual: readonly ManualValue[] = [],
  judgement: UnitJudgement | null = null,
  absences: readonly AbsenceJudgement[] = [],
): PersonPlan {
  const rows = asHeard(told, judgement, manual);
  if (rows.length === 0) return { changes: [], findings: [] };
  const plan = reconcileRows(rows, manual, judgement, absences);
  // Of whom nothing new is said, nor set or judged by hand, only what is open is judged anew: something of them was undone, or given back.
  const changesHands = told.some(({ was_person }) => was_person !== null);
  const byHand = manual.length > 0 || judgement !== null || absences.length > 0 || changesHands;
  return byHand || told.some(isHeard) ? plan : { ...plan, changes: [] };
}

function reconcileRows(
  rows: readonly StaffRow[],
  manual: readonly ManualValue[],
  judgement: UnitJudgement | null,
  absences: readonly AbsenceJudgement[],
): PersonPlan {
  const ref = (rows[0] as StaffRow).person_ref;
  const findings: Finding[] = rows
    .filter((r) => r.institution_key === null)
    .map((r) => ({
      code: 'institution-unknown',
      institutionKey: null,
      subject: `${r.source} ${r.key}`,
      personRef: ref,
      params: {},
    }));
  const moved = rows.filter((row) => row.moved && row.spell?.valid_to === OPEN);
  if (moved.length > 0) return { changes: [], findings: [...findings, ...moved.map((row) => underOneKey(row, ref))] };
  const heard = withSecondaryPosts(withOneVoice(rows.filter((r) => r.institution_key !== null)));
  const placed = asAbsent(asJudged(heard, judgement), absences);
  if (placed.length === 0) return { changes: [], findings };
  const ofPerson = manual.filter((m) => m.institutionKey === null);
  const { standings: told, rivals } = standingsOf(placed);
  // What is set by hand of a post changes what the post is called, never whose it is: it comes in after the records were weighed.
  const standings = told.map((s) => ({ ...s, manual: ofUnit(manual, s.row) }));
  const changes: PlanChange[] = [];
  const person = personChange(standings, ref, ofPerson);
  if (person) changes.push(person);
  changes.push(...joinedChanges(rows, placed, ref));
  for (const s of standings) {
    const elsewhere = standings.some(
      (o) => o.row.institution_key !== s.row.institution_key && endOf(o)?.reason === '轉校',
    );
    changes.push(
      ...assignmentChanges(s, ref, elsewhere).map((change) =>
        followsAbsence(followsJudgement(change, judgement), absences),
      ),
    );
  }
  const claiming = [...placed, ...rows.filter((r) => r.institution_key === null)];
  findings.push(...findingsOf(standings, rivals, ref), ...unitLost(claiming, standings, ref));
  findings.push(...twoPrimaryUnits(placed, changes, rivals, ref), ...superfluousOf(standings, ref, ofPerson));
  return { changes, findings };
}
