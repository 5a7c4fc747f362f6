/** A job that was thought dead and goes on writes nothing once another took its run over: every stage asks before it touches anything (I3). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apply } from '../../pipelines/apply.ts';
import type { PipelineContext } from '../../pipelines/context.ts';
import { match } from '../../pipelines/match.ts';
import { reconcile } from '../../pipelines/reconcile.ts';
import { DEFAULT_GUARDS } from '../../schemas/guards.ts';
import { connect, type Database } from '../../warehouse/connect.ts';
import { FencedError, type RunClaim } from '../../warehouse/fence.ts';
import { makeKeyring } from '../../warehouse/keyring.ts';
import type { SystemsBySource } from '../../warehouse/matching/institutions.ts';
import { claimRun, createRun, finishRun } from '../../warehouse/runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeTestLogger } from '../support/test-logger.ts';

const SYSTEMS: SystemsBySource = { schools: 'school' };
const CLOCK = '2024-07-30T02:00:00+08:00';
let database: TestDatabase;
let db: Database;
let ctx: PipelineContext;
let past: RunClaim;
let holder: RunClaim;

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  ctx = {
    db,
    keyring: makeKeyring(Buffer.alloc(32, 7)),
    log: makeTestLogger().logger,
    signal: new AbortController().signal,
    campaigns: [],
    guards: DEFAULT_GUARDS,
    progress: () => undefined,
  };
  await db.raw(
    `INSERT INTO landing.object (source, name, media_type, sha256, bytes, received_at, run_id) VALUES ('schools', 'schools.csv', 'text/csv', '\\x00', 1, ?, 1)`,
    [CLOCK],
  );
  const run = await createRun(db, {
    kind: 'nightly',
    clock: CLOCK,
    simulated: true,
    dryRun: false,
    onlySources: null,
    slot: null,
  });
  if (!run) throw new Error('no run');
  await db.raw(
    `INSERT INTO ops.plan_change (run_id, seq, entity, action, institution_key, source, source_key, reason, rule, effective, registered_at, object_id, row_no, before, after)
     SELECT ?, 1, 'institution', 'add', 'schools:064601', 'schools', '064601', '新增機構', 'R14', '2024-07-30', ?, id, 2, NULL, ?::jsonb FROM landing.object`,
    [
      run.id,
      CLOCK,
      JSON.stringify({
        system: 'school',
        code: '064601',
        section: '國小',
        name: '甲國小',
        path: 'school',
        status: '營業中',
        ownership: '公立',
        quasi_public: false,
      }),
    ],
  );
  past = (await claimRun(db, run.id, 'thought dead')) as RunClaim;
  holder = (await claimRun(db, run.id, 'took over')) as RunClaim;
});
afterAll(async () => {
  await finishRun(db, holder, { status: 'complete' });
  await db.destroy();
  await database.drop();
});

/** What the stages leave behind, in numbers. */
async function written(): Promise<unknown> {
  const { rows } = await db.raw(
    `SELECT (SELECT count(*)::int FROM warehouse.institution) AS institutions, (SELECT count(*)::int FROM ops.plan_change) AS planned,
            r.stage, r.recorded_at IS NOT NULL AS recorded FROM ops.run r`,
  );
  return rows[0];
}

it.each([
  ['match', () => match(ctx, past)],
  ['reconcile', () => reconcile(ctx, past, SYSTEMS)],
  ['apply', () => apply(ctx, past, SYSTEMS)],
])('%s of a claim that is past is refused and writes nothing', async (_, stage) => {
  const before = await written();
  await expect(stage()).rejects.toBeInstanceOf(FencedError);
  expect(await written()).toEqual(before);
});

it('the one that took the run over applies the plan that stands', async () => {
  await apply(ctx, holder, SYSTEMS);
  expect(await written()).toEqual({ institutions: 1, planned: 1, stage: 'report', recorded: true });
});
