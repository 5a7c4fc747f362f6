import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayNumber, isoDay, isoDayOfNumber } from '../../../pipelines/normalise/calendar.ts';
import { makeDateReader, parseDate } from '../../../pipelines/normalise/read-date.ts';
import { makeDayReader, readDay } from '../../../pipelines/normalise/read-day.ts';
import { parseMoment } from '../../../pipelines/normalise/read-moment.ts';
import { codes, noIssues } from './support.ts';

const day = fc
  .integer({ min: dayNumber(1927, 6, 1), max: dayNumber(2110, 12, 31) })
  .map((n) => isoDayOfNumber(n)!)
  .filter((iso) => iso !== '1970-01-01');

test('the forms of the domain are read', () => {
  const forms = {
    '2024-07-05': [
      '113年7月5日',
      '113/07/05',
      '113-07-05',
      '113.7.5',
      '1130705',
      '中華民國113年7月5日',
      '民國113年7月5日',
      '民113.7.5',
      '113年7月5日(五)',
      '113.07.05.',
      '民國113年7月5日生',
      '2024/7/5',
      '20240705',
      '１１３／０７／０５',
      '113 年 7 月 5 日',
      '0113/07/05',
      '1130705.0',
      '2024-07-05 00:00:00',
      '45478',
      '45478.0',
    ],
    '2010-07-05': ['990705', '0990705', '99/7/5'],
    '1969-04-07': ['58.4.7', '580407'],
    '1963-05-01': ['西元 1963/5/1', '1963/5/1', '民國52年5月1日'],
    '1979-12-23': ['民國68年12月23日', '68/12/23'],
    '2024-02-29': ['113/2/29', '2024-02-28T16:30:00Z'],
    '1974-04-01': ['63/4/1', '1974-04-01'],
  };
  for (const [iso, texts] of Object.entries(forms))
    for (const text of texts) expect([text, parseDate(text)]).toEqual([text, iso]);
});

test('every form of a day agrees', () => {
  fc.assert(
    fc.property(day, (iso) => {
      const [year, month, date] = iso.split('-') as [string, string, string];
      const roc = Number(year) - 1911;
      const [m, d] = [Number(month), Number(date)];
      const serial = dayNumber(Number(year), m, d) + 25_569;
      const forms = [
        iso,
        `${year}/${m}/${d}`,
        `${year}${month}${date}`,
        `西元${year}年${m}月${d}日`,
        `${iso}T00:00:00+08:00`,
        `${roc}年${m}月${d}日`,
        `民國${roc}年${month}月${date}日`,
        `中華民國 ${roc} 年 ${m} 月 ${d} 日`,
        `${roc}/${month}/${date}`,
        `${roc}-${m}-${d}`,
        `${roc}.${m}.${d}`,
        `${String(roc).padStart(3, '0')}${month}${date}`,
        `${serial}`,
        `${serial}.0`,
        ...(roc >= 10 ? [`${roc}${month}${date}`] : []),
      ];
      for (const form of forms) expect([form, parseDate(form)]).toEqual([form, iso]);
    }),
    { numRuns: 1000 },
  );
});

test('a day of the calendar and its number agree both ways', () => {
  fc.assert(
    fc.property(fc.integer({ min: dayNumber(1900, 1, 1), max: dayNumber(2400, 12, 31) }), (n) => {
      const iso = isoDayOfNumber(n)!;
      const [y, m, d] = iso.split('-').map(Number) as [number, number, number];
      expect(dayNumber(y, m, d)).toBe(n);
      expect(iso).toBe(new Date(n * 86_400_000).toISOString().slice(0, 10));
    }),
  );
});

test('there is no 30 February, and 29 February only in leap years', () => {
  expect(['113/2/30', '112/2/29', '1900-02-29', '113/13/1', '113/4/31', '2024-00-10'].map(parseDate)).toEqual(
    Array(6).fill(null),
  );
  expect(isoDay(2000, 2, 29)).toBe('2000-02-29');
  expect(isoDay(2100, 2, 29)).toBeNull();
});

