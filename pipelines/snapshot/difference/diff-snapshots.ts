/** Two snapshots of a kind: which rows differ, in what, and why. What differs is read from the stored files; why, from the history of the warehouse. */
import type { PlanKind } from '../../../schemas/campaign.ts';
import { ENTITIES_PATH, type ManifestResource } from '../../../schemas/snapshot.ts';
import type {
  DeltaSide,
  Evidence,
  RowDifference,
  SnapshotDifference,
  SnapshotRow,
} from '../../../schemas/snapshot-delta.ts';
import { type CampaignVersion, campaignVersion } from '../../../warehouse/campaign-versions.ts';
import type { Transaction } from '../../../warehouse/connect.ts';
import { listStoredFiles, type StoredSnapshot } from '../../../warehouse/snapshots.ts';
import {
  type CauseRow,
  causesOfInstitutions,
  causesOfPeople,
  causesOfSchools,
  institutionsNamed,
  laterPeople,
} from '../../../warehouse/views/snapshot-causes.ts';
import { snapshotInstitutions } from '../../../warehouse/views/snapshot-institutions.ts';
import { createScope } from '../../../warehouse/views/snapshot-rows.ts';
import { taipeiMoments } from '../../../warehouse/views/snapshot-run.ts';
import { createTeachers, teacherPlaces, teachersByInstitution } from '../../../warehouse/views/snapshot-teachers.ts';
import type { SnapshotMoments } from '../../../warehouse/views/snapshot-visible.ts';
import type { PipelineContext } from '../../context.ts';
import { storedSnapshot } from '../list-snapshots.ts';
import { ruleOf } from '../make-snapshot.ts';
import { scopeOf } from '../scope.ts';
import { SnapshotError } from '../snapshot-error.ts';
import { type Compared, compareRows, type RowPair } from './compare-rows.ts';
import { tellDifference } from './explain-difference.ts';
import { bytesOf, type RowBlock, rowBlocks, textOf } from './placed-rows.ts';

/** More rows than that are no difference, but another roster: whoever follows takes it whole. */
export const MOST_DIFFERING = 100_000;

type Moments = readonly [SnapshotMoments, SnapshotMoments];
type Pair = readonly [StoredSnapshot, StoredSnapshot];

/** @throws SnapshotError `no-json-lines` */
function rowsFile({ id, manifest }: StoredSnapshot): ManifestResource {
  const resource = manifest.resources.find(({ format }) => format === 'jsonl');
  if (resource) return resource;
  throw new SnapshotError(
    'no-json-lines',
    `${id} has no file of JSON Lines, of which differences are made: expected jsonl among the formats of its planning year`,
  );
}

const columnsOf = ({ schema }: ManifestResource): string[] => (schema?.fields ?? []).map(({ name }) => name);

const sideOf = (stored: StoredSnapshot): DeltaSide => {
  const { hash, rows } = rowsFile(stored);
  const { fingerprint, cutOff, recordedThrough } = stored.manifest.mingce;
  return { id: stored.id, fingerprint, sha256: hash, rows, cutOff, recordedThrough };
};

/** Rows without the columns that only one of the two has. */
async function* narrowed(blocks: AsyncIterable<RowBlock>, columns: readonly string[]): AsyncGenerator<RowBlock> {
  for await (const { lines, ...block } of blocks) {
    yield {
      ...block,
      lines: lines.map((line) => {
        const record = JSON.parse(textOf(line)) as SnapshotRow;
        return bytesOf(JSON.stringify(Object.fromEntries(columns.map((name) => [name, record[name] ?? null]))));
      }),
    };
  }
}

/** A person who is another one by the newer snapshot, and has that one's row there. */
async function pairUp(trx: Transaction, moments: Moments, { pairs, gone, come }: Compared): Promise<RowPair[]> {
  const later = await laterPeople(
    trx,
    moments,
    gone.map(({ entity }) => entity),
  );
  const byEntity = new Map(come.map((row) => [row.entity, row] as const));
  const joined = gone.map((before): RowPair => {
    const entity = later.get(before.entity);
    const after = (entity === undefined ? undefined : byEntity.get(entity)) ?? null;
    if (after) byEntity.delete(after.entity);
    return { before, after };
  });
  return [...pairs, ...joined, ...[...byEntity.values()].map((after): RowPair => ({ before: null, after }))];
}

