/**
 * The audit trail: who decided or tried what. Each row's digest covers the row and the digest before it, so a row that is changed, taken away or put
 * between breaks the chain from there on; `ops.audit_head` holds its end. Whoever can write both may forge the whole of it: a head that was noted
 * elsewhere (`mingce audit verify --noted`) finds that too.
 */
import { createHash } from 'node:crypto';
import { sensitiveIn } from '../schemas/sensitive-text.ts';
import { storableJson, storableText } from '../schemas/storable.ts';
import type { Transaction } from './connect.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface AuditEntry {
  /** ISO moment. */
  at: string;
  /** Name of the user who acted; `installation` for whoever holds the machine and its keys, `unproven` where nobody was let in. */
  actor: string;
  /** What was done, `plan-approved`. */
  action: string;
  /** What it was done to, `user:lin`, `plan:sha256:…`. */
  subject: string;
  /** At most 64 KiB as JSON. */
  detail: { readonly [key: string]: Json };
}

/** The last row of the trail, or one that was noted earlier. */
export interface AuditHead {
  row: number;
  /** Lower-case hex SHA-256. */
  digest: string;
}

/** A row as its digest covers it: as PostgreSQL prints what it stored. */
export interface AuditRow {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: string;
  previous: Buffer;
}

/** In SQL: a moment in UTC to the microsecond, whatever the session speaks. */
export const auditMoment = (moment: string): string =>
  `to_char(${moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const auditDigest = ({ id, at, actor, action, subject, detail, previous }: AuditRow): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(['mingce audit 1', id, at, actor, action, subject, detail, previous.toString('hex')]))
    .digest();

/** The last line of defence: what people type is refused with a text of its own before (`cli/parse-reason.ts`). */
function refuseSensitive(value: unknown): void {
  if (typeof value === 'string') {
    const found = sensitiveIn(value);
    if (found !== null) throw new Error(`the audit trail takes no ${found}; expected texts without one`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      refuseSensitive(name);
      refuseSensitive(inner);
    }
  }
}

/**
 * Appends one row, in the transaction of what it tells of: both are there or neither. Whoever appends next waits until that transaction ended, so append
 * last.
 * @throws Error where a text of the entry holds a credential or a personal identifier
 */
export async function appendAudit(trx: Transaction, entry: AuditEntry): Promise<AuditHead> {
  const [actor, action, subject] = [entry.actor, entry.action, entry.subject].map(storableText) as [
    string,
    string,
    string,
  ];
  const json = storableJson(entry.detail);
  refuseSensitive([actor, action, subject, entry.detail]);
  const { rows } = await trx.raw(
    `SELECT id + 1 AS id, digest AS previous, ${auditMoment('?::timestamptz')} AS at, ?::jsonb::text AS detail FROM ops.audit_head FOR UPDATE`,
    [entry.at, json],
  );
  const row: AuditRow = { ...rows[0], actor, action, subject };
  const digest = auditDigest(row);
  await trx('ops.audit').insert({ ...row, digest });
  await trx('ops.audit_head').update({ id: row.id, digest });
  return { row: row.id, digest: digest.toString('hex') };
}
