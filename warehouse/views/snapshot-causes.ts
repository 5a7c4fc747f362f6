/**
 * What was recorded between two snapshots and bears on the rows that differ: versions that one of them sees as known or in force and the other does not, identifiers and
 * spells that changed hands, codes that were learnt, and what was taken back. By the moments alone, so the answer never changes while the history is kept.
 */
import { JOINED, PARTED } from '../../schemas/plan.ts';
import { UNDATED } from '../../schemas/undated.ts';
import type { Transaction } from '../connect.ts';
import { movedIn } from '../joined-people.ts';
import type { SnapshotMoments } from './snapshot-visible.ts';

export type CausePart =
  | 'person'
  | 'assignment'
  | 'holder'
  | 'identifier'
  | 'identity'
  | 'institution'
  | 'code'
  | 'account';

export interface CauseRow {
  /** The person or institution that it bears on. */
  entity: number;
  part: CausePart;
  reason: string;
  rule: string;
  run_id: number;
  recorded_at: string;
  /** Null where a source does not say: of identifiers, codes, and what was taken back. */
  registered_at: string | null;
  /** Registered before the earlier cut-off, and recorded after what the earlier snapshot has. */
  late: boolean;
  /** A value set by hand, a judgement, or an undoing. */
  by_hand: boolean;
  /** Whether the newer snapshot knows of it. */
  known: boolean;
  /** Columns of the version's table in which it differs from the one that it replaced; null where all of it came or went. */
  touches: string[] | null;
  /** By the columns of a snapshot, where it says them. */
  values: Record<string, unknown> | null;
}

/** Bindings of both snapshots. */
const both = (older: SnapshotMoments, newer: SnapshotMoments) => ({
  through: older.through,
  cutOff: older.cutOff,
  day: older.day,
  nextThrough: newer.through,
  nextCutOff: newer.cutOff,
  nextDay: newer.day,
});

const KNOWN = '(v.recorded_from <= :through AND v.registered_at < :cutOff)';
const KNOWN_NEXT = '(v.recorded_from <= :nextThrough AND v.registered_at < :nextCutOff)';
const onDay = (day: string): string => `(v.valid_from <= :${day} AND v.valid_to > :${day})`;
/** Recorded between the two, whichever is the earlier. */
const between = (moment: string): string =>
  `(${moment} > least(CAST(:through AS timestamptz), :nextThrough) AND ${moment} <= greatest(CAST(:through AS timestamptz), :nextThrough))`;
/** Who says no date says nothing of whether it was before the cut-off. */
const LATE = `(v.registered_at > '${UNDATED}' AND v.recorded_from > least(CAST(:through AS timestamptz), :nextThrough) AND v.registered_at < least(CAST(:cutOff AS timestamptz), :nextCutOff))`;

type Versioned = 'person' | 'assignment' | 'institution' | 'account';

/** What of a version can bring a difference about, beside its days. */
const COLUMNS: Readonly<Record<Versioned, readonly string[]>> = {
  person: ['name'],
  assignment: ['title', 'title_code', 'subjects', 'is_primary', 'end_reason'],
  institution: ['path', 'name', 'section', 'ownership', 'legal_class', 'district', 'status'],
  account: ['account_kind', 'id_hmac', 'holder_name', 'state'],
};

/** Columns in which a version `v` differs from those whose days it takes; null where there was none. */
const touchesOf = (entity: Versioned): string => {
  const differs = [...COLUMNS[entity], 'valid_from', 'valid_to'].map(
    (column) => `CASE WHEN bool_or(o.${column} IS DISTINCT FROM v.${column}) THEN '${column}' END`,
  );
  return `(
      SELECT CASE WHEN count(*) > 0 THEN array_remove(ARRAY[${differs.join(', ')}], NULL) END FROM warehouse.${entity}_version o
      WHERE o.${entity}_id = v.${entity}_id AND o.recorded_to = v.recorded_from AND o.valid_from < v.valid_to AND o.valid_to > v.valid_from)`;
};

/**
 * Versions that one of the two does not know, or that are in force on one day only. What only goes on, or stands for the days before a change, says nothing of its own.
 * @param joined rows of (entity, thing): on whom it bears, and whose versions
 */
const versions = (entity: Versioned, joined: string, values: string, part: CausePart = entity): string => `
  SELECT * FROM (
    SELECT d.entity, '${part}' AS part, v.reason, v.rule, v.run_id, v.recorded_from AS recorded_at, v.registered_at, ${LATE} AS late,
           v.manual_value IS NOT NULL OR v.judgement_id IS NOT NULL OR r.kind = 'revert' AS by_hand, ${KNOWN_NEXT} AS known, ${touchesOf(entity)} AS touches, ${values} AS values
    FROM (${joined}) AS d JOIN warehouse.${entity}_version v ON v.${entity}_id = d.thing
    JOIN ops.run r ON r.id = v.run_id AND r.recorded_at = v.recorded_from
    WHERE ${KNOWN} <> ${KNOWN_NEXT} OR (${KNOWN} AND ${onDay('day')} <> ${onDay('nextDay')})
    -- What it touches is found once.
    OFFSET 0) AS told
  WHERE touches IS NULL OR NOT touches <@ ARRAY['valid_to']
  UNION ALL
  SELECT d.entity, '${part}', '撤銷執行', '', w.run_id, w.recorded_at, NULL, false, true, true, NULL, NULL
  FROM (${joined}) AS d JOIN warehouse.withdrawal w ON w.entity = '${entity}' AND w.entity_id = d.thing WHERE ${between('w.recorded_at')}`;

