import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StaffItem, staffItems } from '../../samples/care-system/feed.ts';
import { ROSTER_ALIASES } from '../../samples/inbox/aliases.ts';
import { nightTruth } from '../../samples/truth/night-truth.ts';
import type { NightTruth, PersonAt } from '../../samples/truth/night-truth-shape.ts';
import { nightOf } from '../../samples/world/clocks.ts';
import { readSheet, records } from './support/read-sheet.ts';
import { type SampleNights, sampleNights } from './support/sample-nights.ts';

/** What the schools have said so far, read from their files alone: `code:section/name` → title, subjects, on leave. */
type Picture = Map<string, { title: string; subjects: string; away: boolean }>;

/** The first load, the nights around the cut-off, two on which nobody works, and five ordinary ones. */
const AFTER_FIRST = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const ALL = [0, ...AFTER_FIRST];

const ENDS = ['轉出', '離職', '轉校', '退休', '代理期滿'];
let nights: SampleNights;
const pictures: Picture[] = [];
const missing: string[][] = [];

const subjectsOf = (text: string): string =>
  text
    .split(/[、;/]/)
    .filter(Boolean)
    .sort()
    .join('、');
const nameOf = (text: string): string => text.replaceAll(/\s/g, '');

function readNight(index: number, before: Picture): void {
  const after: Picture = new Map(before);
  const gone: string[] = [];
  const { setting } = nights.chronicle;
  for (const file of nightTruth(nights.chronicle, nightOf(index).clock).read.files) {
    // What was sent before says nothing new.
    if (file.inbox !== 'roster' || file.again) continue;
    const units = setting.unitsOfCode.get(file.code) ?? [];
    const own = (key: string): boolean => units.some((unit) => key.startsWith(`${unit}/`));
    const listed = new Set<string>();
    for (const row of records(readSheet(join(nights.folder(index), 'roster', file.path)), ROSTER_ALIASES)) {
      const section = units.length > 1 ? row.學制 : units[0]?.split(':')[1];
      const key = `${file.code}:${section}/${nameOf(row.姓名 ?? '')}`;
      listed.add(key);
      if (ENDS.includes(row.異動別 ?? '')) after.delete(key);
      else
        after.set(key, {
          title: row.職稱 ?? '',
          subjects: subjectsOf(row.任教科目 ?? ''),
          away: row.異動別 === '留職停薪',
        });
    }
    if (!file.complete) continue;
    for (const key of [...after.keys()].filter((one) => own(one) && !listed.has(one))) {
      after.delete(key);
      if (index > 0) gone.push(key);
    }
  }
  pictures.push(after);
  missing.push(gone);
}

beforeAll(async () => {
  nights = await sampleNights(ALL);
  for (const index of ALL) readNight(index, pictures.at(-1) ?? new Map());
});
afterAll(() => nights.remove());

const truths = new Map<number, NightTruth>();
function truthAt(index: number): NightTruth {
  const made = truths.get(index) ?? nightTruth(nights.chronicle, nightOf(index).clock);
  truths.set(index, made);
  return made;
}
const isSchool = (person: PersonAt): boolean => person.section !== '幼兒園';
const keyOf = (person: PersonAt): string => `${person.institutionCode}:${person.section}/${person.name}`;
const sorted = (keys: Iterable<string>): string[] => [...keys].sort();

test.each(AFTER_FIRST)('the rosters of night %i differ from those before exactly by the books', (index) => {
  const [before, after] = [pictures[index - 1] as Picture, pictures[index] as Picture];
  const truth = truthAt(index);
  const arrived = [...after.keys()].filter((key) => !before.has(key));
  expect(sorted(arrived)).toEqual(sorted([...truth.hires, ...truth.moves].filter(isSchool).map(keyOf)));

  const quiet = truth.moves.filter((m) => isSchool(m) && m.oldSchoolSays === null);
  const said = truth.moves.filter((m) => isSchool(m) && m.oldSchoolSays !== null);
  const leftBehind = (m: (typeof truth.moves)[number]): string =>
    `${m.from.institutionCode}:${m.from.section}/${m.name}`;
  const ended = [...truth.leaves, ...truth.announced].filter(isSchool).map(keyOf);
  const gone = new Set(missing[index]);
  const left = [...before.keys()].filter((key) => !after.has(key) && !gone.has(key));
  expect(sorted(left)).toEqual(sorted([...ended, ...said.map(leftBehind)]));
  // Where its whole list comes in the same night, the old school has already left out whom the new one registered.
  for (const move of quiet) expect(after.has(leftBehind(move)) || gone.has(leftBehind(move))).toBe(true);

  const changes = [...after].flatMap(([key, now]) => {
    const was = before.get(key);
    return was && (was.title !== now.title || was.subjects !== now.subjects) ? [key] : [];
  });
  expect(sorted(changes)).toEqual(sorted(truth.changes.filter(isSchool).map(keyOf)));

  const turned = (away: boolean): string[] =>
    [...after].flatMap(([key, now]) => (now.away === away && before.get(key)?.away === !away ? [key] : []));
  expect(sorted(turned(true))).toEqual(sorted(truth.absences.map(keyOf)));
  expect(sorted(turned(false))).toEqual(sorted(truth.returns.map(keyOf)));
});

