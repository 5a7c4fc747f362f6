/** The files of the rehearsal's nights in a temporary folder, one folder a night, made once for a test file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliver, deliveries } from '../../../samples/inbox/deliver.ts';
import { type Chronicle, openChronicle } from '../../../samples/world/chronicle.ts';
import { AFTER_NIGHT } from '../../../samples/world/clocks.ts';

export interface SampleNights {
  chronicle: Chronicle;
  /** Folder that holds `roster/` and `accounts/` of one night. */
  folder(index: number): string;
  remove(): void;
}

export async function sampleNights(nights: readonly number[]): Promise<SampleNights> {
  const root = mkdtempSync(join(tmpdir(), 'mingce-sample-'));
  const chronicle = openChronicle(113, { last: Math.max(AFTER_NIGHT, ...nights) });
  const folder = (index: number): string => join(root, `night-${index}`);
  for (const index of nights) await deliver(deliveries(chronicle, index), folder(index), join(root, 'work'));
  return { chronicle, folder, remove: () => rmSync(root, { recursive: true, force: true }) };
}
