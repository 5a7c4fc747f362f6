import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newStagedSource, StageWriter } from '../../../pipelines/landing/stage-writer.ts';
import type { NormalisedRow } from '../../../schemas/records.ts';
import type { Transaction } from '../../../warehouse/connect.ts';
import { createStage } from '../../../warehouse/landing/stage.ts';
import { accepted, keyring, makeWorld, person, rejected, SOURCE, type World } from './small-delivery.ts';

/** More than so many blocks of rows are sealed by a thread. */
const MANY = 25_000;

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

const nth = (n: number): NormalisedRow =>
  n % 1000 === 999
    ? rejected(`064601:國小:${createHash('sha256').update(`r${n}`).digest('hex')}`, n)
    : accepted(person(`A${String(n).padStart(9, '0')}`, `王${n}`), n);

/** Works on a stage in a transaction that is then rolled back. */
async function onStage<T>(work: (writer: StageWriter, trx: Transaction) => Promise<T>): Promise<T> {
  const trx = await world.db.transaction();
  try {
    await createStage(trx);
    const writer = new StageWriter(trx, keyring);
    try {
      return await work(writer, trx);
    } finally {
      await writer.close();
    }
  } finally {
    await trx.rollback();
  }
}

const write = async (writer: StageWriter, rows: number): Promise<void> => {
  const staged = newStagedSource();
  for (let n = 0; n < rows; n += 500) {
    const batch = Array.from({ length: 500 }, (_, i) => n + i);
    await writer.write(SOURCE, batch, nth, [world.objectId], staged);
  }
};

it('rows sealed here and rows sealed by the thread are alike, in order, and open at their place', async () => {
  const { staged, rejectedRows } = await onStage(async (writer, trx) => {
    await write(writer, MANY);
    await writer.settle();
    return {
      staged: (await trx.raw(`SELECT key, name, encode(id_hmac, 'hex') AS hmac, id_sealed FROM stage_staff`)).rows,
      rejectedRows: (await trx.raw('SELECT count(*) AS n FROM stage_rejected')).rows[0].n,
    };
  });
  expect(rejectedRows).toBe(MANY / 1000);
  expect(staged).toHaveLength(MANY - MANY / 1000);
  expect(staged.slice(0, 3).map((r: { name: string }) => r.name)).toEqual(['王0', '王1', '王2']);
  for (const row of [staged[0], staged.at(-1)]) {
    const plain = keyring.open(`landing.identifier.sealed:${row.hmac}`, row.id_sealed).toString();
    expect(`王${Number(plain.slice(1))}`).toBe(row.name);
    expect(row.hmac).toBe(keyring.pseudonym(createHash('sha256').update(plain).digest('hex'), 'hex'));
    expect(row.key).toBe(`064601:國小:${row.hmac.slice(0, 40)}`);
  }
});

it('a row longer than a block gets a block of its own', async () => {
  const name = '長'.repeat(200_000);
  const length = await onStage(async (writer, trx) => {
    const rows = [nth(1), accepted({ ...person('A123456789', name), certificateNo: name }, 2), nth(3)];
    await writer.write(SOURCE, rows, (row) => row, [world.objectId], newStagedSource());
    await writer.settle();
    return (await trx.raw('SELECT row_no, length(certificate_no) AS n FROM stage_staff ORDER BY row_no')).rows;
  });
  expect(length).toEqual([
    { row_no: 1, n: null },
    { row_no: 2, n: 200_000 },
    { row_no: 3, n: null },
  ]);
});

it('what the database says about a row in the middle of a COPY comes out, and nothing stays', async () => {
  const broken = async (rows: number): Promise<void> =>
    onStage(async (writer) => {
      await writer.write(
        SOURCE,
        [accepted({ ...person('A123456789', '王甲'), birthDate: '1974-13-01' }, 1)],
        (row) => row,
        [world.objectId],
        newStagedSource(),
      );
      await write(writer, rows);
      await writer.settle();
    });
  await expect(broken(500)).rejects.toThrow('1974-13-01');
  await expect(broken(MANY)).rejects.toThrow('1974-13-01');
  expect(await onStage(async (_, trx) => (await trx.raw('SELECT count(*) AS n FROM stage_staff')).rows[0].n)).toBe(0);
});

it('a COPY that its reader gives up in the middle is rolled back at once, its connection usable again', async () => {
  const giveUp = (rows: number): Promise<void> =>
    onStage(async (writer) => {
      await write(writer, rows);
      throw new Error('told to stop');
    });
  await expect(giveUp(500)).rejects.toThrow('told to stop');
  await expect(giveUp(MANY)).rejects.toThrow('told to stop');
  expect(await onStage(async (_, trx) => (await trx.raw('SELECT count(*) AS n FROM stage_staff')).rows[0].n)).toBe(0);
});

it('keeps a rejected row whose values hold what the database cannot: a lone surrogate, a NUL', async () => {
  const row = rejected(null, 7);
  if (row.outcome !== 'rejected') throw new Error('made otherwise');
  const odd: NormalisedRow = { ...row, issues: [{ code: 'review-unknown', column: 're\0view', value: 'a\ud842\0b' }] };
  const kept = await onStage(async (writer, trx) => {
    await writer.write(SOURCE, [0], () => odd, [world.objectId], newStagedSource());
    await writer.settle();
    return (await trx.raw('SELECT issues FROM stage_rejected')).rows;
  });
  expect(kept).toEqual([{ issues: [{ code: 'review-unknown', column: 'review', value: 'a\ufffdb' }] }]);
});