test('who is gone from a complete roster was moved by another school before, or is one of the missing', () => {
  const quietly = new Set<string>();
  for (const index of AFTER_FIRST) {
    const truth = truthAt(index);
    for (const move of truth.moves) quietly.add(`${move.from.institutionCode}:${move.from.section}/${move.name}`);
    const asked = new Set(truth.missing.filter(isSchool).map(keyOf));
    for (const key of missing[index] ?? []) expect(asked.has(key) || quietly.has(key), key).toBe(true);
    for (const key of asked) expect(missing[index]).toContain(key);
  }
});

test('no unit loses so many in one night that the night would be held', () => {
  for (const index of AFTER_FIRST) {
    const truth = truthAt(index);
    const lost = new Map<string, number>();
    const lose = (code: string, section: string): void => {
      const unit = section === '幼兒園' ? code : `${code}:${section}`;
      lost.set(unit, (lost.get(unit) ?? 0) + 1);
    };
    for (const p of [...truth.leaves, ...truth.announced, ...truth.missing]) lose(p.institutionCode, p.section);
    for (const { from } of truth.moves) lose(from.institutionCode, from.section);
    for (const [unit, count] of lost) {
      const size =
        nights.chronicle
          .chapter(index)
          .before.posts.get(unit)
          ?.filter((p) => p.left === null).length ?? 0;
      expect(count < 3 || count <= size * 0.2, `${unit} loses ${count} of ${size}`).toBe(true);
    }
  }
});

const approved = (index: number): Map<string, StaffItem> => {
  const { setting } = nights.chronicle;
  const items = staffItems(setting, nights.chronicle.chapter(index).world);
  return new Map(items.filter((item) => item.reviewStatus === '核定').map((item) => [item.staffId, item]));
};

test.each(AFTER_FIRST)('the care feed of night %i differs from the one before exactly by the books', (index) => {
  // What a reader knows: the last approved version of each record; pending ones change nothing (R13).
  const known = new Map<string, StaffItem>();
  for (let i = 0; i < index; i++) for (const [id, item] of approved(i)) known.set(id, item);
  const truth = truthAt(index);
  const care = (people: readonly PersonAt[]): string[] => people.filter((p) => !isSchool(p)).map(keyOf);
  const key = (item: StaffItem): string => `${item.institutionSid}:幼兒園/${item.name}`;
  const now = approved(index);
  const arrived = [...now.values()].filter((item) => !known.has(item.staffId) && !item.leftOn);
  expect(sorted(arrived.map(key))).toEqual(sorted([...care(truth.hires), ...care(truth.moves)]));
  const left = [...now.values()].filter(
    (item) => item.leftOn && known.has(item.staffId) && !known.get(item.staffId)?.leftOn,
  );
  const from = truth.moves.filter((m) => !isSchool(m)).map((m) => `${m.from.institutionCode}:幼兒園/${m.name}`);
  expect(sorted(left.map(key))).toEqual(sorted([...care(truth.leaves), ...from]));
  const retitled = [...now.values()].filter(
    (item) => known.has(item.staffId) && known.get(item.staffId)?.title !== item.title,
  );
  expect(sorted(retitled.map(key))).toEqual(sorted(care(truth.changes)));
});

test('the books of the nights hold every kind of event', () => {
  const all = AFTER_FIRST.map(truthAt);
  const kinds = new Set(all.flatMap((truth) => truth.pending.map((p) => `${p.changeType} ${p.review}`)));
  expect(kinds).toContain('新進 異動待審');
  expect(kinds).toContain('離職 異動待審');
  expect(kinds).toContain('異動 異動待審');
  expect([...kinds].some((kind) => kind.endsWith('退件'))).toBe(true);
  expect(new Set(all.flatMap((truth) => truth.leaves.map((leave) => leave.reason)))).toEqual(
    new Set(['離職', '退休', '代理期滿']),
  );
  expect(all.flatMap((truth) => truth.institutions.closures)).toHaveLength(1);
  expect(all.flatMap((truth) => truth.hires.filter((hire) => hire.comeback)).length).toBeGreaterThan(0);
  const joins = all
    .flatMap((truth) => truth.moves.filter(isSchool))
    .filter((m) => {
      const hashed = (code: string): boolean => nights.chronicle.setting.profiles.get(code)?.hashed ?? false;
      return hashed(m.institutionCode) !== hashed(m.from.institutionCode);
    });
  expect(joins.length).toBeGreaterThan(0);
});
