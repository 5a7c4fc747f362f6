/** Institutions by the names that they had at a recorded moment. */
import type { InstitutionRef } from '../../schemas/outputs/institution-ref.ts';
import type { Database, Transaction } from '../connect.ts';

type Handle = Database | Transaction;

/**
 * @param keys `source:source_key`
 * @param at recorded moment; `infinity` for now. An institution that the warehouse does not hold (under review, dry run) is named from its source's picture.
 * @returns refs of those that exist
 */
export async function institutionRefs(
  db: Handle,
  keys: readonly string[],
  at: string,
): Promise<Map<string, InstitutionRef>> {
  const { rows } = await db.raw(
    `SELECT k.key, coalesce(c.code, r.code, split_part(k.source_key, ':', 1)) AS code, coalesce(v.section, r.section) AS section,
            coalesce(v.name, r.name, p.name) AS name, coalesce(v.district, r.district) AS district, v.path
     FROM (SELECT key, split_part(key, ':', 1) AS source, substr(key, strpos(key, ':') + 1) AS source_key FROM unnest(?::text[]) AS key) AS k
     LEFT JOIN warehouse.institution i ON i.source = k.source AND i.source_key = k.source_key
     LEFT JOIN LATERAL (SELECT * FROM warehouse.institution_version v WHERE v.institution_id = i.id AND v.recorded_from <= ?::timestamptz
                        ORDER BY v.recorded_from DESC, v.valid_to DESC LIMIT 1) AS v ON true
     LEFT JOIN LATERAL (SELECT code FROM warehouse.institution_code c WHERE c.institution_id = i.id AND c.system IN ('school', 'care')
                        ORDER BY c.code LIMIT 1) AS c ON true
     LEFT JOIN landing.institution_record r ON r.source = k.source AND r.key = k.source_key
     LEFT JOIN landing.pending p ON p.source = k.source AND p.kind = 'institution' AND p.key = k.source_key
     WHERE coalesce(v.name, r.name, p.name) IS NOT NULL`,
    [[...keys], at],
  );
  return new Map((rows as InstitutionRef[]).map((row) => [row.key, row]));
}

/** Keys of the institutions that have a code in any system (a school's, a sid, a listed kindergarten's). */
export async function institutionKeysByCode(db: Handle, code: string, section: string | null): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT DISTINCT i.source || ':' || i.source_key AS key
     FROM warehouse.institution_code c JOIN warehouse.institution i ON i.id = c.institution_id
     WHERE c.code = ? AND (?::text IS NULL OR c.section = ?) ORDER BY 1`,
    [code, section, section],
  );
  return (rows as { key: string }[]).map((row) => row.key);
}

/** Keys of the institutions of these schools, and the code of each. */
export async function schoolCodes(db: Handle, codes: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.raw(
    `SELECT DISTINCT i.source || ':' || i.source_key AS key, c.code FROM warehouse.institution_code c
     JOIN warehouse.institution i ON i.id = c.institution_id WHERE c.system = 'school' AND c.code = ANY(?::text[])`,
    [[...codes]],
  );
  return new Map((rows as { key: string; code: string }[]).map((row) => [row.key, row.code]));
}

/** Names of schools by code, as known now: one name for all sections of a code. Other codes are not in the answer. */
export async function schoolNames(db: Handle, codes: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.raw(
    `SELECT DISTINCT ON (c.code) c.code, v.name FROM warehouse.institution_code c
     JOIN warehouse.institution_version v ON v.institution_id = c.institution_id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
     WHERE c.system = 'school' AND c.code = ANY(?::text[]) ORDER BY c.code, c.section`,
    [[...codes]],
  );
  return new Map((rows as { code: string; name: string }[]).map((row) => [row.code, row.name]));
}
