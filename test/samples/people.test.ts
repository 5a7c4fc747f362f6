import { expect, test } from 'vitest';
import { allIdentifiers } from '../../samples/truth/all-identifiers.ts';
import { sharedPeople } from '../../samples/truth/shared-people.ts';
import { openChronicle } from '../../samples/world/chronicle.ts';
import { hasRightChecksum } from '../../samples/world/identifiers.ts';

const chronicle = openChronicle(113);
const first = chronicle.chapter(0);
const posts = [...first.world.posts.values()].flat();
const people = new Map(posts.map(({ person }) => [person.uid, person]));

test('the city has about thirty thousand people', () => {
  expect(people.size).toBeGreaterThan(28_500);
  expect(people.size).toBeLessThan(31_500);
});

test('a primary school has as many teachers as the list counts, part-timers of other schools aside', () => {
  for (const school of chronicle.setting.reference.schools) {
    if (!school.teachers) continue;
    const own = first.world.posts.get(school.key)?.filter((post) => post.primary) ?? [];
    expect(own).toHaveLength(school.teachers);
  }
});

test('no two people share an identifier, and each has the form and checksum of its kind', () => {
  const ids = new Set([...people.values()].map((person) => person.id));
  expect(ids.size).toBe(people.size);
  for (const { id, idKind, sex } of people.values()) {
    if (idKind === 'passport') {
      expect(id).toMatch(/^[A-Z]{1,2}\d{7,8}$/);
      continue;
    }
    const male = sex === '男';
    const second = { national: male ? '1' : '2', 'resident-new': male ? '8' : '9', 'resident-old': male ? 'A' : 'B' }[
      idKind
    ];
    expect(id).toMatch(/^[A-Z][0-9AB]\d{8}$/);
    expect(id[1]).toBe(second);
    expect(hasRightChecksum(id), id).toBe(true);
  }
});

test('the checksum agrees with the examples of the field', () => {
  expect(['A123456789', 'A800000014', 'AA00000009'].map(hasRightChecksum)).toEqual([true, true, true]);
  expect(hasRightChecksum('A123456788')).toBe(false);
});

test('a name stands for one person within one institution, over all nights', () => {
  const { world } = chronicle.chapter(5);
  for (const [unit, list] of world.posts) {
    const names = list.map((post) => post.person.name);
    expect(new Set(names).size, unit).toBe(names.length);
  }
});

test('some have a second post: part-timers at another school, principals in the attached kindergarten', () => {
  const { principals, partTimers } = sharedPeople(first);
  expect(principals.length).toBeGreaterThan(20);
  expect(partTimers.length).toBeGreaterThan(50);
});

test('the list of identifiers holds everybody of every night', () => {
  const ids = allIdentifiers(chronicle);
  for (const post of [...chronicle.chapter(5).world.posts.values()].flat()) expect(ids.has(post.person.id)).toBe(true);
});
