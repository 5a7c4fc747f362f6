/** The audit trail is one chain that only grows, and whatever is done to it behind our back is found. */
import { beforeEach, expect, it } from 'vitest';
import { type AuditEntry, type AuditHead, appendAudit, auditDigest } from '../../warehouse/audit.ts';
import { connect, type Database } from '../../warehouse/connect.ts';
import { verifyAudit } from '../../warehouse/verify-audit.ts';
import { ownDatabase } from '../support/own-database.ts';
import { until } from '../support/until.ts';

const own = ownDatabase();

/** Behind our back: without the trigger that refuses it. */
async function tamper(...statements: string[]): Promise<void> {
  await own.db.transaction(async (trx) => {
    await trx.raw('ALTER TABLE ops.audit DISABLE TRIGGER audit_immutable');
    for (const statement of statements) await trx.raw(statement);
    await trx.raw('ALTER TABLE ops.audit ENABLE ALWAYS TRIGGER audit_immutable');
  });
}
beforeEach(() =>
  tamper('TRUNCATE ops.audit', `UPDATE ops.audit_head SET id = 0, digest = decode(repeat('00', 32), 'hex')`),
);

const entry = (n: number): AuditEntry => ({
  at: `2024-07-30T02:00:0${n % 10}.123456+08:00`,
  actor: 'lin',
  action: 'plan-approved',
  subject: `plan:${n}`,
  detail: { reason: `核對無誤 ${n}`, rows: n, parts: [{ b: 1, a: null }] },
});
const append = (n: number): Promise<AuditHead> => own.db.transaction((trx) => appendAudit(trx, entry(n)));
async function appendSeveral(count: number): Promise<AuditHead> {
  let head: AuditHead = { row: 0, digest: '' };
  for (let n = 1; n <= count; n++) head = await append(n);
  return head;
}

it('an empty trail is whole, and so is one of more rows than are read at once', async () => {
  expect(await verifyAudit(own.db)).toEqual({ rows: 0, head: null, broken: null });
  await own.db.transaction(async (trx) => {
    for (let n = 1; n <= 1203; n++) await appendAudit(trx, entry(n));
  });
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 1203, head: { row: 1203 }, broken: null });
});

it('rows are numbered without a gap, also where a transaction gave up, and the last one is the head', async () => {
  await append(1);
  const given = own.db.transaction(async (trx) => {
    await appendAudit(trx, entry(2));
    throw new Error('given up');
  });
  await expect(given).rejects.toThrow('given up');
  const head = await append(3);
  expect(head.row).toBe(2);
  expect(await verifyAudit(own.db)).toEqual({ rows: 2, head, broken: null });
  expect(await own.db('ops.audit').orderBy('id').pluck('subject')).toEqual(['plan:1', 'plan:3']);
});

it('verifies in a session of another time zone: what is covered is the moment, not how it is printed', async () => {
  await appendSeveral(2);
  const elsewhere = connect(`${own.url}?options=-c%20timezone%3DAmerica/New_York`, { max: 1 });
  try {
    expect((await elsewhere.raw('SHOW timezone')).rows).toEqual([{ TimeZone: 'America/New_York' }]);
    expect((await verifyAudit(elsewhere)).broken).toBeNull();
  } finally {
    await elsewhere.destroy();
  }
});

it.each([
  'UPDATE ops.audit SET actor = actor',
  'DELETE FROM ops.audit WHERE id = 1',
  'TRUNCATE ops.audit',
  'TRUNCATE ops.audit_head',
  'DELETE FROM ops.audit_head',
])('the database refuses %s', async (statement) => {
  await append(1);
  await expect(own.db.raw(statement)).rejects.toMatchObject({
    code: '23000',
    message: expect.stringContaining('the audit trail never changes'),
  });
});

it('the triggers that refuse it hold for a session that plays a replica, too', async () => {
  const { rows } = await own.db.raw(
    `SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid IN ('ops.audit'::regclass, 'ops.audit_head'::regclass) AND NOT tgisinternal ORDER BY 1`,
  );
  expect(rows).toEqual([
    { tgname: 'audit_head_stays', tgenabled: 'A' },
    { tgname: 'audit_immutable', tgenabled: 'A' },
  ]);
});

it.each(['at', 'actor', 'action', 'subject', 'detail'])('an edited %s is found at its row', async (column) => {
  await appendSeveral(4);
  const values: Record<string, string> = {
    at: `at + interval '1 microsecond'`,
    detail: `jsonb_set(detail, '{parts,0,b}', '2')`,
  };
  await tamper(`UPDATE ops.audit SET ${column} = ${values[column] ?? `${column} || 'x'`} WHERE id = 3`);
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 2, broken: { row: 3, code: 'audit-row-changed' } });
});

/** As somebody who knows how digests are made would forge a row. */
async function forged(id: number, previous: Buffer): Promise<string> {
  const row = await own.db('ops.audit').where({ id }).first(own.db.raw('*, detail::text AS text'));
  const { rows } = await own.db.raw(
    `SELECT to_char(?::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`,
    [row.at],
  );
  return auditDigest({ ...row, at: rows[0].at, actor: 'mallory', detail: row.text, previous }).toString('hex');
}

it('an edited row whose digest was made anew is found where the next one does not follow, or at the end', async () => {
  await appendSeveral(3);
  const { previous } = await own.db('ops.audit').where({ id: 2 }).first('previous');
  const digest = await forged(2, previous);
  await tamper(`UPDATE ops.audit SET actor = 'mallory', digest = decode('${digest}', 'hex') WHERE id = 2`);
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 2, broken: { row: 3, code: 'audit-row-unlinked' } });
  await tamper('DELETE FROM ops.audit WHERE id = 3');
  await own.db('ops.audit_head').update({ id: 2 });
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 2, broken: { row: 2, code: 'audit-row-changed' } });
});

