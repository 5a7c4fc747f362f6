/** Every connector against the contract. A new one is one line in HARNESSES. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceConfig } from '../../../schemas/config.ts';
import { CHECKS, faultCheck } from './checks.ts';
import { expectHonest } from './expect-honest.ts';
import type { Harness } from './harness.ts';
import { careSystem } from './harnesses/care-system.ts';
import { cloudSchool } from './harnesses/cloudschool.ts';
import { institutionList } from './harnesses/institution-list.ts';
import { kindergartenMap } from './harnesses/kindergarten-map.ts';
import { oneRosterApi11, oneRosterApi12 } from './harnesses/oneroster-api.ts';
import { oneRosterFolder, oneRosterZip } from './harnesses/oneroster-files.ts';
import { accountFiles, courseFiles, rosterFiles } from './harnesses/school-files.ts';
import { payrollPrint } from './made-up/harness.ts';
import { personnel } from './made-up-api/harness.ts';
import { clockFiles } from './made-up-inbox/harness.ts';

const HARNESSES: readonly Harness[] = [
  institutionList,
  careSystem,
  kindergartenMap,
  rosterFiles,
  accountFiles,
  courseFiles,
  cloudSchool,
  oneRosterZip,
  oneRosterFolder,
  oneRosterApi11,
  oneRosterApi12,
];

it('every type of source that a configuration may name is held to the contract', () => {
  const types = sourceConfig.options.map((option) => option.shape.type.value);
  expect(new Set(HARNESSES.map(({ type }) => type))).toEqual(new Set(types));
});

it.each([
  'made-up',
  'made-up-api',
  'made-up-inbox',
])('the example %s takes fewer than 150 lines (docs/adding-a-connector.md)', (folder) => {
  const files = ['wire', 'adapter', 'connector'].map((file) => join(import.meta.dirname, folder, `${file}.ts`));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
  expect(lines.length).toBeLessThan(150);
});

for (const harness of [...HARNESSES, payrollPrint, personnel, clockFiles]) {
  describe.concurrent([harness.type, harness.variant ?? []].flat().join(', '), () => {
    const faults = Object.entries(harness.faults).map(([fault, code]) => faultCheck(fault, code));
    const checks = CHECKS.filter(({ concerns }) => concerns?.(harness) ?? true);
    for (const { title, run } of [...checks, ...faults]) it(title, () => run(harness));
    it('what it brings is what it says of itself', () => expectHonest(harness));
  });
}
