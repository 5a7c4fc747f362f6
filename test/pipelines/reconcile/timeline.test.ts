import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ended, opened, restate, sameLine, unended } from '../../../pipelines/reconcile/timeline.ts';
import type { SpellStretch, SpellValues } from '../../../schemas/plan.ts';
import { stretch } from './support.ts';

const OPEN = 'infinity';
const SERVES: SpellValues = { title: '教師', titleCode: 7, subjects: ['國語文'], isPrimary: true, onLeave: false };
const AWAY: SpellValues = { ...SERVES, onLeave: true };
const LINE = [stretch('2023-08-01', OPEN)];
/** `2024-08-01 教師 留` for each stretch. */
const told = (line: readonly SpellStretch[]): string[] =>
  line.map((s) => `${s.from} ${s.title}${s.onLeave ? ' 留' : ''}${s.endReason ? ` ${s.endReason} ${s.to}` : ''}`);

const leave = (line: SpellStretch[], registered: string, on: string): SpellStretch[] =>
  restate(line, AWAY, registered, on);
const back = (line: SpellStretch[], registered: string, on: string | null): SpellStretch[] =>
  restate(line, SERVES, registered, on);

test('R10: a leave holds from its own day, to come or past, and never before the spell began', () => {
  expect(told(leave(LINE, '2024-07-30', '2024-08-01'))).toEqual(['2023-08-01 教師', '2024-08-01 教師 留']);
  expect(told(leave(LINE, '2024-07-30', '2024-02-01'))).toEqual(['2023-08-01 教師', '2024-02-01 教師 留']);
  expect(told(leave(LINE, '2024-07-30', '2022-02-01'))).toEqual(['2023-08-01 教師 留']);
  expect(told(restate(LINE, AWAY, '2024-07-30', null))).toEqual(['2023-08-01 教師', '2024-07-30 教師 留']);
});

test('a past leave goes through the stretches that were known, a coming one through those that follow', () => {
  const retitled = [stretch('2023-08-01', '2024-05-01'), stretch('2024-05-01', OPEN, { title: '組長' })];
  const chief = { ...AWAY, title: '組長' };
  expect(told(restate(retitled, chief, '2024-07-30', '2024-02-01'))).toEqual([
    '2023-08-01 教師',
    '2024-02-01 教師 留',
    '2024-05-01 組長 留',
  ]);
});

test('R07: a title that changes while a leave is still to come changes on its own day, before and during the leave', () => {
  const planned = leave(LINE, '2024-07-29', '2024-08-01');
  const now = restate(planned, { ...AWAY, title: '組長' }, '2024-07-30', '2024-08-01');
  expect(told(now)).toEqual(['2023-08-01 教師', '2024-07-30 組長', '2024-08-01 組長 留']);
  const again = restate(now, { ...AWAY, title: '主任' }, '2024-07-30', '2024-08-01');
  expect(told(again)).toEqual(['2023-08-01 教師', '2024-07-30 主任', '2024-08-01 主任 留']);
  expect(told(restate(now, { ...AWAY, title: '主任' }, '2024-09-02', '2024-08-01'))).toEqual([
    '2023-08-01 教師',
    '2024-07-30 組長',
    '2024-08-01 組長 留',
    '2024-09-02 主任 留',
  ]);
});

test('a later file corrects the day of a leave or of a return, to a later or an earlier one', () => {
  const planned = leave(LINE, '2024-07-29', '2024-08-01');
  expect(told(leave(planned, '2024-07-30', '2024-09-01'))).toEqual(['2023-08-01 教師', '2024-09-01 教師 留']);
  expect(told(leave(planned, '2024-09-05', '2024-09-01'))).toEqual(['2023-08-01 教師', '2024-09-01 教師 留']);
  expect(told(leave(planned, '2024-07-30', '2024-02-01'))).toEqual(['2023-08-01 教師', '2024-02-01 教師 留']);
  const returned = back(planned, '2025-01-20', '2025-02-01');
  expect(told(returned)).toEqual(['2023-08-01 教師', '2024-08-01 教師 留', '2025-02-01 教師']);
  expect(told(back(returned, '2025-01-21', '2025-03-01')).at(-1)).toBe('2025-03-01 教師');
  expect(told(back(returned, '2025-01-21', '2025-01-01'))).toEqual([
    '2023-08-01 教師',
    '2024-08-01 教師 留',
    '2025-01-01 教師',
  ]);
});

test('a row without 異動別 says that the person is in service: back from the day it was registered, or never gone', () => {
  const planned = leave(LINE, '2024-07-29', '2024-08-01');
  expect(told(back(planned, '2024-07-30', null))).toEqual(['2023-08-01 教師']);
  expect(told(back(planned, '2024-08-01', null))).toEqual(['2023-08-01 教師']);
  expect(told(back(planned, '2024-09-10', null)).slice(1)).toEqual(['2024-08-01 教師 留', '2024-09-10 教師']);
});

test('a return before the leave withdraws it; a return of somebody never on leave says nothing of the past', () => {
  const planned = leave(LINE, '2024-07-29', '2024-08-01');
  expect(told(back(planned, '2024-07-30', '2024-07-15'))).toEqual(['2023-08-01 教師']);
  expect(back(LINE, '2024-07-30', '2024-08-15')).toEqual(LINE);
});

