/** Readers that ask at once, each over connections of its own: what each was told, and how the same is asked again when all is quiet. */
import { hashAsOf } from '../../../pipelines/hash.ts';
import { rosterOf } from '../../../pipelines/roster.ts';
import { previewSnapshot } from '../../../pipelines/snapshot/preview.ts';
import { createSnapshot, rebuildSnapshot } from '../../../pipelines/snapshot.ts';
import type { PlanKind } from '../../../schemas/campaign.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { readSnapshotFile } from '../../../warehouse/snapshots.ts';
import { LIN } from '../../support/users.ts';
import { type ParallelWriters, YEAR_0 } from './parallel-writers.ts';

export interface Told {
  what: string;
  /** What a read of now says is one of the states that were committed, whichever; of a moment it is that of the moment. */
  ofNow: boolean;
  said: string;
  /** The numbers of each round that shows in it: one writer's are all the same. */
  numbers: number[][];
  /** The same, asked as of a moment. */
  at(moment: string): Promise<string>;
  /** The same, asked again as it was. */
  again(): Promise<string>;
  began: number;
  ended: number;
}
type Answer = Pick<Told, 'said' | 'again'> & Partial<Pick<Told, 'at' | 'ofNow' | 'numbers'>>;
type Ask = (moment: string | null) => Promise<Answer>;

const MARKS = /(?:豐原國小|科目|乙)(\d+)|"account":"clerk01".*?"enabledOn":"(\d+)-/g;
const numbersIn = (text: string): number[] =>
  [...text.matchAll(MARKS)].map(([, n, year]) => (n === undefined ? Number(year) - YEAR_0 : Number(n)));
const never = (): never => {
  throw new Error('this is not asked so');
};

export interface ParallelReader {
  /** @param moment ISO; null: of now */
  readonly asks: Readonly<Record<string, Ask>>;
  close(): Promise<void>;
}

/** @param on the day that rosters are of */
export function openReader({ small, campaign }: ParallelWriters, on: string): ParallelReader {
  const db: Database = connect(small.installation.databaseUrl, { max: 4 });
  const { keyring } = small.ctx;
  const ctx = { ...small.ctx, db };
  const now = (): string => new Date().toISOString();

  const roster = (code: string): Ask => {
    const at = async (asOf: string | null): Promise<string> => {
      const { asOf: _, ...said } = await rosterOf(db, code, { asOf, on, now: now() });
      return JSON.stringify(said);
    };
    return async (moment) => {
      const said = await at(moment);
      return { said, at, ofNow: moment === null, again: () => at(moment), numbers: [numbersIn(said)] };
    };
  };
  const hash: Ask = async (moment) => {
    const at = (asOf: string | null) => hashAsOf(db, keyring, asOf, now());
    return { said: await at(moment), at, ofNow: moment === null, again: () => at(moment) };
  };
  const preview = (kind: PlanKind): Ask => {
    const wanted = { campaignId: campaign.id, kind, nightly: '02:00' };
    const at = async (asOf: string | null) => {
      // Snapshots that stand are no part of what was recorded.
      const { taken: _, ...said } = await previewSnapshot(ctx, { ...wanted, asOf });
      return said;
    };
    return async (moment) => {
      const said = await at(moment);
      return { said: JSON.stringify(said), again: async () => JSON.stringify(await at(said.recordedThrough)) };
    };
  };
  const text = async (id: string, path: string): Promise<string> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of readSnapshotFile(db, keyring, id, path)) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  };
  /** Of a moment the same snapshot, made anew the same bytes; of the cut-off a correction each time. */
  const snapshot = (kind: PlanKind): Ask => {
    const wanted = { campaignId: campaign.id, kind };
    return async (asOf) => {
      const correction = asOf === null ? { by: LIN, reason: '學校更正', at: now() } : null;
      const standing = async () => (await createSnapshot(ctx, { ...wanted, asOf, correction })).snapshot;
      const { id, fingerprint, recordedThrough, files } = await standing();
      const lines = (await text(id, `${kind}.csv`)).split('\r\n');
      const of = (code: string) =>
        numbersIn(lines.filter((line) => line.includes(`,${code},`) || line.startsWith(`${code},`)).join('\n'));
      const described = JSON.stringify({ id, fingerprint, recordedThrough, files });
      return {
        said: described,
        numbers: [of('064601'), of('064603')],
        again: async () => {
          const rebuilt = await rebuildSnapshot(ctx, id);
          if (!rebuilt.ok) return JSON.stringify(rebuilt);
          if (asOf === null) return described;
          const again = await standing();
          return JSON.stringify({
            id: again.id,
            fingerprint: again.fingerprint,
            recordedThrough: again.recordedThrough,
            files: again.files,
          });
        },
      };
    };
  };
  return {
    asks: {
      'roster 064601': roster('064601'),
      'roster 064603': roster('064603'),
      'roster 064602': roster('064602'),
      hash,
      'preview teacher-plan': preview('teacher-plan'),
      'preview school-plan': preview('school-plan'),
      'snapshot teacher-plan': snapshot('teacher-plan'),
      'snapshot school-plan': snapshot('school-plan'),
    },
    close: () => db.destroy(),
  };
}

/** Asks, and notes when. @param moment null: of now */
export async function ask({ asks }: ParallelReader, what: string, moment: string | null): Promise<Told> {
  const began = Date.now();
  const answer = await (asks[what] as Ask)(moment);
  return {
    what: `${what} ${moment ?? 'now'}`,
    ofNow: false,
    numbers: [],
    at: never,
    ...answer,
    began,
    ended: Date.now(),
  };
}
