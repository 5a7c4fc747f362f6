/**
 * Which institution a record speaks for, as SQL that other statements join. An institution is named by its key `source:source_key` until
 * it has a surrogate id. A roster row without 學制 is resolved only where its code has one section.
 */
import type { Transaction } from '../connect.ts';
import { knownAsNone, replayCrosswalk } from '../judgements.ts';
import { isSetAside } from '../reverts/reverted-words.ts';

/** How the codes of an institution source are read. `map` is the care system's public map: its sids, without its authority. */
export type CodeSystem = 'school' | 'care' | 'map' | 'moe-kindergarten';
export type SystemsBySource = Readonly<Record<string, CodeSystem>>;

const named = (systems: SystemsBySource, system: CodeSystem): string[] =>
  Object.keys(systems).filter((source) => systems[source] === system);

/**
 * Configured sources that say what an institution is, the first word first. Of schools it is the list named first; of kindergartens the care system alone
 * (R11), and the public map only in an installation that has no care system: it never overrides it.
 */
export function authorities(systems: SystemsBySource): { schools: string[]; kindergartens: string[] } {
  const care = named(systems, 'care');
  return { schools: named(systems, 'school'), kindergartens: care.length > 0 ? care : named(systems, 'map') };
}

/** SQL: the configured source that a source is (a part of). */
const drop = (alias: string): string => `split_part(${alias}.source, '/', 1)`;

/** SQL: an institution that an undone run had brought, and that nothing tells of since: for those who name it, it is unknown. */
const TAKEN_BACK = `NOT EXISTS (SELECT 1 FROM warehouse.institution o JOIN warehouse.institution_version v ON v.institution_id = o.id AND v.recorded_to = 'infinity'
    WHERE o.source = r.source AND o.source_key = r.key)`;

/**
 * Makes the temporary tables `standing_institution (source, key, path, system, code, section)`, the one record that counts for each institution, and
 * `institution_lookup (path, code, section, institution_key)`; section '' means "not said".
 */
export async function createInstitutionLookup(trx: Transaction, systems: SystemsBySource): Promise<void> {
  const { schools, kindergartens } = authorities(systems);
  const ofSchools = `${drop('r')} = ANY(CAST(:schools AS text[]))`;
  const ranked = `CAST(:schools AS text[]) || CAST(:kindergartens AS text[])`;
  await trx.raw('DROP TABLE IF EXISTS standing_institution, institution_lookup');
  await trx.raw(
    `CREATE TEMP TABLE standing_institution ON COMMIT DROP AS
     SELECT DISTINCT ON (t.path, r.code, t.section) r.source, r.key, t.path, t.system, r.code, r.section
     FROM landing.institution_record r
     CROSS JOIN LATERAL (SELECT CASE WHEN ${ofSchools} THEN 'school' ELSE 'kindergarten' END AS path,
                                CASE WHEN ${ofSchools} THEN 'school' ELSE 'care' END AS system,
                                CASE WHEN ${ofSchools} THEN r.section ELSE '' END AS section) AS t
     WHERE ${drop('r')} = ANY(${ranked}) AND NOT (${isSetAside('institution', 'r')} AND ${TAKEN_BACK})
     ORDER BY t.path, r.code, t.section, array_position(${ranked}, ${drop('r')}), (r.missing_since IS NOT NULL), r.source COLLATE "C"`,
    { schools, kindergartens },
  );
  await trx.raw(
    `CREATE TEMP TABLE institution_lookup ON COMMIT DROP AS
     SELECT path, code, section, source || ':' || key AS institution_key FROM standing_institution WHERE path = 'school'
     UNION ALL
     SELECT path, code, '', min(source || ':' || key) FROM standing_institution WHERE path = 'school' GROUP BY path, code HAVING count(*) = 1
     UNION ALL
     SELECT path, code, '', source || ':' || key FROM standing_institution WHERE path = 'kindergarten'`,
  );
  await trx.raw('CREATE UNIQUE INDEX ON institution_lookup (path, code, section); ANALYZE standing_institution');
  await trx.raw('ANALYZE institution_lookup');
}

