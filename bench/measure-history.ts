/**
 * 365 nights of changes on a city that was loaded, and the same questions asked of before the first of them and of now: the rosters of all schools, the digest of the
 * whole warehouse, a snapshot. Each night is a run whose plan is made here and written by what writes every plan, so that the versions have the shape, the order on disk and the
 * indexes of a year of real nights.
 */
import { taipeiTime } from '../connectors/taipei-time.ts';
import type { PipelineContext } from '../pipelines/context.ts';
import { createSnapshot } from '../pipelines/snapshot.ts';
import { taipeiDay } from '../pipelines/taipei-day.ts';
import { openRecordedMoment } from '../warehouse/apply/identities.ts';
import { analyzeWarehouse, countChanges, VERSIONED, writeVersions } from '../warehouse/apply/versions.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { warehouseHash } from '../warehouse/views/hash.ts';
import { accountsThen, institutionThen, peopleThen } from '../warehouse/views/roster.ts';
import { campaignOf } from './measure-snapshot.ts';

const NIGHTS = 365;
/** Of so many people one has another telephone every night, and of so many posts another one has other subjects. */
const CHANGED_EVERY = 200;
const TIMES = 3;

const PERSON = `jsonb_build_object('name', v.name, 'name_key', v.name_key, 'sex', v.sex, 'birth_date', v.birth_date, 'email', v.email,
  'phone', '0955' || lpad(v.person_id::text, 6, '0'), 'certificate_no', v.certificate_no)`;
const stretch = (to: string, subjects: string): string =>
  `jsonb_build_object('title', v.title, 'titleCode', v.title_code, 'subjects', ${subjects}, 'isPrimary', v.is_primary, 'onLeave', v.on_leave, 'endReason', v.end_reason,
                      'began', v.began, 'from', v.valid_from, 'to', ${to})`;
const STILL = 'to_jsonb(v.subjects)';
const OTHER = `jsonb_build_array('國語', '第' || :night || '種')`;

const planned = (entity: string, id: string, after: string, rows: string): string => `
  INSERT INTO ops.plan_change (run_id, seq, entity, action, institution_key, source, source_key, entity_id, reason, rule, effective, registered_at, object_id, row_no, after)
  SELECT :run, row_number() OVER (ORDER BY ${id}) + (SELECT coalesce(max(seq), 0) FROM ops.plan_change WHERE run_id = :run), '${entity}', 'change', 'bench', source, source_key,
         ${id}, '資料更正', 'R02', CAST(:day AS date), CAST(:clock AS timestamptz) - interval '8 hours', object_id, row_no, ${after}
  FROM (${rows}) AS v`;

/** The day is that on which it was registered: the one before the night. */
const PLAN = [
  planned(
    'person',
    'person_id',
    PERSON,
    `SELECT * FROM warehouse.person_version WHERE recorded_to = 'infinity' AND valid_to = 'infinity' AND person_id % ${CHANGED_EVERY} = :night % ${CHANGED_EVERY}`,
  ),
  planned(
    'assignment',
    'assignment_id',
    "jsonb_build_object('stretches', stretches)",
    `SELECT v.assignment_id, min(v.source) AS source, min(v.source_key) AS source_key, max(v.object_id) AS object_id, max(v.row_no) AS row_no,
            jsonb_agg(${stretch("CASE WHEN v.valid_to = 'infinity' THEN CAST(:day AS date) ELSE v.valid_to END", STILL)} ORDER BY v.valid_from)
              || jsonb_agg(jsonb_set(${stretch("'infinity'", OTHER)}, '{from}', to_jsonb(CAST(:day AS date)))) FILTER (WHERE v.valid_to = 'infinity') AS stretches
     FROM warehouse.assignment_version v WHERE v.recorded_to = 'infinity' AND v.assignment_id % ${CHANGED_EVERY} = (:night + 100) % ${CHANGED_EVERY}
     GROUP BY v.assignment_id`,
  ),
];

async function writeNight(trx: Transaction, night: number, clock: string): Promise<void> {
  const { rows } = await trx.raw(
    `INSERT INTO ops.run (kind, clock, simulated, status, stage) VALUES ('nightly', :clock, true, 'complete', 'done') RETURNING id`,
    { clock },
  );
  const run: number = rows[0].id;
  const day = taipeiDay(taipeiTime(Date.parse(clock) - 8 * 3_600_000));
  for (const sql of PLAN) await trx.raw(sql, { run, night, clock, day });
  const recordedAt = await openRecordedMoment(trx, () => clock);
  for (const spec of VERSIONED) await writeVersions(trx, spec, run, recordedAt);
  await trx('ops.run').where({ id: run }).update({ recorded_at: recordedAt });
  if (night % 10 === 0) await analyzeWarehouse(trx, await countChanges(trx, run));
}

