/**
 * A made-up city in few rows: pictures are written as landing would, then the real stages run on them. Long because it builds every kind of row. People are invented; the
 * schools' names are real and public.
 */
import { createHash, hash, randomBytes } from 'node:crypto';
import pino from 'pino';
import { apply } from '../../../pipelines/apply.ts';
import type { PipelineContext } from '../../../pipelines/context.ts';
import { match } from '../../../pipelines/match.ts';
import { reconcile } from '../../../pipelines/reconcile.ts';
import { summarise } from '../../../pipelines/report.ts';
import { DEFAULT_GUARDS } from '../../../schemas/guards.ts';
import type { Database } from '../../../warehouse/connect.ts';
import type { RunClaim } from '../../../warehouse/fence.ts';
import { type InstallationKeyring, makeKeyring } from '../../../warehouse/keyring.ts';
import { claimRun, createRun, finishRun, type RunKind } from '../../../warehouse/runs.ts';

export const SYSTEMS = { schools: 'school', care: 'care', moe: 'moe-kindergarten' } as const;

export interface Institution {
  source: 'schools' | 'care' | 'moe';
  key: string;
  code: string;
  section: string;
  name: string;
  district: string;
  status?: string;
  phone?: string;
}
export interface Staff {
  source: string;
  key: string;
  code: string;
  section?: string;
  name: string;
  /** Made-up identifier; null leaves the person with a weak identity. */
  id: string | null;
  title?: string;
  titleCode?: number;
  subjects?: string[];
  startOn?: string;
  endOn?: string;
  endReason?: string;
  onLeave?: boolean;
  missing?: boolean;
}
export interface Account {
  source: string;
  code: string;
  section?: string;
  name: string;
  kind?: string;
  holder: string;
  state?: string;
}
export interface Night {
  kind?: RunKind;
  clock: string;
  institutions?: Institution[];
  staff?: Staff[];
  accounts?: Account[];
  pending?: { code: string; name: string; reviewing: string; review?: string; hasPrevious: boolean }[];
  quarantined?: { source: string; row: number; code: string; column: string | null; value: string | null }[];
  /** What happens between the plan and its application. */
  meanwhile?: () => Promise<unknown>;
  failed?: { source: string; drop: string; code: string; params: Record<string, string | number> }[];
}

export function makeContext(
  db: Database,
  keyring: InstallationKeyring = makeKeyring(randomBytes(32)),
): PipelineContext {
  return {
    db,
    keyring,
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    campaigns: [],
    guards: DEFAULT_GUARDS,
    progress: () => undefined,
  };
}

const rowHash = (row: unknown): Buffer => createHash('sha256').update(JSON.stringify(row)).digest();

async function objectOf(db: Database, runId: number, source: string, clock: string): Promise<number> {
  const known = await db('landing.object').where({ run_id: runId, source }).first();
  if (known) return known.id;
  const [made] = await db('landing.object')
    .insert({
      source,
      name: source.includes('/') ? `${source.split('/')[1]}教職員名冊.csv` : `${source} page 1`,
      media_type: 'text/csv',
      sha256: randomBytes(32),
      bytes: 100,
      received_at: clock,
      run_id: runId,
    })
    .returning('id');
  await db('landing.delivery').insert({
    run_id: runId,
    source,
    digest: randomBytes(32),
    as_of: clock,
    complete: true,
    objects: [made.id],
    rows: 1,
  });
  return made.id;
}

/** Writes one picture row as landing does, and counts it in the source's ledger. */
class Landing {
  private readonly ledger = new Map<string, Record<'accepted' | 'quarantined' | 'excluded' | 'missing', number>>();
  readonly db: Database;
  readonly runId: number;
  readonly clock: string;
  readonly keyring: InstallationKeyring;

  constructor(db: Database, runId: number, clock: string, keyring: InstallationKeyring) {
    this.db = db;
    this.runId = runId;
    this.clock = clock;
    this.keyring = keyring;
  }

  count(source: string, what: 'accepted' | 'quarantined' | 'excluded' | 'missing'): void {
    const line = this.ledger.get(source) ?? { accepted: 0, quarantined: 0, excluded: 0, missing: 0 };
    line[what] += 1;
    this.ledger.set(source, line);
  }

  async identifier(id: string | null): Promise<Buffer | null> {
    if (id === null) return null;
    const hmac = this.keyring.pseudonym(hash('sha256', id));
    const sealed = this.keyring.seal(`landing.identifier.sealed:${hmac.toString('hex')}`, Buffer.from(id));
    await this.db('landing.identifier')
      .insert({ hmac, kind: 'national', strong: true, sealed })
      .onConflict('hmac')
      .ignore();
    return hmac;
  }