it.each([1, 2, 4])('row %i that was removed of four is missed', async (row) => {
  await appendSeveral(4);
  await tamper(`DELETE FROM ops.audit WHERE id = ${row}`);
  expect(await verifyAudit(own.db)).toMatchObject({ rows: row - 1, broken: { row, code: 'audit-row-missing' } });
});

it('a removed row whose gap was closed by moving the others up is found', async () => {
  await appendSeveral(4);
  await tamper('DELETE FROM ops.audit WHERE id = 2', 'UPDATE ops.audit SET id = id - 1 WHERE id > 2');
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 1, broken: { row: 2, code: 'audit-row-changed' } });
});

const INSERT = (id: string, previous: string) =>
  `INSERT INTO ops.audit SELECT ${id}, at, 'mallory', action, subject, detail, ${previous}, sha256(digest) FROM ops.audit WHERE id = 1`;

it('a row that was put between, behind or before the others is found', async () => {
  await appendSeveral(3);
  await tamper('UPDATE ops.audit SET id = id + 10 WHERE id > 1', INSERT('2', 'sha256(previous)'));
  await tamper('UPDATE ops.audit SET id = id - 9 WHERE id > 10');
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 1, broken: { row: 2, code: 'audit-row-changed' } });
  await tamper('DELETE FROM ops.audit WHERE id = 2', 'UPDATE ops.audit SET id = id - 1 WHERE id > 2');
  expect((await verifyAudit(own.db)).broken).toBeNull();
  await tamper(INSERT('4', '(SELECT digest FROM ops.audit WHERE id = 3)'));
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 3, broken: { row: 4, code: 'audit-row-changed' } });
});

it('a row that follows rightly but was never appended is found behind the head', async () => {
  await appendSeveral(2);
  await append(3);
  const { previous: before } = await own.db('ops.audit').where({ id: 3 }).first('previous');
  await own.db('ops.audit_head').update({ id: 2, digest: before });
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 3, broken: { row: 3, code: 'audit-row-added' } });
});

it('a trail that was written anew from its beginning is found by a head that was noted, and a cut one too', async () => {
  const noted = await appendSeveral(3);
  await append(4);
  expect((await verifyAudit(own.db, noted)).broken).toBeNull();
  await tamper('TRUNCATE ops.audit', `UPDATE ops.audit_head SET id = 0, digest = decode(repeat('00', 32), 'hex')`);
  for (const n of [1, 5, 3, 4]) await append(n);
  expect((await verifyAudit(own.db)).broken).toBeNull();
  expect(await verifyAudit(own.db, noted)).toMatchObject({ broken: { row: 3, code: 'audit-row-not-as-noted' } });
  expect(await verifyAudit(own.db, { ...noted, row: 9 })).toMatchObject({
    broken: { row: 5, code: 'audit-row-missing' },
  });
});

it('two sessions that append at once make one chain: the second waits for the first', async () => {
  const first = await own.db.transaction();
  await appendAudit(first, entry(1));
  let second = false;
  const waiting = append(2).then(() => {
    second = true;
  });
  try {
    await until('the second session waits for the lock', async () => {
      const { rows } = await own.db.raw(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%audit_head FOR UPDATE'`,
      );
      return rows.length > 0;
    });
    expect(second).toBe(false);
  } finally {
    await first.commit();
  }
  await waiting;
  const other = connect(own.url);
  try {
    const by = (session: Database, n: number) => session.transaction((trx) => appendAudit(trx, entry(n)));
    const made = await Promise.all(Array.from({ length: 30 }, (_, i) => by(i % 2 === 0 ? own.db : other, i + 3)));
    expect(new Set(made.map(({ row }) => row)).size).toBe(30);
  } finally {
    await other.destroy();
  }
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 32, broken: null });
});

it('two rows can never follow one: the database refuses a fork, whoever writes it', async () => {
  await append(1);
  await expect(own.db.raw(INSERT('2', 'previous'))).rejects.toMatchObject({ constraint: 'audit_previous_key' });
});

it('takes no personal identifier and no credential, wherever it stands, and says no value', async () => {
  const credential = '7K3QD-9XWMA-PB2ZR-HT4NC-5VEJ8-GYF6S';
  for (const [text, kind] of [
    ['A123456789 left', 'identifier'],
    ['Ａ１２３４５６７８９', 'identifier'],
    ['離職：\nA123456789', 'identifier'],
    ['51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13', 'identifier'],
    [`it is ${credential}`, 'credential'],
  ] as const) {
    for (const more of [
      { subject: text },
      { actor: text },
      { detail: { deep: [{ reason: text }] } },
      { detail: { [text]: 1 } },
    ]) {
      const refused = own.db.transaction((trx) => appendAudit(trx, { ...entry(1), ...more }));
      await expect(refused).rejects.toThrow(`the audit trail takes no ${kind}`);
      await expect(refused).rejects.not.toThrow(text);
    }
  }
  await own.db.transaction((trx) =>
    appendAudit(trx, { ...entry(1), subject: `plan:sha256:${'a123456789bcdef0'.repeat(4)}` }),
  );
  expect((await verifyAudit(own.db)).rows).toBe(1);
});

it('a text with a NUL or half a character is kept without it, and the row still verifies', async () => {
  await own.db.transaction((trx) =>
    appendAudit(trx, { ...entry(1), subject: 'a\0b\ud800', detail: { why: '\0\udc00' } }),
  );
  expect(await verifyAudit(own.db)).toMatchObject({ rows: 1, broken: null });
  expect(await own.db('ops.audit').first('subject', 'detail')).toEqual({
    subject: 'ab\ufffd',
    detail: { why: '\ufffd' },
  });
});