/** @throws where not all of it is there */
async function writeNights(db: Database, clockOf: (night: number) => string): Promise<void> {
  for (let night = 1; night <= NIGHTS; night += 1) {
    await db.transaction((trx) => writeNight(trx, night, clockOf(night)));
  }
  // As the server's own housekeeping leaves them.
  await db.raw('VACUUM (ANALYZE) warehouse.person_version, warehouse.assignment_version');
  const { rows } = await db.raw(
    `SELECT (SELECT count(*) FROM warehouse.person) AS people, (SELECT count(*) FROM warehouse.person_version) AS persons,
            (SELECT count(*) FROM warehouse.assignment_version) AS spells`,
  );
  const [{ people, persons, spells }] = rows;
  // A change closes one version and writes two: what was true until it, and what is from it.
  const least = people + 2 * NIGHTS * Math.floor(people / CHANGED_EVERY);
  if (persons < least || spells < least)
    throw new Error(`${persons} and ${spells} versions of ${people} people: fewer than ${least}`);
}

type Stages = Record<string, number>;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

interface Moment {
  /** null: now. */
  asOf: string | null;
  day: string;
}

async function rosters({ db }: PipelineContext, { asOf, day }: Moment): Promise<number> {
  const institutions = await db('warehouse.institution').select('source', 'source_key').orderBy('id');
  let people = 0;
  for (const { source, source_key } of institutions) {
    const moments = { asOf: asOf ?? 'infinity', on: day };
    const key = `${source}:${source_key}`;
    await institutionThen(db, key, moments);
    people += (await peopleThen(db, key, moments)).length;
    await accountsThen(db, key, moments);
  }
  return people;
}

async function snapshot(ctx: PipelineContext, campaignId: string, asOf: string): Promise<number | null | undefined> {
  const campaigns = [campaignOf(campaignId, asOf, ['csv', 'jsonl'])];
  const taken = await createSnapshot({ ...ctx, campaigns }, { campaignId, kind: 'teacher-plan', asOf });
  if (!taken.created) throw new Error(`${taken.snapshot.id} was there already`);
  return taken.snapshot.files.find(({ path }) => path === 'teacher-plan.csv')?.rows;
}

/**
 * @param clockOf of a night, ISO; the city was loaded in night 0
 */
export async function measureHistory(
  ctx: PipelineContext,
  stages: Stages,
  clockOf: (night: number) => string,
): Promise<void> {
  await writeNights(ctx.db, clockOf);
  const people = Number((await ctx.db('warehouse.person').count<{ n: string }[]>('* as n'))[0]?.n);
  // As recorded before the first night that changed anything, and by now.
  const moments: Record<string, Moment> = {
    now: { asOf: null, day: taipeiDay(clockOf(NIGHTS)) },
    before: { asOf: taipeiTime(Date.parse(clockOf(1)) - 1000), day: taipeiDay(clockOf(0)) },
  };
  // Each snapshot is of a campaign of its own: one of the same moments would be the same.
  let campaigns = 300;
  const took = new Map<string, number[]>();
  const timed = async (name: string, work: () => Promise<void>): Promise<void> => {
    const began = performance.now();
    await work();
    const seconds = (performance.now() - began) / 1000;
    took.set(name, [...(took.get(name) ?? []), seconds]);
  };
  for (let nth = 0; nth < TIMES; nth += 1) {
    for (const [name, moment] of Object.entries(moments)) {
      await timed(`roster of every school, ${name}`, async () => {
        const found = await rosters(ctx, moment);
        if (found !== people) throw new Error(`${found} people on the rosters of ${people}`);
      });
      await timed(`digest of the warehouse, ${name}`, async () => {
        await warehouseHash(ctx.db, ctx.keyring, moment.asOf ?? undefined);
      });
      await timed(`snapshot: CSV and JSON Lines, ${name}`, async () => {
        const rows = await snapshot(ctx, String(campaigns++), moment.asOf ?? clockOf(NIGHTS));
        if (rows !== people) throw new Error(`${rows} rows of ${people} people`);
      });
    }
  }
  for (const [name, seconds] of took) stages[name] = median(seconds);
}
