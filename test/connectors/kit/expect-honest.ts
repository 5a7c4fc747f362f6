import { expect } from 'vitest';
import type { Harness } from './harness.ts';
import { takeAll, UNHEARD_OF } from './shape-checks.ts';
import { inWorldOf, keptOf, RECORDS } from './world.ts';

/** A harness chooses by what it says of itself which checks concern it: that must be so. */
export async function expectHonest(harness: Harness): Promise<void> {
  const { faults, notWhole, json, several, server, schools } = harness;
  expect(faults, 'what shows that a picture that is not whole is refused').toHaveProperty([notWhole]);
  await inWorldOf(harness, RECORDS, async (world) => {
    const objects = (await keptOf(world)).flatMap((delivery) => delivery.objects);
    expect(objects.length > 1, 'several objects').toBe(several);
    expect(
      objects.some(({ mediaType }) => /json/.test(mediaType)),
      'JSON',
    ).toBe(json);
    expect(world.changeItem !== undefined && world.textField !== undefined, 'changeItem and textField').toBe(json);
    expect(world.asked !== undefined && world.failOnce !== undefined, 'asked and failOnce').toBe(server);
    expect(world.foreignRow !== undefined, 'foreignRow').toBe(schools);
    if (server) expect(world.asked!().length, 'requests').toBeGreaterThan(0);
    await world.addField(UNHEARD_OF);
    const names = (await takeAll(world)).fields.map(({ name }) => name);
    expect(!names.some((name) => name.includes(UNHEARD_OF)), 'fields without names').toBe(harness.unnamed ?? false);
    const many = await harness.start(RECORDS + 1);
    await many.close();
    expect(many.marks).toHaveLength(RECORDS + 1);
  });
}