/** Whose a spell `a` was known to be through a moment, where that is not whose it is. */
const knownAt = (moment: string): string => `(
    SELECT p.person_id FROM warehouse.past_assignment p WHERE p.assignment_id = a.id AND p.recorded_to > :${moment} ORDER BY p.recorded_to LIMIT 1)`;

/** Spells that are another's in the newer snapshot, by decisions about who is one person. */
const changedHands = (joined: string): string => `
  SELECT d.entity, 'identity', CASE WHEN p.person_id = coalesce(a.home_id, a.person_id) THEN '${JOINED}' ELSE '${PARTED}' END, '', r.id, p.recorded_to, NULL, false, true, true, NULL, NULL
  FROM (${joined}) AS d JOIN warehouse.past_assignment p ON p.assignment_id = d.thing JOIN warehouse.assignment a ON a.id = p.assignment_id
  JOIN ops.run r ON r.recorded_at = p.recorded_to
  WHERE ${between('p.recorded_to')} AND coalesce(${knownAt('through')}, a.person_id) <> coalesce(${knownAt('nextThrough')}, a.person_id)`;

const SPELLS = `
  SELECT e.id AS entity, a.id AS thing FROM differing_entity e JOIN warehouse.assignment a ON a.person_id = e.id
  UNION SELECT e.id, p.assignment_id FROM differing_entity e JOIN warehouse.past_assignment p ON p.person_id = e.id`;
const SELF = 'SELECT id AS entity, id AS thing FROM differing_entity';
const STAFF =
  'SELECT e.id AS entity, a.id AS thing FROM differing_entity e JOIN warehouse.assignment a ON a.institution_id = e.id';
const ACCOUNTS =
  'SELECT e.id AS entity, a.id AS thing FROM differing_entity e JOIN warehouse.account a ON a.institution_id = e.id';
/** Their spells at the school. */
const HOLDER_SPELLS = `
  SELECT DISTINCT e.id AS entity, s.id AS thing FROM differing_entity e JOIN warehouse.account a ON a.institution_id = e.id
  JOIN warehouse.account_version v ON v.account_id = a.id JOIN warehouse.person_identifier p ON p.hmac = v.id_hmac
  JOIN warehouse.assignment s ON s.person_id = p.person_id AND s.institution_id = e.id`;
/** Who holds the accounts of a school, where they are known as people: their names are shown where the account says none. */
const HOLDERS = `
  SELECT DISTINCT e.id AS entity, p.person_id AS thing FROM differing_entity e JOIN warehouse.account a ON a.institution_id = e.id
  JOIN warehouse.account_version v ON v.account_id = a.id JOIN warehouse.person_identifier p ON p.hmac = v.id_hmac`;

/** The registration that taught an identifier is that of what the same run wrote of the person. */
const IDENTIFIERS = `
  SELECT e.id, 'identifier', CASE WHEN t.came THEN '取得識別碼' ELSE '識別碼不再適用' END, 'R02', r.id, r.recorded_at, g.registered_at,
         coalesce(g.registered_at < least(CAST(:cutOff AS timestamptz), :nextCutOff), false), t.moved, true, NULL, NULL
  FROM differing_entity e
  CROSS JOIN LATERAL (
    SELECT p.run_id, true AS came, ${movedIn('p')} AS moved FROM warehouse.person_identifier p WHERE p.person_id = e.id
    UNION ALL SELECT p.run_id, true, ${movedIn('p')} FROM warehouse.past_identifier p WHERE p.person_id = e.id
    UNION ALL SELECT p.until_run_id, false, true FROM warehouse.past_identifier p WHERE p.person_id = e.id) AS t
  JOIN ops.run r ON r.id = t.run_id
  LEFT JOIN LATERAL (
    SELECT max(v.registered_at) AS registered_at FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id
    WHERE a.person_id = e.id AND v.run_id = r.id) AS g ON true
  WHERE ${between('r.recorded_at')}`;

const CODES = `
  SELECT e.id, 'code', '代碼對照', 'R02', r.id, c.at, NULL, NOT c.by_hand, c.by_hand, true, NULL, NULL
  FROM differing_entity e
  JOIN (SELECT institution_id, recorded_from AS at, judgement_id IS NOT NULL AS by_hand FROM warehouse.institution_code
        UNION ALL SELECT institution_id, recorded_from, false FROM warehouse.past_institution_code
        UNION ALL SELECT institution_id, recorded_to, true FROM warehouse.past_institution_code) AS c ON c.institution_id = e.id
  LEFT JOIN ops.run r ON r.recorded_at = c.at
  WHERE ${between('c.at')}`;

