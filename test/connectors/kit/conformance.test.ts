/** Every connector against the contract. A new one is one line in HARNESSES. */
import { describe, expect, it } from 'vitest';
import { sourceConfig } from '../../../schemas/config.ts';
import { CHECKS, faultCheck } from './checks.ts';
import type { Harness } from './harness.ts';
import { careSystem } from './harnesses/care-system.ts';
import { institutionList } from './harnesses/institution-list.ts';
import { accountFiles, rosterFiles } from './harnesses/school-files.ts';

const HARNESSES: readonly Harness[] = [institutionList, careSystem, rosterFiles, accountFiles];

it('every type of source that a configuration may name is held to the contract', () => {
  const types = sourceConfig.options.map((option) => option.shape.type.value);
  expect(HARNESSES.map(({ type }) => type).sort()).toEqual([...types].sort());
});

for (const harness of HARNESSES) {
  describe.concurrent(harness.type, () => {
    const faults = Object.entries(harness.faults).map(([fault, code]) => faultCheck(fault, code));
    for (const { title, run } of [...CHECKS, ...faults]) it(title, () => run(harness));
  });
}
