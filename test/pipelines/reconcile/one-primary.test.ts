/** One service unit on every day (R08, R11), told night by night. */
import { expect, test } from 'vitest';
import { A, B, days, heard, K } from './told.ts';
import { Books } from './words.ts';

test('R08: a later day that the old unit tells of itself gives way to the day on which the new one registers the person', () => {
  const books = new Books();
  const gone = { ...A, end_on: '2024-08-05', end_reason: '轉校' };
  expect(heard(books, [{ ...A, start_on: '2023-08-01' }], [gone, { ...B, start_on: '2024-08-01' }])).toEqual([
    'registered-elsewhere',
  ]);
  expect([days(books, A), days(books, B)]).toEqual([['2023-08-01 2024-08-01'], ['2024-08-01 infinity']]);
  expect(heard(books, [{ ...B, end_on: '2024-09-01', end_reason: '離職' }])).toEqual([]);
  expect([days(books, A), days(books, B)]).toEqual([['2023-08-01 2024-08-01'], ['2024-08-01 2024-09-01']]);
});

test('R11: a kindergarten that tells a coming end has the person until then, the school that waits from then on', () => {
  const books = new Books();
  const care = { ...K, start_on: '2023-08-01' };
  heard(
    books,
    [care],
    [
      { ...care, end_on: '2024-08-05', end_reason: '離職' },
      { ...B, start_on: '2024-08-01' },
    ],
  );
  expect(days(books, K)).toEqual(['2023-08-01 2024-08-05']);
  expect(days(books, B)).toEqual(['2024-08-01 2024-08-05 secondary', '2024-08-05 infinity']);
});

test('who cannot be told apart by their days are asked, both, until one says otherwise', () => {
  const books = new Books();
  const one = { ...A, start_on: '2024-08-01' };
  const both = [
    { ...A, end_on: '2024-09-01', end_reason: '離職' },
    { ...B, start_on: '2024-08-01' },
  ];
  expect(heard(books, [one], both)).toEqual(['two-primary-units', 'two-primary-units']);
  expect(heard(books, [{ ...A, end_on: '2024-08-01', end_reason: '離職' }])).toEqual([]);
});

test('a corrected 到職日 of the care system is followed, earlier and later', () => {
  const books = new Books();
  heard(books, [{ ...K, start_on: '2024-08-01' }], [{ ...K, start_on: '2024-08-15' }]);
  expect(days(books, K)).toEqual(['2024-08-15 infinity']);
  heard(books, [{ ...K, start_on: '2024-07-15' }]);
  expect(days(books, K)).toEqual(['2024-07-15 infinity']);
});

test('a corrected start moves the end of the unit that gave way for it, and none that it told itself', () => {
  const books = new Books();
  heard(books, [{ ...A, start_on: '2023-08-01' }], [{ ...B, start_on: '2024-08-05' }]);
  heard(books, [{ ...B, start_on: '2024-08-08' }]);
  expect([days(books, A), days(books, B)]).toEqual([['2023-08-01 2024-08-08'], ['2024-08-08 infinity']]);
  heard(books, [{ ...A, end_on: '2024-08-01', end_reason: '離職' }], [{ ...B, start_on: '2024-08-06' }]);
  expect([days(books, A), days(books, B)]).toEqual([['2023-08-01 2024-08-01'], ['2024-08-06 infinity']]);
});

test('a corrected start lies never before the end of the spell that precedes it', () => {
  const books = new Books();
  heard(
    books,
    [{ ...A, start_on: '2023-08-01' }],
    [{ ...A, end_on: '2024-07-01', end_reason: '離職' }],
    [{ ...A, start_on: '2024-09-01' }],
    [{ ...A, start_on: '2024-08-01' }],
  );
  expect(days(books, A)).toEqual(['2023-08-01 2024-07-01', '2024-08-01 infinity']);
  heard(books, [{ ...A, start_on: '2024-06-01' }]);
  expect(days(books, A)).toEqual(['2023-08-01 2024-07-01', '2024-07-01 infinity']);
});
