import { createHash } from 'node:crypto';
import { pino } from 'pino';
import type { PipelineContext } from '../../../pipelines/context.ts';
import type { CorrectionRequest } from '../../../pipelines/snapshot/correction.ts';
import type { Campaign } from '../../../schemas/campaign.ts';
import { DEFAULT_GUARDS } from '../../../schemas/guards.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { makeKeyring } from '../../../warehouse/keyring.ts';
import { readSnapshotFile } from '../../../warehouse/snapshots.ts';
import { addUser } from '../../../warehouse/users.ts';
import { addBureau, asks, LIN } from '../../support/users.ts';
import { BEFORE, CAMPAIGN, CUT_OFF } from './campaign.ts';

export { BEFORE, CAMPAIGN, CUT_OFF };

export interface Version {
  registeredAt?: string;
  recordedFrom?: string;
  recordedTo?: string;
  validFrom?: string;
  validTo?: string;
  /** The run that wrote it; the first where it is left out. */
  runId?: number;
}

export interface NewInstitution extends Version {
  code: string;
  section?: string;
  name?: string;
  ownership?: string;
  legalClass?: string | null;
  district?: string;
  status?: string;
  moeCode?: string;
}

export interface NewAssignment extends Version {
  title?: string | null;
  titleCode?: number | null;
  subjects?: string[];
  primary?: boolean;
  endReason?: string;
}

/** A warehouse that a test fills row by row, as applies would have left it. */
export class World {
  readonly db: Database;
  readonly ctx: PipelineContext;
  private readonly runs: number[] = [];

  constructor(url: string, options: { key?: number; campaigns?: readonly Campaign[] } = {}) {
    this.db = connect(url);
    this.ctx = {
      db: this.db,
      keyring: makeKeyring(Buffer.alloc(32, options.key ?? 7)),
      log: pino({ level: 'silent' }),
      signal: new AbortController().signal,
      campaigns: options.campaigns ?? [CAMPAIGN],
      guards: DEFAULT_GUARDS,
      progress: () => undefined,
    };
  }

  /** What somebody of the bureau asks for who corrects a snapshot; the user is added on first use. */
  async correction(reason = '學校更正', at = '2024-08-05T09:00:00+08:00'): Promise<CorrectionRequest> {
    const known: string[] = await this.db('ops.app_user').pluck('name');
    if (known.length === 0) await addBureau(this.db, [LIN.name]);
    else if (!known.includes(LIN.name)) await addUser(this.db, LIN, asks());
    return { by: LIN, reason, at };
  }

  close(): Promise<void> {
    return this.db.destroy();
  }

  private version(given: Version) {
    return {
      valid_from: given.validFrom ?? '2024-07-01',
      valid_to: given.validTo ?? 'infinity',
      recorded_from: given.recordedFrom ?? BEFORE,
      recorded_to: given.recordedTo ?? 'infinity',
      registered_at: given.registeredAt ?? '2024-07-01T08:00:00+08:00',
      source: 'test',
      source_key: 'test',
      object_id: 1,
      row_no: 1,
      run_id: given.runId ?? 1,
      rule: 'R08',
      reason: '首次登錄',
    };
  }

  /** An applied run, still in hand; the one before it has ended. Its recorded moment is its clock unless given. */
  async run(
    clock: string,
    options: { kind?: string; recordedAt?: string | null; real?: boolean } = {},
  ): Promise<number> {
    const recordedAt = options.recordedAt === undefined ? clock : options.recordedAt;
    await this.db('ops.run').where({ status: 'running' }).update({ status: 'complete', stage: 'done' });
    const [row] = await this.db('ops.run')
      .insert({
        kind: options.kind ?? 'nightly',
        clock,
        simulated: !options.real,
        status: 'running',
        stage: 'snapshot',
        epoch: 1,
        recorded_at: recordedAt,
      })
      .returning('id');
    this.runs.push(row.id);
    return row.id;
  }

  /** A source that the run heard. */
  async heard(runId: number, source: string, status: string, asOf: string | null = null): Promise<void> {
    await this.db('ops.run_source').insert({
      run_id: runId,
      source,
      drop_name: source.split('/')[0],
      job: source,
      status,
      as_of: asOf,
      ...(status === 'failed' ? { error_code: 'file-unreadable' } : {}),
    });
  }

  async institution(given: NewInstitution): Promise<number> {
    const isKindergarten = given.section === '幼兒園';
    const source = isKindergarten ? 'care' : 'schools';
    const section = given.section ?? '國小';
    const [row] = await this.db('warehouse.institution')
      .insert({ source, source_key: `${given.code}:${section}` })
      .onConflict(['source', 'source_key'])
      .merge()
      .returning('id');
    const system = isKindergarten ? 'care' : 'school';
    const codes = [{ system, code: given.code, section, institution_id: row.id }];
    if (given.moeCode) codes.push({ system: 'moe-kindergarten', code: given.moeCode, section, institution_id: row.id });
    await this.db('warehouse.institution_code').insert(codes).onConflict().ignore();
    await this.db('warehouse.institution_version').insert({
      institution_id: row.id,
      path: isKindergarten ? 'kindergarten' : 'school',
      name: given.name ?? `學校${given.code}`,
      section,
      ownership: given.ownership ?? '公立',
      legal_class: given.legalClass === undefined ? (isKindergarten ? '直轄市立' : null) : given.legalClass,
      quasi_public: false,
      district: given.district ?? '西屯區',
      status: given.status ?? '營業中',
      ...this.version(given),
    });
    return row.id;
  }