/** What another planning year brings about by itself. */
interface ByRules {
  entities: ReadonlySet<number>;
  /** The versions of the planning year. */
  evidence: Evidence;
}

/**
 * Whom the planning year of the newer snapshot would have placed, or schools whose teachers it would have counted, otherwise at the moments of the older one: those of `entities` alone.
 * @returns null where both are of one planning year as it stood
 */
async function movedByRules(
  trx: Transaction,
  [older, newer]: Pair,
  [moments]: Moments,
  entities: ReadonlySet<number>,
): Promise<ByRules | null> {
  if (older.manifest.mingce.campaign.hash === newer.manifest.mingce.campaign.hash) return null;
  const recordedOf = async ({ campaign, campaign_version: version }: StoredSnapshot): Promise<CampaignVersion> => {
    const recorded = await campaignVersion(trx, campaign, version);
    if (recorded === undefined) throw new Error(`version ${version} of campaign ${campaign} is not recorded`);
    return recorded;
  };
  const placesBy = async ({ body }: CampaignVersion) => {
    const inside = scopeOf(body, newer.kind, await snapshotInstitutions(trx, moments)).inside;
    const institutions = inside.map(({ institution }) => institution);
    await createScope(trx, institutions);
    await createTeachers(trx, moments, ruleOf(body), Number(older.manifest.mingce.run.id));
    if (newer.kind === 'teacher-plan') return teacherPlaces(trx, [...entities]);
    const counted = await teachersByInstitution(trx);
    return new Map(institutions.map(({ id }) => [id, counted.get(id) ?? 0] as const));
  };
  const [before, after] = [await recordedOf(older), await recordedOf(newer)];
  const [was, is] = [await placesBy(before), await placesBy(after)];
  const named = ({ campaign, version }: CampaignVersion): string => `${campaign} 年度第 ${version} 版`;
  return {
    entities: new Set([...entities].filter((entity) => was.get(entity) !== is.get(entity))),
    evidence: {
      cause: 'rules',
      reason: `${named(before)} → ${named(after)}`,
      rule: 'R04',
      run: newer.manifest.mingce.run.id,
      registeredAt: null,
      recordedAt: after.recorded_at,
    },
  };
}

type Named = readonly [string, string];
const nameOf = (row: SnapshotRow | null): Named | null =>
  typeof row?.institution_code === 'string' && typeof row.section === 'string'
    ? [row.institution_code, row.section]
    : null;

const grouped = (rows: readonly CauseRow[]): Map<number, CauseRow[]> => Map.groupBy(rows, ({ entity }) => entity);

/** What bears on each row, oldest first. */
async function causesFor(
  trx: Transaction,
  kind: PlanKind,
  moments: Moments,
  rows: readonly ParsedPair[],
): Promise<(row: ParsedPair) => CauseRow[]> {
  const entities = [...new Set(rows.flatMap(({ entities: own }) => own))];
  if (kind === 'school-plan') {
    const causes = grouped(await causesOfSchools(trx, moments, entities));
    return ({ entities: own }) => own.flatMap((entity) => causes.get(entity) ?? []);
  }
  const people = grouped(await causesOfPeople(trx, moments, entities));
  const names = rows.flatMap(({ before, after }) => [nameOf(before) ?? [], nameOf(after) ?? []].filter(isNamed));
  const unlike = new Map(names.map((name) => [name.join(' '), name] as const));
  const ids = await institutionsNamed(trx, [...unlike.values()]);
  const institutions = grouped(await causesOfInstitutions(trx, moments, [...new Set([...ids.values()].flat())]));
  return ({ entities: own, before, after }) => {
    const named = new Set(
      [nameOf(before), nameOf(after)].flatMap((name) => (name ? (ids.get(name.join(' ')) ?? []) : [])),
    );
    return [
      ...own.flatMap((entity) => people.get(entity) ?? []),
      ...[...named].flatMap((id) => institutions.get(id) ?? []),
    ];
  };
}
const isNamed = (name: Named | readonly never[]): name is Named => name.length === 2;

interface ParsedPair {
  entities: number[];
  was: number | null;
  at: number | null;
  before: SnapshotRow | null;
  after: SnapshotRow | null;
}

const parsed = ({ before, after }: RowPair): ParsedPair => ({
  entities: [...new Set([before, after].flatMap((row) => (row ? [row.entity] : [])))],
  was: before?.place ?? null,
  at: after?.place ?? null,
  before: before && JSON.parse(textOf(before.line)),
  after: after && JSON.parse(textOf(after.line)),
});

