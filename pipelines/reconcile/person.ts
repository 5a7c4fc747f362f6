/**
 * What one person's records mean for the roster. Pure: records, spells and nothing else; no clock, no chance. The rules:
 * - only an explicit 離職, 轉校, 退休 or 代理期滿 ends a spell (R09), or a newer registration elsewhere (R08); absence never does (I12);
 * - the newest registration sets the service unit; two on one day are a conflict that a person decides, and both stay;
 * - the unit of whom the care system shows in service changes only through the care system (R11): a school's registration beside it is kept
 *   as a secondary post and told; only a principal who heads the attached kindergarten too is the school's.
 */
import type { Finding, PlanChange, StaffRow } from '../../schemas/plan.ts';

export interface PersonPlan {
  changes: PlanChange[];
  findings: Finding[];
}

const OPEN = 'infinity';
const dayOf = (moment: string): string => moment.slice(0, 10);
/**
 * Day from which a unit claims the person: the source's own start, else the start of the spell that the record opened, else the day it was
 * registered. A later correction of the row (a new title) is no new claim.
 */
const since = (row: StaffRow): string => row.start_on ?? row.spell?.valid_from ?? dayOf(row.registered_at);
const later = (a: string, b: string): string => (a > b ? a : b);

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

interface Standing {
  row: StaffRow;
  /** Not told to have ended. */
  serving: boolean;
  /** Another unit registered the person later: closed here as 轉校 (R08). */
  supersededBy: StaffRow | null;
  /** The record that sets the service unit, where that is another one. */
  yieldsTo: StaffRow | null;
  primary: boolean;
}

const inService = (row: StaffRow): boolean => row.end_on === null;

/** 職別 of a school principal (domain.md §4), who is also shown as the head of the attached kindergarten. */
const PRINCIPAL = 1;

/**
 * The records that may set the service unit. Whom the care system shows in service belongs to the kindergarten until the care system says
 * otherwise (R11), with one reading: a principal who heads the attached kindergarten too is the school's (R03).
 */
function contendersOf(claims: readonly StaffRow[]): readonly StaffRow[] {
  const kindergartens = claims.filter((r) => r.path === 'kindergarten');
  const schools = claims.filter((r) => r.path === 'school');
  if (kindergartens.length === 0) return schools;
  return schools.some((r) => r.title_code === PRINCIPAL) ? schools : kindergartens;
}

/** The one record that sets the service unit, or null with the rivals when two say so on one day. */
function primaryOf(rows: readonly StaffRow[]): { winner: StaffRow | null; rivals: StaffRow[] } {
  const contenders = contendersOf(rows.filter((r) => inService(r) && r.is_primary && !isLost(r)));
  const units = new Set(contenders.map((r) => r.institution_key));
  if (units.size <= 1) return { winner: contenders[0] ?? null, rivals: [] };
  const newest = contenders.map(since).reduce(later);
  const leading = contenders.filter((r) => since(r) === newest);
  const leadingUnits = new Set(leading.map((r) => r.institution_key));
  return leadingUnits.size === 1 ? { winner: leading[0] as StaffRow, rivals: [] } : { winner: null, rivals: leading };
}

/** A record whose spell was closed for a registration elsewhere claims nothing any more, until the school registers the person anew. */
function isLost({ spell, start_on }: StaffRow): boolean {
  const lost = spell !== null && spell.valid_to !== OPEN && spell.rule === 'R08';
  return lost && (start_on === null || start_on <= spell.valid_to);
}

function standingsOf(rows: readonly StaffRow[]): { standings: Standing[]; rivals: StaffRow[] } {
  const { winner, rivals } = primaryOf(rows);
  // In a conflict the unit that stands goes on standing until a person decides.
  const kept =
    winner ?? rows.find((r) => inService(r) && r.spell?.valid_to === OPEN && r.spell.is_primary) ?? rivals[0] ?? null;
  const standings = rows.map((row): Standing => {
    const serving = inService(row);
    const loses =
      serving &&
      row.is_primary &&
      winner !== null &&
      row.institution_key !== winner.institution_key &&
      row.path === 'school' &&
      since(row) < since(winner);
    return {
      row,
      serving,
      supersededBy: loses ? winner : null,
      yieldsTo: kept !== null && kept !== row ? kept : null,
      primary:
        serving && !loses && (kept === null ? false : row.is_primary && row.institution_key === kept.institution_key),
    };
  });
  return { standings, rivals };
}

