/**
 * Writes the files and the books of one night for a person to look at:
 *   node samples/generate.ts --seed 113 --night 2 --out DIR
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { institutionItems, staffItems } from './care-system/feed.ts';
import { deliver, deliveries } from './inbox/deliver.ts';
import { nightTruth } from './truth/night-truth.ts';
import { openChronicle } from './world/chronicle.ts';
import { AFTER_NIGHT, nightOf } from './world/clocks.ts';

/** The books as JSON, without identifiers. */
export const asJson = (value: unknown): string =>
  `${JSON.stringify(value, (key, inner: unknown) => (key === 'id' ? undefined : inner), 2)}\n`;

export async function generate(seed: string, index: number, out: string): Promise<void> {
  const chronicle = openChronicle(seed, { last: Math.max(index, AFTER_NIGHT) });
  const { world } = chronicle.chapter(index);
  await deliver(deliveries(chronicle, index), join(out, 'inbox'), join(out, 'work'));
  await mkdir(join(out, 'care-system'), { recursive: true });
  await writeFile(
    join(out, 'care-system', 'institutions.json'),
    `${JSON.stringify(institutionItems(world), null, 1)}\n`,
  );
  await writeFile(
    join(out, 'care-system', 'staff.json'),
    `${JSON.stringify(staffItems(chronicle.setting, world), null, 1)}\n`,
  );
  await writeFile(join(out, 'truth.json'), asJson(nightTruth(chronicle, nightOf(index).clock)));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '113' },
      night: { type: 'string', default: '0' },
      out: { type: 'string' },
    },
  });
  if (!values.out || !/^\d+$/.test(values.night)) {
    console.error(
      'usage: node samples/generate.ts --seed N --night K --out DIR   (night 0 is the first load; from night 6 on ordinary ones)',
    );
    process.exit(64);
  }
  await generate(values.seed, Number(values.night), values.out);
}