  /** @param id plain identifier, or null; `hashed` keeps only its digest, as some sources do */
  async person(name: string, id: string | null = null, options: Version & { hashed?: boolean } = {}): Promise<number> {
    const [row] = await this.db('warehouse.person').insert({}).returning('id');
    await this.named(row.id, name, options);
    if (id !== null) await this.identified(row.id, id, options.hashed ?? false, options.runId ?? 1);
    return row.id;
  }

  async named(personId: number, name: string, version: Version = {}): Promise<void> {
    await this.db('warehouse.person_version').insert({
      person_id: personId,
      name,
      name_key: name,
      ...this.version(version),
    });
  }

  async identified(personId: number, id: string, hashed: boolean, runId: number): Promise<void> {
    const digest = createHash('sha256').update(id).digest('hex');
    const { keyring } = this.ctx;
    const hmac = keyring.pseudonym(digest);
    const sealed = keyring.seal(`landing.identifier.sealed:${hmac.toString('hex')}`, Buffer.from(hashed ? digest : id));
    await this.db('landing.identifier').insert({ hmac, kind: hashed ? 'hashed' : 'national', strong: true, sealed });
    await this.db('warehouse.person_identifier').insert({ hmac, person_id: personId, run_id: runId });
  }

  /** A spell of its own. */
  async assign(
    personId: number,
    institutionId: number,
    given: NewAssignment = {},
    source = 'roster/064601',
  ): Promise<number> {
    const [row] = await this.db('warehouse.assignment')
      .insert({
        source,
        source_key: `k${personId}-${institutionId}`,
        spell: 1,
        person_id: personId,
        institution_id: institutionId,
      })
      .returning('id');
    await this.assignmentVersion(row.id, given);
    return row.id;
  }

  /** A further version of a spell. */
  async assignmentVersion(assignmentId: number, given: NewAssignment): Promise<void> {
    await this.db('warehouse.assignment_version').insert({
      assignment_id: assignmentId,
      title: given.title === undefined ? '教師' : given.title,
      title_code: given.titleCode === undefined ? 7 : given.titleCode,
      subjects: given.subjects ?? ['國語'],
      is_primary: given.primary ?? true,
      on_leave: false,
      end_reason: given.endReason ?? null,
      ...this.version(given),
    });
  }

  /** What an apply does to a version that it replaces. */
  async retire(table: 'assignment' | 'person' | 'institution', id: number, recordedTo: string): Promise<void> {
    await this.db(`warehouse.${table}_version`)
      .where({ [`${table}_id`]: id, recorded_to: 'infinity' })
      .update({ recorded_to: recordedTo });
  }

  async account(
    institutionId: number,
    name: string,
    given: Version & { kind?: string; state?: string; holder?: string | null; holderId?: string } = {},
  ): Promise<void> {
    const [row] = await this.db('warehouse.account')
      .insert({ source: 'accounts/x', source_key: name, account_name: name, institution_id: institutionId })
      .returning('id');
    const digest = given.holderId && createHash('sha256').update(given.holderId).digest('hex');
    await this.db('warehouse.account_version').insert({
      account_id: row.id,
      account_kind: given.kind ?? '總負責人',
      id_hmac: digest ? this.ctx.keyring.pseudonym(digest) : null,
      holder_name: given.holder === undefined ? '王小明' : given.holder,
      state: given.state ?? '啟用',
      ...this.version(given),
    });
  }

  /** Many teachers of one school, set-based. */
  async crowd(institutionId: number, people: number): Promise<void> {
    const columns =
      'valid_from, recorded_from, registered_at, source, source_key, object_id, row_no, run_id, rule, reason';
    const values = `'2024-07-01', '${BEFORE}', '${BEFORE}', 's', 'k', 1, 1, 1, 'R08', '首次登錄'`;
    await this.db.raw(
      `WITH p AS (INSERT INTO warehouse.person SELECT FROM generate_series(1, ${people}) RETURNING id),
            n AS (INSERT INTO warehouse.person_version (person_id, name, name_key, ${columns})
                  SELECT id, '人' || row_number() OVER (ORDER BY id), 'x', ${values} FROM p),
            a AS (INSERT INTO warehouse.assignment (source, source_key, spell, person_id, institution_id)
                  SELECT 'roster/crowd', id, 1, id, ${institutionId} FROM p RETURNING id)
       INSERT INTO warehouse.assignment_version (assignment_id, title, title_code, subjects, is_primary, on_leave, ${columns})
       SELECT id, '教師', 7, '{}', true, false, ${values} FROM a`,
    );
    // As apply does.
    await this.db.raw(
      'ANALYZE warehouse.person, warehouse.person_version, warehouse.assignment, warehouse.assignment_version',
    );
  }

  async fileBytes(id: string, path: string): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of readSnapshotFile(this.db, this.ctx.keyring, id, path)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** The text of a stored file. */
  async fileText(id: string, path: string): Promise<string> {
    return (await this.fileBytes(id, path)).toString('utf8');
  }

  /** Records of a stored file whose cells need no quotes, without the header. */
  async records(id: string, path: string): Promise<string[][]> {
    const lines = (await this.fileText(id, path)).split('\r\n').slice(1, -1);
    return lines.map((line) => line.split(','));
  }
}
