/**
 * Deltas as they are sent. Those who follow a kind ask for the same one when a snapshot is published: it is made once and held for some minutes, and one is made at a time.
 */
import { hash } from 'node:crypto';
import { deltaLines, deltaOf } from '../../pipelines/snapshot/difference/delta.ts';
import { diffSnapshots } from '../../pipelines/snapshot/difference/diff-snapshots.ts';
import type { ServerDependencies } from '../server.ts';

const MiB = 1024 * 1024;
const MOST_HELD = 64 * MiB;
const HELD_FOR_MS = 5 * 60_000;

export interface DeltaBody {
  bytes: Buffer;
  /** Lower-case hex. */
  sha256: string;
}
/** @throws SnapshotError, ShreddedError */
export type Deltas = (since: string, id: string) => Promise<DeltaBody>;

export function makeDeltas({ db, keyring, log, campaigns, config: { guards } }: ServerDependencies): Deltas {
  const held = new Map<string, Promise<DeltaBody>>();
  let total = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function make(since: string, id: string): Promise<DeltaBody> {
    const { signal } = new AbortController();
    const ctx = { db, keyring, log, campaigns, guards, signal, progress: () => undefined };
    const delta = deltaOf(await diffSnapshots(ctx, since, id));
    const bytes = Buffer.concat([...deltaLines(delta)].map((lines) => Buffer.from(lines)));
    return { bytes, sha256: hash('sha256', bytes) };
  }
  return (since, id) => {
    const key = `${since}:${id}`;
    const known = held.get(key);
    if (known) return known;
    const body = last.then(() => make(since, id));
    last = body.catch(() => undefined);
    held.set(key, body);
    const forget = (): void => {
      held.delete(key);
    };
    const keep = ({ bytes: { length } }: DeltaBody): void => {
      if (total + length > MOST_HELD) {
        forget();
        return;
      }
      total += length;
      setTimeout(() => {
        forget();
        total -= length;
      }, HELD_FOR_MS).unref();
    };
    body.then(keep, forget);
    return body;
  };
}