  async put(table: string, source: string, row: Record<string, unknown>, rowNo: number): Promise<void> {
    const object_id = await objectOf(this.db, this.runId, source, this.clock);
    const origin = { hash: rowHash(row), registered_at: this.clock, registered_by: 'source', object_id, row_no: rowNo };
    await this.db(table)
      .insert({ source, run_id: this.runId, ...row, ...origin })
      .onConflict(['source', 'key'])
      .merge();
    this.count(source, 'accepted');
  }

  async close(): Promise<void> {
    for (const [source, c] of this.ledger) {
      const { accepted, quarantined, excluded, missing } = c;
      await this.db('ops.run_source').insert({
        run_id: this.runId,
        source,
        drop_name: source.split('/')[0],
        job: source,
        status: 'fresh',
        as_of: this.clock,
        read: accepted + quarantined + excluded,
        accepted,
        quarantined,
        excluded,
        missing,
      });
    }
  }
}

async function land(landing: Landing, night: Night): Promise<void> {
  const { db, runId, clock } = landing;
  let row = 1;
  for (const i of night.institutions ?? []) {
    await landing.put(
      'landing.institution_record',
      i.source,
      {
        key: i.key,
        code: i.code,
        section: i.section,
        name: i.name,
        name_key: i.name,
        name_damaged: i.name.includes('?'),
        ownership: '公立',
        legal_class: null,
        quasi_public: false,
        district: i.district,
        phone: i.phone ?? null,
        status: i.status ?? '營業中',
      },
      ++row,
    );
  }
  for (const s of night.staff ?? []) {
    const id_hmac = await landing.identifier(s.id);
    await landing.put(
      'landing.staff_record',
      s.source,
      {
        key: s.key,
        institution_code: s.code,
        institution_section: s.section ?? null,
        id_hmac,
        id_strong: id_hmac !== null,
        name: s.name,
        name_key: s.name,
        title: s.title ?? '教師',
        title_code: s.titleCode ?? 7,
        subjects: s.subjects ?? [],
        is_primary: true,
        start_on: s.startOn ?? null,
        end_on: s.endOn ?? null,
        end_reason: s.endReason ?? null,
        on_leave: s.onLeave ?? false,
        missing_since: s.missing ? runId : null,
      },
      ++row,
    );
    if (s.missing) landing.count(s.source, 'missing');
  }
  for (const a of night.accounts ?? []) {
    await landing.put(
      'landing.account_record',
      a.source,
      {
        key: `${a.code}:${a.name}`,
        institution_code: a.code,
        institution_section: a.section ?? null,
        account_name: a.name,
        account_kind: a.kind ?? '研習承辦人',
        holder_name: a.holder,
        state: a.state ?? '啟用',
      },
      ++row,
    );
  }
  if (night.pending) await db('landing.pending').delete();
  for (const p of night.pending ?? []) {
    await db('landing.pending').insert({
      source: 'care',
      kind: 'staff',
      key: `${p.code}-${p.name}`,
      institution_code: p.code,
      name: p.name,
      review: p.review ?? '異動待審',
      reviewing: p.reviewing,
      has_previous: p.hasPrevious,
      first_run_id: runId,
      last_run_id: runId,
    });
    landing.count('care', 'excluded');
  }
  for (const q of night.quarantined ?? []) {
    await db('landing.quarantine').insert({
      source: q.source,
      fingerprint: randomBytes(32),
      kind: 'staff',
      object_id: await objectOf(db, runId, q.source, clock),
      row_no: q.row,
      issues: JSON.stringify([{ code: q.code, column: q.column, value: q.value }]),
      first_run_id: runId,
      last_run_id: runId,
    });
    landing.count(q.source, 'quarantined');
  }
  for (const f of night.failed ?? []) {
    await db('ops.run_source').insert({
      run_id: runId,
      source: f.source,
      drop_name: f.drop,
      job: f.source,
      status: 'failed',
      error_code: f.code,
      error_params: JSON.stringify(f.params),
    });
  }
}

/** Plays one night through the real stages; @returns the run's id */
export async function play(ctx: PipelineContext, night: Night): Promise<number> {
  const run = await createRun(ctx.db, {
    kind: night.kind ?? 'nightly',
    clock: night.clock,
    simulated: true,
    dryRun: false,
    onlySources: null,
    slot: null,
  });
  if (run === null) throw new Error('no slot was asked for');
  const claim = (await claimRun(ctx.db, run.id, 'test')) as RunClaim;
  const landing = new Landing(ctx.db, run.id, night.clock, ctx.keyring);
  await land(landing, night);
  await landing.close();
  await match(ctx, claim);
  await reconcile(ctx, claim, SYSTEMS);
  await night.meanwhile?.();
  await apply(ctx, claim, SYSTEMS);
  await summarise(ctx, claim);
  await finishRun(ctx.db, claim, { status: 'complete' });
  return run.id;
}