test('placeholders say that the day is not known', () => {
  const texts = [
    '',
    '-',
    '無',
    '不詳',
    '0000-00-00',
    '0000/00/00 00:00:00',
    '0',
    '000000',
    '00/00/00',
    '1970/01/01',
    '590101',
    '1900-01-01',
    '9999/12/31',
    '1970-01-01 00:00:00',
  ];
  expect(texts.map((text) => [text, parseDate(text)])).toEqual(texts.map((text) => [text, '']));
});

test('what is not a date is not guessed at', () => {
  for (const text of [
    '1/05/2023',
    '八月一日',
    '113',
    '113/7',
    'A123456789',
    '民國1963年5月1日',
    '西元63年5月1日',
    '300/1/1',
    '2024-07-05T25:00:00',
    '12345678901',
  ]) {
    expect([text, parseDate(text)]).toEqual([text, null]);
  }
});

test('reading never throws, gives a real day or says why not, and remembers without changing its mind', () => {
  const read = makeDateReader();
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0123456789/-.年月日 :民國') })),
      (text) => {
        const first = read(text);
        expect(read(text)).toBe(first);
        if (first) expect(parseDate(first)).toBe(first);
      },
    ),
    { numRuns: 3000 },
  );
});

test('an implausible day is dropped with a warning, an unknown one silently', () => {
  const days = makeDayReader('2024-08-02T16:00:00.000000+08:00');
  const issues = noIssues();
  expect(readDay('8/1/1', 'birthDate', days, issues)).toBeNull();
  expect(readDay('100/1/1', 'birthDate', days, issues)).toBeNull();
  expect(readDay('不是日期', 'birthDate', days, issues)).toBeNull();
  expect(readDay('0000-00-00', 'birthDate', days, issues)).toBeNull();
  expect(readDay('98/12/31', 'birthDate', days, issues)).toBe('2009-12-31');
  expect(readDay('113/8/1', 'startOn', days, issues)).toBe('2024-08-01');
  expect(codes(issues.warnings)).toEqual(['date-out-of-range', 'date-out-of-range', 'date-unreadable']);
});

test('moments have one written form, in Taipei time', () => {
  const form = '2024-08-02T16:59:59.000000+08:00';
  for (const text of [
    '2024-08-02 16:59:59',
    '2024-08-02T08:59:59Z',
    '2024-08-02T16:59:59+08:00',
    '113/08/02 16:59:59',
    '113/8/2 下午 04:59:59',
    '113年8月2日 下午4時59分59秒',
    '2024/8/2 4:59:59 PM',
    '2024-08-02T04:59:59-0400',
    '2024-08-02T16:59:59.000+08:00',
    '45506.70832175926',
  ]) {
    expect([text, parseMoment(text)]).toEqual([text, form]);
  }
  expect(parseMoment('113/08/02 16:59')).toBe('2024-08-02T16:59:00.000000+08:00');
  expect(parseMoment('2024-08-02T16:59:59.9999994+08:00')).toBe('2024-08-02T16:59:59.999999+08:00');
  expect(parseMoment('上午12:05')).toBeNull();
  expect(parseMoment('113/08/02 上午12:05')).toBe('2024-08-02T00:05:00.000000+08:00');
  expect(
    ['113/08/02', '113/08/02 24:00', '113/08/02 16:60', '113/02/30 10:00', '113/8/216:59', 'x'].map(parseMoment),
  ).toEqual(Array(6).fill(null));
});

test('moments sort as text whatever offset they came with', () => {
  const moment = fc
    .tuple(fc.integer({ min: -2e8, max: 4e9 }), fc.constantFrom(-480, 0, 480, 330))
    .map(([seconds, offset]) => {
      const local = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19);
      const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
      return {
        seconds,
        text: `${local}${offset < 0 ? '-' : '+'}${hours}:${String(Math.abs(offset) % 60).padStart(2, '0')}`,
      };
    });
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [x, y] = [parseMoment(a.text)!, parseMoment(b.text)!];
      expect(x < y).toBe(a.seconds < b.seconds);
      expect(x).toHaveLength(32);
      expect(parseMoment(x)).toBe(x);
    }),
  );
});