test('a further leave after a return leaves the first one as it was', () => {
  const returned = back(leave(LINE, '2023-09-01', '2023-10-01'), '2024-02-01', '2024-02-01');
  expect(told(leave(returned, '2024-07-30', '2024-08-01'))).toEqual([
    '2023-08-01 教師',
    '2023-10-01 教師 留',
    '2024-02-01 教師',
    '2024-08-01 教師 留',
  ]);
});

test('a new spell with a leave to come is in service until then; a leave that began earlier holds from its first day', () => {
  expect(told(opened(AWAY, '2024-07-30', '2024-08-01'))).toEqual(['2024-07-30 教師', '2024-08-01 教師 留']);
  expect(told(opened(AWAY, '2024-07-30', '2024-02-01'))).toEqual(['2024-07-30 教師 留']);
  expect(told(opened(AWAY, '2024-07-30', null))).toEqual(['2024-07-30 教師 留']);
  expect(told(opened(SERVES, '2024-07-30', '2024-08-01'))).toEqual(['2024-07-30 教師']);
});

test('R10: an end cuts off what was still to come, and what had been known of later days', () => {
  const planned = leave(LINE, '2024-07-29', '2024-08-01');
  expect(told(ended(planned, '2024-07-31', '離職', null))).toEqual(['2023-08-01 教師 離職 2024-07-31']);
  expect(told(ended(planned, '2024-08-01', '離職', null))).toEqual(['2023-08-01 教師 離職 2024-08-01']);
  expect(told(ended(planned, '2024-09-01', '離職', null))).toEqual([
    '2023-08-01 教師',
    '2024-08-01 教師 留 離職 2024-09-01',
  ]);
  expect(told(unended(ended(planned, '2024-09-01', '離職', null), '2023-08-01'))).toEqual(told(planned));
});

test('an end on or before the first day: the day before it stands for the spell, and for which start; taken back, the spell begins where it began', () => {
  const before = ended(LINE, '2023-07-15', '離職', '2023-08-01');
  expect(told(before)).toEqual(['2023-07-14 教師 離職 2023-07-15']);
  expect(before[0]?.began).toBe('2023-08-01');
  expect(told(ended(LINE, '2023-08-01', '離職', '2023-08-01'))).toEqual(['2023-07-31 教師 離職 2023-08-01']);
  expect(unended(before, '2023-08-01')).toEqual(LINE);
  expect(told(ended(unended(before, '2023-08-01'), '2024-08-15', '離職', null))).toEqual([
    '2023-08-01 教師 離職 2024-08-15',
  ]);
  expect(unended(before, null)).toEqual([stretch('2023-07-14', OPEN)]);
});

test('a spell of one day says nothing of another start, and is not the same as a day that stands for one; a first day that nobody told is none', () => {
  const oneDay = ended(LINE, '2023-08-02', '離職', '2023-08-01');
  expect(oneDay).toEqual([stretch('2023-08-01', '2023-08-02', { endReason: '離職' })]);
  const standsIn = ended([stretch('2023-08-02', OPEN)], '2023-08-02', '離職', '2023-08-02');
  expect(standsIn).toEqual([{ ...oneDay[0], began: '2023-08-02' }]);
  expect(sameLine(oneDay, standsIn)).toBe(false);
  expect(ended(LINE, '2023-09-01', '離職', null)[0]?.began).toBe('-infinity');
});

const day = fc.integer({ min: 0, max: 60 }).map((n) => new Date(Date.UTC(2024, 5, 1 + n)).toISOString().slice(0, 10));
const word = fc.record({
  title: fc.constantFrom('教師', '組長', '主任'),
  isPrimary: fc.boolean(),
  onLeave: fc.boolean(),
  registered: day,
  changedOn: fc.option(day),
});
type Word = typeof word extends fc.Arbitrary<infer W> ? W : never;
const hear = (line: SpellStretch[], w: Word): SpellStretch[] =>
  restate(line, { ...SERVES, title: w.title, isPrimary: w.isPrimary, onLeave: w.onLeave }, w.registered, w.changedOn);
const on = (line: readonly SpellStretch[], at: string) => line.find((s) => s.from <= at && at < s.to);

test('whatever is said in whatever order, the line stays whole, ends as said, and the same word twice changes nothing', () => {
  fc.assert(
    fc.property(day, fc.array(word, { minLength: 1, maxLength: 8 }), (began, words) => {
      let line = [stretch(began, OPEN)];
      for (const w of words) {
        const before = line;
        line = hear(line, w);
        expect(line[0]?.from).toBe(began);
        expect(line.at(-1)).toMatchObject({ to: OPEN, title: w.title, isPrimary: w.isPrimary, onLeave: w.onLeave });
        for (const [i, s] of line.entries()) {
          expect(s.from < s.to).toBe(true);
          if (i > 0) expect(s.from).toBe(line[i - 1]?.to);
          if (i > 0)
            expect(sameLine([{ ...s, from: '', to: '' }], [{ ...line[i - 1]!, from: '', to: '' }])).toBe(false);
        }
        const leaves = w.changedOn ?? (before.at(-1)?.onLeave === w.onLeave ? OPEN : w.registered);
        for (const at of [w.registered, w.changedOn ?? w.registered, '2024-08-30']) {
          if (at >= leaves && at >= began) expect(on(line, at)?.onLeave).toBe(w.onLeave);
        }
        expect(sameLine(hear(line, w), line)).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
});
