import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readInstitutionCode } from '../../../pipelines/normalise/institution-code.ts';
import { readDistrict } from '../../../pipelines/normalise/read-district.ts';
import { readSection } from '../../../pipelines/normalise/read-section.ts';
import { codes, noIssues } from './support.ts';

const read = (text: string, path: 'school' | 'kindergarten' | 'list' = 'school') => {
  const issues = noIssues();
  return [readInstitutionCode(text, 'institutionCode', path, issues), ...codes([...issues.errors, ...issues.warnings])];
};

test('school codes come back whole from what Excel did to them', () => {
  expect(read('064350')).toEqual(['064350']);
  expect(read('０６１ｆ０１ ')).toEqual(['061F01']);
  expect(read('64350')).toEqual(['064350', 'code-zero-restored']);
  expect(read('64350.0')).toEqual(['064350', 'code-zero-restored']);
  expect(read('61F01')).toEqual(['061F01', 'code-zero-restored']);
});

test('codes of kindergartens and their branches are read', () => {
  expect(['061K1T', '064X24', '064X7Q-05', '191XBI'].map((code) => read(code, 'list'))).toEqual([
    ['061K1T'],
    ['064X24'],
    ['064X7Q-05'],
    ['191XBI'],
  ]);
  expect(read('61K1T', 'list')).toEqual(['061K1T', 'code-zero-restored']);
});

test('a sid is read plain, as the public map has it, and without its zero', () => {
  expect(read('0942800021', 'kindergarten')).toEqual(['0942800021']);
  expect(read('0942400004-01', 'kindergarten')).toEqual(['0942400004-01']);
  expect(read('942800021', 'kindergarten')).toEqual(['0942800021', 'code-zero-restored']);
  fc.assert(
    fc.property(fc.stringMatching(/^\d{10}(-\d{2})?$/), (sid) => {
      expect(read(Buffer.from(sid, 'utf16le').toString('base64'), 'kindergarten')).toEqual([sid]);
    }),
  );
});

test('what is no code rejects the row', () => {
  expect(read('')).toEqual([null, 'code-missing']);
  expect(read('6.1E+02')).toEqual([null, 'code-unreadable']);
  expect(read('豐原國小')).toEqual([null, 'code-unreadable']);
  expect(read('064601', 'kindergarten')).toEqual([null, 'sid-unreadable']);
});

test('sections have aliases; an unknown one is dropped with a warning', () => {
  const issues = noIssues();
  expect(
    ['國小', '國民小學', '國中部', '高級中等學校', '特殊教育學校', '附設幼兒園', ' 國 小 ', ''].map((text) =>
      readSection(text, issues),
    ),
  ).toEqual(['國小', '國小', '國中', '高中', '特教', '幼兒園', '國小', null]);
  expect(issues.warnings).toEqual([]);
  expect(readSection('日間部', issues)).toBeNull();
  expect(codes(issues.warnings)).toEqual(['section-unknown']);
});

test('the district is read from its column or the address', () => {
  const issues = noIssues('institution');
  expect(readDistrict('大雅區', null, issues)).toBe('大雅區');
  expect(readDistrict(undefined, '[437]臺中市大甲區武曲里11鄰經國路535號', issues)).toBe('大甲區');
  expect(readDistrict('', '407臺中市西屯區林厝里', issues)).toBe('西屯區');
  expect(readDistrict('[400]臺中市中區', null, issues)).toBe('中區');
  expect(readDistrict(undefined, '某路1號', issues)).toBeNull();
});
