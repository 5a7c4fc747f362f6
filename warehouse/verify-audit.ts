/** Reads the whole audit trail once, in blocks (I7), and names the first row at which its chain breaks. */
import type { AuditBreakCode } from '../schemas/outputs/audit-verified.ts';
import { type AuditHead, type AuditRow, auditDigest, auditMoment } from './audit.ts';
import type { Database, Transaction } from './connect.ts';
import { inBlocks } from './plans.ts';

interface StoredRow extends AuditRow {
  digest: Buffer;
}
export interface AuditBreak {
  row: number;
  code: AuditBreakCode;
}
export interface AuditChecked {
  /** Rows that stand in an unbroken chain from the first one on. */
  rows: number;
  /** The last of them. */
  head: AuditHead | null;
  broken: AuditBreak | null;
}

const BLOCK_ROWS = 500;
const ROWS = `SELECT id, ${auditMoment('at')} AS at, actor, action, subject, detail::text AS detail, previous, digest FROM ops.audit ORDER BY id`;

/** What is wrong with a row that should follow on `last`; null when nothing is. */
function breakAt(row: StoredRow, last: Buffer, expected: number, noted: AuditHead | null): AuditBreak | null {
  if (row.id < expected) return { row: row.id, code: 'audit-row-added' };
  if (row.id > expected) return { row: expected, code: 'audit-row-missing' };
  if (!auditDigest(row).equals(row.digest)) return { row: row.id, code: 'audit-row-changed' };
  if (!row.previous.equals(last)) return { row: row.id, code: 'audit-row-unlinked' };
  if (noted?.row === row.id && noted.digest !== row.digest.toString('hex'))
    return { row: row.id, code: 'audit-row-not-as-noted' };
  return null;
}

/** What is wrong at the end of a chain that is whole up to there. */
function breakAtEnd(rows: number, last: Buffer, end: { id: number; digest: Buffer }, noted: AuditHead | null) {
  if (rows < end.id || rows < (noted?.row ?? 0)) return { row: rows + 1, code: 'audit-row-missing' } as const;
  if (rows > end.id) return { row: end.id + 1, code: 'audit-row-added' } as const;
  return last.equals(end.digest) ? null : ({ row: rows, code: 'audit-row-changed' } as const);
}

async function walk(trx: Transaction, noted: AuditHead | null): Promise<AuditChecked> {
  const { rows: ends } = await trx.raw('SELECT id, digest FROM ops.audit_head');
  let last: Buffer = Buffer.alloc(32);
  let rows = 0;
  const told = (broken: AuditBreak | null): AuditChecked => ({
    rows,
    head: rows === 0 ? null : { row: rows, digest: last.toString('hex') },
    broken,
  });
  for await (const block of inBlocks<StoredRow>(trx, 'audit_rows', ROWS, {}, BLOCK_ROWS)) {
    for (const row of block) {
      const broken = breakAt(row, last, rows + 1, noted);
      if (broken !== null) return told(broken);
      last = row.digest;
      rows = row.id;
    }
  }
  return told(breakAtEnd(rows, last, ends[0], noted));
}

/** @param noted a head that was written down earlier: it must still stand in the trail */
export const verifyAudit = (db: Database, noted: AuditHead | null = null): Promise<AuditChecked> =>
  db.transaction((trx) => walk(trx, noted), { isolationLevel: 'repeatable read', readOnly: true });
