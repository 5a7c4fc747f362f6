/**
 * `mingce hash`: one digest over the business state as recorded now, or before a moment: institutions, persons, accounts as they stand, and every stretch of every
 * spell of service, ended ones and those to come too; no day, nothing that was replaced or withdrawn, no review, surrogate id, ciphertext or HMAC. Identifiers enter
 * as SHA-256 of the plain value, so that two installations with different keys agree. Rows come in an order made of business columns; rows that tie
 * are ordered by their own text. What has no versions is dated otherwise: an institution's source and key are those of its version, an identifier is
 * known from the recorded moment of the run that learned it.
 */
import { createHash } from 'node:crypto';
import type { Database } from '../connect.ts';
import { identifiersAt, spellPersonAt } from '../joined-people.ts';
import type { Keyring } from '../keyring.ts';
import { inBlocks } from '../plans.ts';
import { askDigest, digestsOf } from './snapshot-digests.ts';

interface Line {
  place: string;
  content: unknown[];
  /** What asks for the digests of the identifiers that belong to it, a line each. */
  identifiers: string | null;
}

const ASKED = askDigest('s.hmac', 's.kind', 's.sealed');
/** An account named by an identifier is keyed by its pseudonym, which another installation makes otherwise: the masked name stands for it. */
const ACCOUNT_KEY = `CASE WHEN a.source_key ~ ':[0-9a-f]{40}$' THEN split_part(a.source_key, ':', 1) || ':' || a.account_name ELSE a.source_key END`;

/** How to tell the rows that were known: now, which an index holds, or just before `:asOf`. */
interface Known {
  /** Condition on a version. */
  version(v: string): string;
  /** Who an identifier stood for: (hmac, person_id). */
  identifiers: string;
  /** Whose a spell was. */
  whose: { join: string; person: string };
}
const NOW: Known = {
  version: (v) => `${v}.recorded_to = 'infinity'`,
  identifiers: 'SELECT hmac, person_id FROM warehouse.person_identifier',
  whose: { join: '', person: 'a.person_id' },
};
const BEFORE: Known = {
  version: (v) => `${v}.recorded_from < :asOf AND ${v}.recorded_to >= :asOf`,
  identifiers: identifiersAt((run) => `${run} IN (SELECT id FROM ops.run WHERE recorded_at < :asOf)`),
  whose: spellPersonAt('a', ':asOf', '>='),
};

/**
 * Each gives place (what it is ordered by), content, and the sealed identifiers that belong to it. A person's line holds the spells of service. Content
 * is json and no jsonb: it is built once and sent, and as text that costs half.
 */
function parts(known: Known): readonly (readonly [name: string, sql: string])[] {
  /** Institutions and persons are for ever; their newest version is the open one. */
  const standing = (v: string): string => `${known.version(v)} AND ${v}.valid_to = 'infinity'`;
  return [
    [
      'institution',
      `SELECT concat_ws('|', v.source, v.source_key) AS place, NULL AS identifiers,
              json_build_array(v.source, v.source_key, v.path, v.name, v.section, v.ownership, v.legal_class, v.quasi_public, v.district, v.address, v.phone, v.principal,
                                v.parent_school_code, v.status) AS content
       FROM warehouse.institution_version v WHERE ${standing('v')}`,
    ],
    [
      'person',
      `SELECT concat_ws('|', v.name, v.birth_date::text, v.source) AS place, p.identifiers,
              json_build_array(v.name, v.name_key, v.sex, v.birth_date, v.email, v.phone, v.certificate_no, v.source, t.assignments) AS content
       FROM warehouse.person_version v
       LEFT JOIN (SELECT p.person_id, string_agg(${ASKED}, E'\\n') AS identifiers
                  FROM (${known.identifiers}) AS p JOIN landing.identifier s ON s.hmac = p.hmac GROUP BY p.person_id) AS p ON p.person_id = v.person_id
       LEFT JOIN (SELECT ${known.whose.person} AS person_id, json_agg(
                    json_build_array(a.source, i.source, i.source_key, a.spell, v.valid_from, v.valid_to, v.end_reason, v.title, v.title_code, v.subjects, v.is_primary,
                                      v.on_leave)
                    ORDER BY a.source COLLATE "C", i.source_key COLLATE "C", a.spell, v.valid_from, v.title COLLATE "C", v.valid_to, v.end_reason COLLATE "C", v.title_code,
                             v.subjects, v.is_primary, v.on_leave) AS assignments
                  FROM warehouse.assignment a ${known.whose.join}
                  JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${known.version('v')} AND v.valid_from < v.valid_to
                  JOIN warehouse.institution_version i ON i.institution_id = a.institution_id AND ${standing('i')}
                  GROUP BY ${known.whose.person}) AS t ON t.person_id = v.person_id
       WHERE ${standing('v')}`,
    ],
    [
      'account',
      `SELECT concat_ws('|', a.source, ${ACCOUNT_KEY}) AS place, ${ASKED} AS identifiers,
              json_build_array(a.source, ${ACCOUNT_KEY}, v.valid_to, v.account_kind, v.holder_name, v.state, v.enabled_on,
                                to_char(v.last_login_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), v.applied_by, v.enabled_by) AS content
       FROM warehouse.account a
       JOIN (SELECT DISTINCT ON (account_id) * FROM warehouse.account_version v WHERE ${known.version('v')}
             ORDER BY account_id, valid_to DESC, valid_from DESC) AS v ON v.account_id = a.id
       LEFT JOIN landing.identifier s ON s.hmac = v.id_hmac`,
    ],
  ];
}

/**
 * @param asOf a moment that has passed: the state as recorded before it. Left out: as recorded now
 * @returns `sha256:` and 64 hex digits
 */
export async function warehouseHash(db: Database, keyring: Keyring, asOf?: string): Promise<string> {
  const total = createHash('sha256');
  await db.transaction(
    async (trx) => {
      // Everything is read: a nested loop is never right, whatever the statistics say.
      await trx.raw('SET LOCAL enable_nestloop = off');
      for (const [name, sql] of parts(asOf === undefined ? NOW : BEFORE)) {
        total.update(`# ${name}\n`);
        let place: string | null = null;
        let tied: string[] = [];
        const flush = (): void => {
          for (const line of tied.sort()) total.update(`${line}\n`);
          tied = [];
        };
        const ordered = `SELECT * FROM (${sql}) AS t ORDER BY place COLLATE "C"`;
        for await (const block of inBlocks<Line>(trx, `hash_${name}`, ordered, asOf === undefined ? {} : { asOf })) {
          for (const line of block) {
            if (line.place !== place) {
              flush();
              place = line.place;
            }
            const digests =
              line.identifiers === null ? [] : digestsOf(keyring, `${line.identifiers}\n`).trimEnd().split('\n').sort();
            tied.push(JSON.stringify([line.content, digests]));
          }
        }
        flush();
      }
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
  return `sha256:${total.digest('hex')}`;
}