const PERSON_VALUES = `jsonb_build_object('name', v.name)`;
const SPELL_VALUES = `jsonb_build_object('title', v.title, 'title_kind', v.title_code, 'subjects', v.subjects)`;
const INSTITUTION_VALUES = `jsonb_build_object('institution_name', v.name, 'ownership', v.ownership, 'district', v.district, 'section', v.section)`;
const UNSAID = 'NULL::jsonb';
const ACCOUNT_VALUES = `jsonb_build_object('account', (SELECT a.account_name FROM warehouse.account a WHERE a.id = v.account_id))`;

const OF_PEOPLE = [
  versions('person', SELF, PERSON_VALUES),
  versions('assignment', SPELLS, SPELL_VALUES),
  changedHands(SPELLS),
  IDENTIFIERS,
];
const OF_INSTITUTIONS = [versions('institution', SELF, INSTITUTION_VALUES), CODES];
const OF_SCHOOLS = [
  ...OF_INSTITUTIONS,
  versions('account', ACCOUNTS, ACCOUNT_VALUES),
  versions('person', HOLDERS, UNSAID),
  versions('assignment', HOLDER_SPELLS, UNSAID, 'holder'),
  versions('assignment', STAFF, UNSAID),
  changedHands(STAFF),
];

async function causes(
  trx: Transaction,
  moments: readonly [SnapshotMoments, SnapshotMoments],
  entities: readonly number[],
  parts: readonly string[],
): Promise<CauseRow[]> {
  if (entities.length === 0) return [];
  await trx.raw('DROP TABLE IF EXISTS differing_entity');
  await trx.raw(
    'CREATE TEMP TABLE differing_entity ON COMMIT DROP AS SELECT DISTINCT unnest(CAST(? AS bigint[])) AS id',
    [[...entities]],
  );
  await trx.raw('CREATE UNIQUE INDEX ON differing_entity (id); ANALYZE differing_entity');
  const { rows } = await trx.raw(
    `SELECT DISTINCT * FROM (${parts.join(' UNION ALL ')}) AS c ORDER BY entity, recorded_at, run_id, part, reason`,
    both(...moments) as never,
  );
  return rows;
}

/** Of people, by their numbers. @param moments of the older and of the newer snapshot */
export const causesOfPeople = (
  trx: Transaction,
  moments: readonly [SnapshotMoments, SnapshotMoments],
  people: readonly number[],
) => causes(trx, moments, people, OF_PEOPLE);

/** Of the institutions themselves, as rows of teachers name them. */
export const causesOfInstitutions = (
  trx: Transaction,
  moments: readonly [SnapshotMoments, SnapshotMoments],
  ids: readonly number[],
) => causes(trx, moments, ids, OF_INSTITUTIONS);

/** Of the rows of a school plan: also their accounts and staff. */
export const causesOfSchools = (
  trx: Transaction,
  moments: readonly [SnapshotMoments, SnapshotMoments],
  ids: readonly number[],
) => causes(trx, moments, ids, OF_SCHOOLS);

/** Institutions that a code and section stood for, at whatever moment. @returns ids by `code section` */
export async function institutionsNamed(
  trx: Transaction,
  names: readonly (readonly [string, string])[],
): Promise<Map<string, number[]>> {
  const { rows } = await trx.raw(
    `SELECT n.code, n.section, jsonb_agg(DISTINCT c.institution_id) AS ids
     FROM jsonb_to_recordset(CAST(? AS jsonb)) AS n (code text, section text)
     JOIN (SELECT system, code, section, institution_id FROM warehouse.institution_code
           UNION ALL SELECT system, code, section, institution_id FROM warehouse.past_institution_code) AS c
       ON c.code = n.code AND c.section = n.section AND c.system IN ('school', 'care')
     GROUP BY n.code, n.section`,
    [JSON.stringify(names.map(([code, section]) => ({ code, section })))],
  );
  return new Map(rows.map((r: { code: string; section: string; ids: number[] }) => [`${r.code} ${r.section}`, r.ids]));
}

/** Whom somebody's spells were known to be of by the newer snapshot, of people of the older one who are another by then. */
export async function laterPeople(
  trx: Transaction,
  moments: readonly [SnapshotMoments, SnapshotMoments],
  people: readonly number[],
): Promise<Map<number, number>> {
  if (people.length === 0) return new Map();
  const { rows } = await trx.raw(
    `SELECT was, min(is_now) AS is_now FROM (
       SELECT coalesce(${knownAt('through')}, a.person_id) AS was, coalesce(${knownAt('nextThrough')}, a.person_id) AS is_now
       FROM warehouse.assignment a
       WHERE a.person_id = ANY (:people) OR a.id IN (SELECT assignment_id FROM warehouse.past_assignment WHERE person_id = ANY (:people))) AS spells
     WHERE was = ANY (:people) AND was <> is_now GROUP BY was HAVING count(DISTINCT is_now) = 1`,
    { ...both(...moments), people: [...people] } as never,
  );
  return new Map(rows.map((r: { was: number; is_now: number }) => [r.was, r.is_now]));
}
