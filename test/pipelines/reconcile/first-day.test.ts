/** What the books know of the first day of a spell for which one day stands, since it ended on or before that day (R08, R09). */
import { expect, test } from 'vitest';
import { A, B, C, days, heard } from './told.ts';
import { Books } from './words.ts';

const gone = (on: string) => ({ end_on: on, end_reason: '離職' });

test('R08: a school that had the person for one day and then tells that nobody came on it moves no other school', () => {
  const books = new Books();
  heard(
    books,
    [{ ...C, start_on: '2023-08-01' }],
    [{ ...A, start_on: '2024-08-01' }],
    [{ ...B, start_on: '2024-08-05' }],
    [{ ...A, start_on: '2024-08-04' }],
  );
  const others = [['2023-08-01 2024-08-04'], ['2024-08-05 infinity']];
  expect([days(books, A), days(books, C), days(books, B)]).toEqual([['2024-08-04 2024-08-05'], ...others]);
  expect(heard(books, [{ ...A, ...gone('2024-08-04') }])).not.toContain('ended-before-start');
  expect([days(books, A), days(books, C), days(books, B)]).toEqual([['2024-08-03 2024-08-04'], ...others]);
});

test('R09: a start that was told on the very day on which another school took over is known: an end before it contradicts it, and moves no other school', () => {
  const books = new Books();
  heard(
    books,
    [{ ...C, start_on: '2024-07-01' }],
    [{ ...A, start_on: '2024-08-01' }],
    [{ ...B, start_on: '2024-08-09' }],
    [{ ...A, start_on: '2024-08-09' }],
  );
  expect([days(books, A), days(books, C)]).toEqual([['2024-08-08 2024-08-09'], ['2024-07-01 2024-08-09']]);
  expect(heard(books, [{ ...A, ...gone('2024-08-08') }])).toContain('ended-before-start');
  expect([days(books, A), days(books, C)]).toEqual([['2024-08-07 2024-08-08'], ['2024-07-01 2024-08-09']]);
  expect(heard(books, [{ ...A, ...gone('2024-08-20') }])).not.toContain('ended-before-start');
});

test('R08: a school whose registration came after a newer one had the person from its own day, also once it tells its own end', () => {
  const books = new Books();
  heard(
    books,
    [{ ...C, start_on: '2024-07-01' }],
    [
      { ...A, start_on: '2024-08-01' },
      { ...B, start_on: '2024-07-15' },
    ],
    [{ ...B, ...gone('2024-07-20') }],
    [{ ...C, ...gone('2024-08-10') }],
  );
  expect([days(books, C), days(books, B), days(books, A)]).toEqual([
    ['2024-07-01 2024-07-15'],
    ['2024-07-15 2024-07-20'],
    ['2024-08-01 infinity'],
  ]);
});

test('R08: a start that was corrected while another school had the person counts from then on, night after night', () => {
  const books = new Books();
  const night = (day: string) => ({ registered_at: `${day}T10:00:00+08:00` });
  heard(
    books,
    [{ ...C, ...night('2024-08-01') }],
    [{ ...B, ...night('2024-08-05'), start_on: '2024-07-31' }],
    [{ ...B, ...night('2024-08-09'), start_on: '2024-08-01', is_primary: false }],
    [
      { ...C, ...night('2024-08-13'), end_on: '2024-08-14', end_reason: '轉校' },
      { ...B, ...night('2024-08-13'), end_on: '2024-08-14', end_reason: '轉校' },
    ],
  );
  expect([days(books, B), days(books, C)]).toEqual([['2024-08-01 2024-08-14'], ['2024-08-01 2024-08-13']]);
});

test('R09: who came onto a list already gone has no first day that could take anybody over, also once the end is corrected', () => {
  const books = new Books();
  const late = { registered_at: '2024-08-05T10:00:00+08:00' };
  heard(books, [{ ...C, start_on: '2023-08-01' }], [{ ...A, ...late, ...gone('2024-08-01') }]);
  expect(days(books, A)).toEqual(['2024-07-31 2024-08-01 secondary']);
  heard(
    books,
    [{ ...A, ...late, ...gone('2024-08-20') }],
    [{ ...C, end_on: '2024-09-01', end_reason: '轉校' }],
    [{ ...A, ...late, ...gone('2024-06-01') }],
  );
  expect([days(books, A), days(books, C)]).toEqual([['2024-05-31 2024-06-01 secondary'], ['2023-08-01 2024-09-01']]);
});