const common = (row: StaffRow, ref: string) => ({
  institutionKey: row.institution_key as string,
  source: row.source,
  sourceKey: row.key,
  personRef: ref,
  registeredAt: row.registered_at,
  objectId: row.object_id,
  rowNo: row.row_no,
});

const assignmentValues = (s: Standing) => ({
  title: s.row.title,
  titleCode: s.row.title_code,
  subjects: s.row.subjects,
  isPrimary: s.primary,
  onLeave: s.row.on_leave,
});

function spellValues(spell: NonNullable<StaffRow['spell']>): Record<string, unknown> {
  return {
    title: spell.title,
    titleCode: spell.title_code,
    subjects: spell.subjects,
    isPrimary: spell.is_primary,
    onLeave: spell.on_leave,
  };
}

const CHANGE_REASONS: readonly (readonly [field: string, reason: string, rule: string])[] = [
  ['onLeave', '留職停薪異動', 'R10'],
  ['isPrimary', '主聘異動', 'R08'],
  ['title', '職稱異動', 'R07'],
  ['titleCode', '職稱異動', 'R07'],
  ['subjects', '任教科目異動', 'R07'],
];
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function endOf(s: Standing): { on: string; reason: string; rule: string; registeredAt: string } | null {
  if (s.supersededBy) {
    const registeredAt = later(s.row.registered_at, s.supersededBy.registered_at);
    return { on: since(s.supersededBy), reason: '轉校', rule: 'R08', registeredAt };
  }
  if (s.serving) return null;
  return {
    on: s.row.end_on as string,
    reason: s.row.end_reason ?? '離職',
    rule: 'R09',
    registeredAt: s.row.registered_at,
  };
}

function openSpell(s: Standing, ref: string, spell: number, reason: string, effective = since(s.row)): PlanChange {
  const rule = s.row.path === 'school' ? 'R08' : 'R11';
  return {
    ...common(s.row, ref),
    entity: 'assignment',
    action: 'add',
    entityId: null,
    reason,
    rule,
    effective,
    before: null,
    after: { ...assignmentValues(s), spell },
  };
}

/** A record that arrives already ended leaves its history: an ended spell, and the person on record (R09). */
function closedSpell(s: Standing, ref: string, spell: number, end: NonNullable<ReturnType<typeof endOf>>): PlanChange {
  const from = since(s.row) < end.on ? since(s.row) : dayBefore(end.on);
  return {
    ...common(s.row, ref),
    registeredAt: end.registeredAt,
    entity: 'assignment',
    action: 'add',
    entityId: null,
    reason: end.reason,
    rule: end.rule,
    effective: from,
    before: null,
    after: { ...assignmentValues(s), isPrimary: s.row.is_primary, spell, validTo: end.on, endReason: end.reason },
  };
}

type Spell = NonNullable<StaffRow['spell']>;
type End = NonNullable<ReturnType<typeof endOf>>;

function endSpell(s: Standing, ref: string, spell: Spell, end: End): PlanChange {
  return {
    ...common(s.row, ref),
    registeredAt: end.registeredAt,
    entity: 'assignment',
    action: 'end',
    entityId: spell.id,
    reason: end.reason,
    rule: end.rule,
    effective: end.on,
    before: spellValues(spell),
    after: { endReason: end.reason },
  };
}

