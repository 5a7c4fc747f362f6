import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedCache } from '../../../pipelines/normalise/bounded-cache.ts';
import { maskName, maskText, maskValue } from '../../../pipelines/normalise/mask-value.ts';
import { readEmail, readPhone } from '../../../pipelines/normalise/read-contact.ts';
import { parseSubjects } from '../../../pipelines/normalise/read-subjects.ts';
import {
  KINDERGARTEN_TITLES,
  kindergartenTitle,
  parseTitle,
  parseTitleKind,
} from '../../../pipelines/normalise/read-title.ts';
import { codes, noIssues } from './support.ts';

const KINDS =
  '校長 教師兼主任 主任 教師兼組長 組長 導師 專任教師 實習教師 試用教師 代理/代課教師 兼任教師 職員 護士 警衛 工友'.split(
    ' ',
  );

test('the fifteen 職別 are known by name and number', () => {
  for (const [i, kind] of KINDS.entries()) {
    expect([kind, parseTitle(kind, false).code]).toEqual([kind, i + 1]);
    for (const text of [kind, `${i + 1}`, `${i + 1}.0`, `${i + 1} ${kind}`, String(i + 1).padStart(2, '0')]) {
      expect([text, parseTitleKind(text)]).toEqual([text, i + 1]);
    }
  }
  expect(['0', '16', '教練', ''].map(parseTitleKind)).toEqual([null, null, null, null]);
});

test('titles that schools write find their 職別', () => {
  const expected: Record<string, number> = {
    資訊組長: 5,
    資訊教育組長: 5,
    教務主任: 3,
    教師兼輔導主任: 2,
    導師兼資訊組長: 4,
    教師兼衛生組: 4,
    級任教師: 6,
    一年一班導師: 6,
    科任教師: 7,
    英語老師: 7,
    教師: 7,
    專輔教師: 7,
    代理教師: 10,
    長期代課教師: 10,
    代理教師兼組長: 10,
    代理導師: 10,
    鐘點教師: 11,
    人事主任: 12,
    會計室主任: 12,
    幹事: 12,
    護理師: 13,
    校警: 14,
    技工: 15,
    '專　任　教　師': 7,
  };
  for (const [title, code] of Object.entries(expected))
    expect([title, parseTitle(title, false).code]).toEqual([title, code]);
});

test('an unknown title is reported as such, a kindergarten title has no 職別', () => {
  expect(parseTitle('星際領航員', false)).toEqual({ code: null, known: false, kindergartenOnly: false });
  expect(parseTitle('教保員', false)).toEqual({ code: null, known: true, kindergartenOnly: true });
  for (const title of KINDERGARTEN_TITLES) expect(parseTitle(title, true)).toMatchObject({ code: null, known: true });
  expect([kindergartenTitle('幼教師'), kindergartenTitle('教務主任')]).toEqual(['教師', null]);
});

test('subjects are split, named alike and listed once', () => {
  expect(parseSubjects('國語、數學;英語／ 體育 , 國文')).toEqual(['國語文', '數學', '英語文', '體育']);
  expect([parseSubjects(''), parseSubjects('無'), parseSubjects('、/')]).toEqual([[], [], []]);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseSubjects(parseSubjects(text).join('、'))).toEqual(parseSubjects(text));
    }),
  );
});

test('the zero that a spreadsheet ate from an area code comes back, and no local number gets one', () => {
  const lost: Record<string, string> = {
    '425393299': '0425393299',
    '425393299.0': '0425393299',
    '4-25393299': '04-25393299',
    '(4)2539-3299#21': '(04)2539-3299#21',
    '(49)2622030': '(049)2622030',
    '492622030': '0492622030',
  };
  for (const [text, phone] of Object.entries(lost)) {
    const issues = noIssues('institution');
    expect([text, readPhone(text, issues), codes(issues.warnings)]).toEqual([text, phone, ['phone-zero-restored']]);
  }
  for (const text of ['25393299', '2539-3299', '(04)25393299', '042-5393299']) {
    const issues = noIssues('institution');
    expect([readPhone(text, issues), codes(issues.warnings)]).toEqual([text, []]);
  }
});

test('phones keep what was given, without a guessed area code', () => {
  const cases: Record<string, string> = {
    '(04)22804546#10': '(04)22804546#10',
    '04-22804546＃10': '04-22804546#10',
    '22293401轉13': '22293401#13',
    '04-22804546 分機 10': '04-22804546#10',
    '0912-345-678': '0912345678',
    '+886 912 345 678': '0912345678',
    '0900 000000': '0900000000',
    0: '',
    無: '',
  };
  for (const [text, phone] of Object.entries(cases))
    expect([text, readPhone(text, noIssues()) ?? '']).toEqual([text, phone]);
  const issues = noIssues();
  expect(readPhone('912345678', issues)).toBe('0912345678');
  expect(readPhone('請洽學校', issues)).toBeNull();
  expect(codes(issues.warnings)).toEqual(['phone-zero-restored', 'phone-unreadable']);
});

