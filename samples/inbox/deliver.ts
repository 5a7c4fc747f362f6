/**
 * Puts the files of a night where the pipeline looks: written beside, made as old as their arrival, then renamed, so that a reader
 * never sees half a file and a killed writer leaves nothing behind in the inbox.
 */
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Chronicle } from '../world/chronicle.ts';
import { instant } from '../world/clocks.ts';
import { accountDeliveries } from './accounts.ts';
import { encode } from './encode.ts';
import { type Delivery, rosterDeliveries } from './roster-deliveries.ts';

export const deliveries = (chronicle: Chronicle, index: number): Delivery[] => [
  ...rosterDeliveries(chronicle, index),
  ...accountDeliveries(chronicle, index),
];

/** No fsync: after a power cut the deposit is simply made again, see rehearsal.ts. */
async function put(target: string, temporary: string, bytes: Buffer, arrival: string): Promise<void> {
  await writeFile(temporary, bytes, { mode: 0o600 });
  const seconds = instant(arrival) / 1000;
  await utimes(temporary, seconds, seconds);
  await rename(temporary, target);
}

const WRITERS = 4;

/**
 * @param inboxes folder that holds `roster/` and `accounts/`
 * @param workFolder for unfinished files, on the same file system; nobody else's: what a killed writer left in it is removed
 */
export async function deliver(list: readonly Delivery[], inboxes: string, workFolder: string): Promise<void> {
  const folders = new Set(list.map(({ inbox, path }) => dirname(join(inboxes, inbox, path))));
  for (const inbox of ['roster', 'accounts']) folders.add(join(inboxes, inbox));
  await rm(workFolder, { recursive: true, force: true });
  for (const folder of [workFolder, ...folders]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const waiting = list.values();
  const write = async (temporary: string): Promise<void> => {
    for (const delivery of waiting) {
      const bytes = await encode(delivery.table.cells, delivery.profile);
      await put(join(inboxes, delivery.inbox, delivery.path), temporary, bytes, delivery.arrival);
    }
  };
  const name = (i: number): string => join(workFolder, `unfinished-${process.pid}-${i}`);
  await Promise.all(Array.from({ length: WRITERS }, (_, i) => write(name(i))));
  await rm(workFolder, { recursive: true });
}