/** Condition that joins `institution_lookup i` to a record `r` of a source; feeds of the care system name no section. */
export const LOOKUP_JOIN = `i.code = r.institution_code AND CASE WHEN r.source = ANY(:care)
  THEN i.path = 'kindergarten' AND i.section = '' ELSE i.path = 'school' AND i.section = coalesce(r.institution_section, '') END`;

/**
 * Joins the listed kindergartens (MOE codes) to those known by their sid, by district and exact normalised name, one to one. The rest goes to a review
 * list with its near candidates; a name that lost a character is never taken as whole. What somebody decided goes before any match.
 * @returns how many are joined now, and how many wait
 */
export async function joinListedKindergartens(
  trx: Transaction,
  systems: SystemsBySource,
  runId: number,
): Promise<{ joined: number; waiting: number }> {
  const lists = named(systems, 'moe-kindergarten');
  const care = authorities(systems).kindergartens;
  await replayCrosswalk(trx, runId);
  await trx.raw(
    `WITH listed AS (
       SELECT l.code, l.section, l.name_key, l.district FROM landing.institution_record l
       WHERE l.source = ANY(:lists) AND NOT l.name_damaged AND NOT ${knownAsNone('l', ':run')}
         AND NOT EXISTS (SELECT 1 FROM warehouse.institution_code c WHERE c.system = 'moe-kindergarten' AND c.code = l.code)),
     exact AS (
       SELECT l.code, l.section, k.key, k.source, count(*) OVER (PARTITION BY l.code) AS by_list,
              count(*) OVER (PARTITION BY k.source, k.key) AS by_care
       FROM listed l JOIN landing.institution_record k
         ON ${drop('k')} = ANY(:care) AND k.name_key = l.name_key AND k.district IS NOT DISTINCT FROM l.district)
     INSERT INTO warehouse.institution_code (system, code, section, institution_id)
     SELECT 'moe-kindergarten', e.code, e.section, i.id
     FROM exact e JOIN warehouse.institution i ON i.source = e.source AND i.source_key = e.key
     WHERE e.by_list = 1 AND e.by_care = 1
     ON CONFLICT DO NOTHING`,
    { lists, care, run: runId },
  );
  await trx.raw(
    `DELETE FROM review.institution_candidate c WHERE EXISTS (
       SELECT 1 FROM warehouse.institution_code k JOIN landing.institution_record l ON l.code = k.code
       WHERE k.system = 'moe-kindergarten' AND l.source = c.source AND l.key = c.key) OR ${knownAsNone('c', ':run')}`,
    { run: runId },
  );
  await trx.raw(
    `INSERT INTO review.institution_candidate (source, key, candidates, why, first_run_id)
     SELECT l.source, l.key,
            coalesce((SELECT array_agg(i.id ORDER BY i.id) FROM landing.institution_record k
                      JOIN warehouse.institution i ON i.source = k.source AND i.source_key = k.key
                      WHERE ${drop('k')} = ANY(:care) AND k.district IS NOT DISTINCT FROM l.district
                        AND NOT EXISTS (SELECT 1 FROM warehouse.institution_code c WHERE c.system = 'moe-kindergarten' AND c.institution_id = i.id)
                        AND (k.name_key = l.name_key OR (l.name_damaged AND k.name_key LIKE replace(replace(l.name_key, '%', ''), '\\?', '_')))), '{}'),
            CASE WHEN l.name_damaged THEN 'name-damaged' ELSE 'no-exact-name' END, :run
     FROM landing.institution_record l
     WHERE l.source = ANY(:lists) AND NOT ${knownAsNone('l', ':run')}
       AND NOT EXISTS (SELECT 1 FROM warehouse.institution_code c WHERE c.system = 'moe-kindergarten' AND c.code = l.code)
     ON CONFLICT (source, key) DO NOTHING`,
    { care, lists, run: runId },
  );
  const { rows } = await trx.raw(
    `SELECT (SELECT count(*) FROM warehouse.institution_code WHERE system = 'moe-kindergarten') AS joined,
            (SELECT count(*) FROM review.institution_candidate) AS waiting`,
  );
  return rows[0];
}