/** Those that are gone first, by the older file; then by the newer. */
const byPlace = (a: ParsedPair, b: ParsedPair): number => (a.at ?? 0) - (b.at ?? 0) || (a.was ?? 0) - (b.was ?? 0);

/** @throws SnapshotError `no-entities` */
async function holdToEntities({ db }: PipelineContext, { id }: StoredSnapshot): Promise<void> {
  if ((await listStoredFiles(db, id)).some(({ path }) => path === ENTITIES_PATH)) return;
  throw new SnapshotError(
    'no-entities',
    `${id} was made by an earlier release, which did not keep whom its rows stand for: expected a snapshot of this release or a later one`,
  );
}

async function compared(ctx: PipelineContext, [older, newer]: Pair, shared: readonly string[], whole: boolean) {
  for (const stored of [older, newer]) await holdToEntities(ctx, stored);
  const rows = (stored: StoredSnapshot) => {
    const all = rowBlocks(ctx, stored.id, rowsFile(stored).path);
    return whole ? all : narrowed(all, shared);
  };
  const found = await compareRows(rows(older), rows(newer), MOST_DIFFERING);
  if (found) return found;
  throw new SnapshotError(
    'too-different',
    `more than ${MOST_DIFFERING} rows of ${older.id} and ${newer.id} differ: expected to be compared by their files; whoever follows takes the newer one whole`,
  );
}

/**
 * @param olderId what stood before: rows that it has and the newer one has not are gone
 * @throws SnapshotError `unknown-snapshot`, `different-kinds`, `no-json-lines`, `no-entities`, `too-different`; ShreddedError
 */
export async function diffSnapshots(
  ctx: PipelineContext,
  olderId: string,
  newerId: string,
): Promise<SnapshotDifference> {
  const pair: Pair = [await storedSnapshot(ctx, olderId), await storedSnapshot(ctx, newerId)];
  const [older, newer] = pair;
  const { kind } = newer;
  if (older.kind !== kind)
    throw new SnapshotError(
      'different-kinds',
      `${olderId} is a ${older.kind} and ${newerId} a ${kind}: expected two of a kind`,
    );
  const [was, is] = [columnsOf(rowsFile(older)), columnsOf(rowsFile(newer))];
  const shared = is.filter((name) => was.includes(name));
  const whole = was.join() === is.join();
  const found = await compared(ctx, pair, shared, whole);
  const trx = await ctx.db.transaction(undefined, { isolationLevel: 'repeatable read' });
  try {
    const momentsOf = ({ cut_off: cutOff, recorded_through: through }: StoredSnapshot) =>
      taipeiMoments(trx, { cutOff, through });
    const moments: Moments = [await momentsOf(older), await momentsOf(newer)];
    const pairs = kind === 'teacher-plan' ? await pairUp(trx, moments, found) : unpaired(found);
    const rows = pairs.map(parsed).sort(byPlace);
    const causes = await causesFor(trx, kind, moments, rows);
    const entities = new Set(rows.flatMap(({ entities: own }) => own));
    const byRules = await movedByRules(trx, pair, moments, entities);
    const told = rows.map((row): RowDifference => {
      const { was: wasAt, at, before, after } = row;
      const rules = row.entities.some((entity) => byRules?.entities.has(entity)) ? (byRules?.evidence ?? null) : null;
      const op = before === null ? 'insert' : after === null ? 'delete' : 'update';
      return { op, was: wasAt, at, before, after, ...tellDifference(before, after, shared, causes(row), rules) };
    });
    const count = (op: RowDifference['op']): number => told.filter((row) => row.op === op).length;
    return {
      kind,
      from: sideOf(older),
      to: sideOf(newer),
      columns: { shared, added: is.filter((n) => !was.includes(n)), removed: was.filter((n) => !is.includes(n)) },
      correction: newer.manifest.mingce.correction,
      counts: { inserted: count('insert'), updated: count('update'), deleted: count('delete') },
      rows: told,
    };
  } finally {
    await trx.rollback();
  }
}

const unpaired = ({ pairs, gone, come }: Compared): RowPair[] => [
  ...pairs,
  ...gone.map((before) => ({ before, after: null })),
  ...come.map((after) => ({ before: null, after })),
];
