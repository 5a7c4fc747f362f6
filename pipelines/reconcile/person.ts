/**
 * What one person's records mean for the roster. Pure: records, spells and nothing else; no clock, no chance. The rules:
 * - only an explicit 離職, 轉校, 退休 or 代理期滿 ends a spell (R09), or a newer registration elsewhere (R08); absence never does (I12);
 * - the newest registration sets the service unit; two on one day are a conflict that a person decides, and both stay;
 * - the unit of whom the care system shows in service changes only through the care system (R11): a school's registration beside it is kept
 *   as a secondary post and told; only a principal who heads the attached kindergarten too is the school's;
 * - a secondary post never becomes the service unit by itself: who has none left is asked about.
 */
import type { Finding, PlanChange, StaffRow } from '../../schemas/plan.ts';
import { asHeard, isHeard } from './as-stands.ts';
import { common } from './change-parts.ts';
import { dayOf, later, OPEN } from './days.ts';
import { endsBeforeStart, spellsEndedOn } from './end-spell.ts';
import { twoPrimaryUnits } from './one-primary.ts';
import { withOneVoice, withSecondaryPosts } from './posts.ts';
import { assignmentChanges, same } from './spell-change.ts';
import { claimsSince, endOf, isLost, type Standing, since, standingsOf } from './standing.ts';

export interface PersonPlan {
  changes: PlanChange[];
  findings: Finding[];
}

const PERSON_FIELDS = ['name', 'name_key', 'sex', 'birth_date', 'email', 'phone', 'certificate_no'] as const;

/** Survivorship: the record of the service unit speaks for the person, the school's before the kindergarten's, the newest before older. */
function speakers(standings: readonly Standing[]): StaffRow[] {
  const rank = (s: Standing): string =>
    [s.primary ? 1 : 0, s.serving ? 1 : 0, s.row.path === 'school' ? 1 : 0, s.row.registered_at].join('|');
  const ranked = standings.map((s) => ({ row: s.row, rank: rank(s) }));
  return ranked.toSorted((a, b) => (a.rank > b.rank ? -1 : a.rank < b.rank ? 1 : 0)).map(({ row }) => row);
}

/** Of what the speaker says nothing, the next one is heard: a source without e-mail addresses takes nobody's away. */
function personValues(rows: readonly StaffRow[]): Record<string, unknown> {
  const of = (field: (typeof PERSON_FIELDS)[number]) => rows.find((row) => row[field] !== null)?.[field] ?? null;
  return Object.fromEntries(PERSON_FIELDS.map((field) => [field, of(field)]));
}

function personChange(standings: readonly Standing[], ref: string): PlanChange | null {
  const rows = speakers(standings);
  const row = rows[0] as StaffRow;
  const after = personValues(rows);
  const known = row.person;
  const base = { ...common(row, ref), entity: 'person' as const, entityId: row.person_id, rule: 'R02', after };
  if (known === null) return { ...base, action: 'add', reason: '新增人員', effective: since(row), before: null };
  const before = Object.fromEntries(PERSON_FIELDS.map((f) => [f, known[f]]));
  if (same(before, after)) return null;
  return { ...base, action: 'change', reason: '資料更正', effective: dayOf(row.registered_at), before };
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

/** A spell of one day that begins as its record tells is a spell of one day: it stands for no end that lies before a start. */
function withToldStart(row: StaffRow): StaffRow {
  const from = row.spell?.stretches[0]?.from;
  return row.spell !== null && row.start_on === from ? { ...row, spell: { ...row.spell, began: row.start_on } } : row;
}

/** A key is of one person at one institution: a record that is at another by now does not say what became of the post that it had. */
const underOneKey = (row: StaffRow, ref: string): Finding => ({
  code: 'record-changed-institution',
  institutionKey: row.institution_key,
  subject: `${row.source} ${row.key}`,
  personRef: ref,
  params: {},
});

/** @param told all records of one person, in key order; at least one. */
export function reconcilePerson(told: readonly StaffRow[]): PersonPlan {
  const rows = asHeard(told);
  if (rows.length === 0) return { changes: [], findings: [] };
  const plan = reconcileRows(rows);
  // Of whom nothing new is said only what is open is judged anew: something of them was undone, or given back.
  return told.some(isHeard) ? plan : { ...plan, changes: [] };
}

function reconcileRows(rows: readonly StaffRow[]): PersonPlan {
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
  const placed = withSecondaryPosts(withOneVoice(rows.filter((r) => r.institution_key !== null).map(withToldStart)));
  if (placed.length === 0) return { changes: [], findings };
  const { standings, rivals } = standingsOf(placed);
  const changes: PlanChange[] = [];
  const person = personChange(standings, ref);
  if (person) changes.push(person);
  for (const s of standings) {
    const elsewhere = standings.some(
      (o) => o.row.institution_key !== s.row.institution_key && endOf(o)?.reason === '轉校',
    );
    changes.push(...assignmentChanges(s, ref, elsewhere));
  }
  const claiming = [...placed, ...rows.filter((r) => r.institution_key === null)];
  findings.push(...findingsOf(standings, rivals, ref), ...unitLost(claiming, standings, ref));
  findings.push(...twoPrimaryUnits(placed, changes, rivals, ref));
  return { changes, findings };
}
