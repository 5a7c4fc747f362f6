/**
 * `mingce hash`: one digest over the current business state: institutions, persons, assignments, accounts; no history, review, surrogate id,
 * ciphertext or HMAC. Identifiers enter as SHA-256 of the plain value, so that two installations with different keys agree. Rows come in an
 * order made of business columns; rows that tie are ordered by their own text.
 */
import { createHash, hash } from 'node:crypto';
import type { Database, Transaction } from '../connect.ts';
import type { Keyring } from '../keyring.ts';
import { inBlocks } from '../plans.ts';

interface Line {
  place: string;
  content: unknown[];
  hmacs: string[] | null;
}

const CURRENT = `v.recorded_to = 'infinity' AND v.valid_to = 'infinity'`;

/** Each gives place (what it is ordered by), content, and the pseudonyms of the identifiers that belong to it. */
const PARTS: readonly (readonly [name: string, sql: string])[] = [
  [
    'institution',
    `SELECT concat_ws('|', i.source, i.source_key) AS place, NULL::text[] AS hmacs,
            jsonb_build_array(v.path, v.name, v.section, v.ownership, v.legal_class, v.quasi_public, v.district, v.address, v.phone, v.principal,
                              v.parent_school_code, v.status) AS content
     FROM warehouse.institution i JOIN warehouse.institution_version v ON v.institution_id = i.id AND ${CURRENT}`,
  ],
  [
    'person',
    `SELECT concat_ws('|', v.name, v.birth_date::text, v.source) AS place,
            (SELECT array_agg(encode(p.hmac, 'hex')) FROM warehouse.person_identifier p WHERE p.person_id = v.person_id) AS hmacs,
            jsonb_build_array(v.name, v.name_key, v.sex, v.birth_date, v.email, v.phone, v.certificate_no, v.source) AS content
     FROM warehouse.person_version v WHERE ${CURRENT}`,
  ],
  [
    'assignment',
    `SELECT concat_ws('|', a.source, i.source, i.source_key, n.name, n.birth_date::text) AS place,
            (SELECT array_agg(encode(p.hmac, 'hex')) FROM warehouse.person_identifier p WHERE p.person_id = a.person_id) AS hmacs,
            jsonb_build_array(a.source, i.source, i.source_key, n.name, n.birth_date, v.valid_from, v.title, v.title_code, v.subjects, v.is_primary,
                              v.on_leave, a.spell) AS content
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${CURRENT}
     JOIN warehouse.institution i ON i.id = a.institution_id
     JOIN warehouse.person_version n ON n.person_id = a.person_id AND n.recorded_to = 'infinity' AND n.valid_to = 'infinity'`,
  ],
  [
    'account',
    `SELECT concat_ws('|', a.source, a.source_key) AS place,
            CASE WHEN v.id_hmac IS NOT NULL THEN ARRAY[encode(v.id_hmac, 'hex')] END AS hmacs,
            jsonb_build_array(a.source, a.source_key, v.account_kind, v.holder_name, v.state, v.enabled_on,
                              to_char(v.last_login_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')) AS content
     FROM warehouse.account a JOIN warehouse.account_version v ON v.account_id = a.id AND ${CURRENT}`,
  ],
];

/** Opens the vault for one block of lines: pseudonym → SHA-256 of the plain value. */
async function digestsOf(trx: Transaction, keyring: Keyring, hmacs: readonly string[]): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  if (hmacs.length === 0) return digests;
  const { rows } = await trx.raw(
    `SELECT encode(hmac, 'hex') AS hmac, kind, sealed FROM landing.identifier
     WHERE hmac IN (SELECT decode(h, 'hex') FROM unnest(?::text[]) AS h)`,
    [[...new Set(hmacs)]],
  );
  for (const row of rows as { hmac: string; kind: string; sealed: Buffer }[]) {
    const plain = keyring.open(`landing.identifier.sealed:${row.hmac}`, row.sealed).toString('utf8');
    digests.set(row.hmac, row.kind === 'hashed' ? plain : hash('sha256', plain));
  }
  return digests;
}

/** @returns `sha256:` and 64 hex digits */
export async function warehouseHash(db: Database, keyring: Keyring): Promise<string> {
  const total = createHash('sha256');
  await db.transaction(
    async (trx) => {
      for (const [name, sql] of PARTS) {
        total.update(`# ${name}\n`);
        let place: string | null = null;
        let tied: string[] = [];
        const flush = (): void => {
          for (const line of tied.sort()) total.update(`${line}\n`);
          tied = [];
        };
        for await (const block of inBlocks<Line>(
          trx,
          `hash_${name}`,
          `SELECT * FROM (${sql}) AS t ORDER BY place COLLATE "C"`,
          {},
        )) {
          const digests = await digestsOf(
            trx,
            keyring,
            block.flatMap((line) => line.hmacs ?? []),
          );
          for (const line of block) {
            if (line.place !== place) {
              flush();
              place = line.place;
            }
            const ids = (line.hmacs ?? []).map((h) => digests.get(h) ?? '').sort();
            tied.push(JSON.stringify([line.content, ids]));
          }
        }
        flush();
      }
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
  return `sha256:${total.digest('hex')}`;
}