/** What a record says of a spell that had ended: the same end, a corrected one, none at all (withdrawn), or a return as a new spell. */
function endedSpellChange(
  s: Standing,
  ref: string,
  spell: Spell,
  end: End | null,
  elsewhere: boolean,
): PlanChange | null {
  const { row } = s;
  if (end) {
    const saidBefore = end.on === spell.valid_to && end.reason === spell.end_reason;
    return saidBefore || end.rule === 'R08' ? null : endSpell(s, ref, spell, end);
  }
  if (isLost(row)) return null;
  const registered = dayOf(row.registered_at);
  const sameSpell = row.start_on === null ? registered < spell.valid_to : row.start_on <= spell.valid_from;
  if (!sameSpell) {
    const from = later(row.start_on ?? registered, spell.valid_to);
    return openSpell(s, ref, spell.spell + 1, elsewhere ? '轉入' : '回任', from);
  }
  return {
    ...common(row, ref),
    entity: 'assignment',
    action: 'change',
    entityId: spell.id,
    reason: '異動撤銷',
    rule: 'R09',
    effective: spell.valid_from,
    before: { ...spellValues(spell), validTo: spell.valid_to, endReason: spell.end_reason },
    after: assignmentValues(s),
  };
}

function assignmentChange(s: Standing, ref: string, elsewhere: boolean): PlanChange | null {
  const { row } = s;
  const end = endOf(s);
  const spell = row.spell;
  if (spell === null) {
    if (end) return closedSpell(s, ref, 1, end);
    return openSpell(s, ref, 1, elsewhere ? '轉入' : row.known_source ? '新進' : '首次登錄');
  }
  if (spell.valid_to !== OPEN) return endedSpellChange(s, ref, spell, end, elsewhere);
  if (end) return endSpell(s, ref, spell, end);
  const before = spellValues(spell);
  const after = assignmentValues(s);
  const changed = CHANGE_REASONS.find(([field]) => !same(before[field], after[field as keyof typeof after]));
  if (!changed) return null;
  const [field, reason, rule] = changed;
  // A post that becomes secondary because of another registration is known from that registration on, not before (R24).
  const registeredAt =
    field === 'isPrimary' && s.yieldsTo ? later(row.registered_at, s.yieldsTo.registered_at) : row.registered_at;
  return {
    ...common(row, ref),
    registeredAt,
    entity: 'assignment',
    action: 'change',
    entityId: spell.id,
    reason,
    rule,
    effective: dayOf(registeredAt),
    before,
    after,
  };
}

const PERSON_FIELDS = ['name', 'name_key', 'sex', 'birth_date', 'email', 'phone', 'certificate_no'] as const;

/** Survivorship: the record of the service unit speaks for the person, the school's before the kindergarten's, the newest before older. */
function speaker(standings: readonly Standing[]): StaffRow {
  const rank = (s: Standing): string =>
    [s.primary ? 1 : 0, s.serving ? 1 : 0, s.row.path === 'school' ? 1 : 0, s.row.registered_at].join('|');
  return standings.reduce((best, s) => (rank(s) > rank(best) ? s : best)).row;
}

function personChange(standings: readonly Standing[], ref: string): PlanChange | null {
  const row = speaker(standings);
  const after = Object.fromEntries(PERSON_FIELDS.map((f) => [f, row[f]]));
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
      findings.push({ code: 'registered-elsewhere', ...about(s.row), params: { since: since(s.supersededBy) } });
  }
  for (const row of rivals) findings.push({ code: 'two-registrations', ...about(row), params: { on: since(row) } });
  const kindergarten = standings.find((s) => s.primary && s.row.path === 'kindergarten');
  for (const s of standings) {
    const refused = kindergarten && s.serving && !s.supersededBy && s.row.path === 'school' && s.row.is_primary;
    if (refused) findings.push({ code: 'kindergarten-not-released', ...about(s.row), params: { since: since(s.row) } });
  }
  return findings;
}

/** @param rows all records of one person, in key order; at least one. */
export function reconcilePerson(rows: readonly StaffRow[]): PersonPlan {
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
  const placed = rows.filter((r) => r.institution_key !== null);
  if (placed.length === 0) return { changes: [], findings };
  const { standings, rivals } = standingsOf(placed);
  const changes: PlanChange[] = [];
  const person = personChange(standings, ref);
  if (person) changes.push(person);
  for (const s of standings) {
    const elsewhere = standings.some(
      (o) => o.row.institution_key !== s.row.institution_key && endOf(o)?.reason === '轉校',
    );
    const change = assignmentChange(s, ref, elsewhere);
    if (change) changes.push(change);
  }
  findings.push(...findingsOf(standings, rivals, ref));
  return { changes, findings };
}