test('an e-mail has its domain in lower case; what is none is dropped with a warning', () => {
  const issues = noIssues();
  expect(readEmail(' Wang.DW@TC.EDU.TW', issues)).toBe('Wang.DW@tc.edu.tw');
  expect(readEmail('wang＠tc.edu.tw', issues)).toBe('wang@tc.edu.tw');
  expect(readEmail('-', issues)).toBeNull();
  expect(issues.warnings).toEqual([]);
  for (const text of ['wang', 'wang@tc', 'a@b.tw;c@d.tw', 'a b@tc.edu.tw', '@tc.edu.tw'])
    expect(readEmail(text, issues)).toBeNull();
  expect(codes(issues.warnings)).toEqual(Array(5).fill('email-invalid'));
});

test('masks keep the first character and at most the last two', () => {
  expect(maskText('A123456789')).toBe('A****89');
  expect(maskText('A1234')).toBe('A****');
  expect([maskText('A'), maskName('陳'), maskName('陳大文')]).toEqual(['*', '○', '陳○']);
});

test('a personal value in a column that should not hold one is masked too', () => {
  for (const value of ['A123456789', '0912345678', 'wang@tc.edu.tw', '68/12/23', 'ｗａｎｇ＠ｔｃ']) {
    expect(maskValue('staff', 'title', value)).not.toContain(value);
  }
  expect(maskValue('staff', 'title', '星際領航員')).toBe('星際領航員');
  expect(maskValue('institution', 'name', '臺中市私立?葉幼兒園')).toBe('臺中市私立?葉幼兒園');
});

test('a cache never grows past its bound', () => {
  const cache = new BoundedCache<number>(10);
  for (let i = 0; i < 1000; i++) expect(cache.set(`k${i}`, i)).toBe(i);
  expect(cache.size).toBeLessThanOrEqual(10);
  expect(cache.get('k999')).toBe(999);
  cache.set('x'.repeat(1000), 1);
  expect(cache.get('x'.repeat(1000))).toBeUndefined();
});

test('titles with the second duty in brackets, of supporting staff and on contract find their 職別', () => {
  const expected: Record<string, number> = {
    '教師(兼資訊組長)': 4,
    '教師（兼任教務主任）': 2,
    本土語教學支援人員: 11,
    閩南語教支人員: 11,
    外師: 7,
    約聘僱人員: 12,
  };
  for (const [title, code] of Object.entries(expected))
    expect([title, parseTitle(title, false).code]).toEqual([title, code]);
  expect(['代理代課教師', '專任', '級任導師', '教師'].map(parseTitleKind)).toEqual([10, 7, 6, null]);
});

test('a title is the same in any width, with any spaces and with 老師 for 教師', () => {
  const wide = (text: string) => text.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
  const title = fc.constantFrom(...KINDS, '教師(兼資訊組長)', '801導師', '資訊組長', '教練', '園長', '星際領航員');
  fc.assert(
    fc.property(title, fc.nat(8), fc.boolean(), (text, at, kindergarten) => {
      const spaced = `${text.slice(0, at)}\u3000${text.slice(at)} `;
      for (const other of [wide(text), spaced, text.replaceAll('教師', '老師')])
        expect(parseTitle(other, kindergarten)).toEqual(parseTitle(text, kindergarten));
    }),
  );
});

test('subjects are split at whatever schools write between them, and 科 and 領域 are no part of a known one', () => {
  expect(parseSubjects('國語+數學\n英語&自然．社會領域')).toEqual(['國語文', '數學', '英語文', '自然科學', '社會']);
  expect(parseSubjects('數學科、健康與體育領域、戲劇科')).toEqual(['數學', '健康與體育', '戲劇科']);
});

test('a phone with a label or a star before its extension is read', () => {
  const cases: Record<string, string> = {
    '公:04-22804546': '04-22804546',
    'H：22804546': '22804546',
    'TEL (04)22804546': '(04)22804546',
    '04-22804546*10': '04-22804546#10',
    '手機0912-345-678': '0912345678',
  };
  for (const [text, phone] of Object.entries(cases)) expect([text, readPhone(text, noIssues())]).toEqual([text, phone]);
  expect(readPhone('3-00000#', noIssues())).toBeNull();
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789()-#*轉 +公:~/') }), (text) => {
      const once = readPhone(text, noIssues());
      if (once !== null) expect(readPhone(once, noIssues())).toBe(once);
    }),
    { numRuns: 3000 },
  );
});
