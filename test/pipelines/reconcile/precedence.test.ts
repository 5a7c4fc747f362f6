import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Claim, decidedBy, inOrder } from '../../../pipelines/reconcile/precedence.ts';
import { CRITERIA, PERSON_FIELDS, PRECEDENCE } from '../../../schemas/precedence.ts';

const claim = (changes: Partial<Claim> = {}): Claim => ({
  primary: false,
  serving: true,
  school: true,
  registeredAt: '2024-08-01T10:00:00+08:00',
  ...changes,
});

test('each criterion of the table decides where those before it do not', () => {
  const { order } = PRECEDENCE.email;
  const newer = claim({ registeredAt: '2024-08-02T10:00:00+08:00' });
  expect(decidedBy(order, claim({ primary: true }), newer)).toBe('service-unit');
  expect(decidedBy(order, claim(), claim({ serving: false, school: false }))).toBe('serving');
  expect(decidedBy(order, claim(), { ...newer, school: false })).toBe('school');
  expect(decidedBy(order, claim(), newer)).toBe('newest');
  expect(decidedBy(order, claim(), claim())).toBeNull();
});

test('every field has its place in the table, and every criterion decides something', () => {
  expect(Object.keys(PRECEDENCE)).toEqual([...PERSON_FIELDS]);
  const used = new Set(Object.values(PRECEDENCE).flatMap(({ order }) => order));
  expect([...used].sort()).toEqual([...CRITERIA].sort());
});

test('whatever records there are, no later one goes before an earlier one, and nobody is lost', () => {
  const claims = fc.array(
    fc.record({
      primary: fc.boolean(),
      serving: fc.boolean(),
      school: fc.boolean(),
      registeredAt: fc.constantFrom('2024-08-01T10:00:00+08:00', '2024-08-02T10:00:00+08:00'),
    }),
    { maxLength: 6 },
  );
  const { order } = PRECEDENCE.name;
  const weight = (c: Claim) => `${Number(c.primary)}${Number(c.serving)}${Number(c.school)}${c.registeredAt}`;
  fc.assert(
    fc.property(claims, (given) => {
      const heard = inOrder(order, given, (c) => c);
      expect(heard.map(weight)).toEqual(given.map(weight).toSorted().toReversed());
    }),
    { numRuns: 500, seed: 20240801 },
  );
});
