import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanCell, cleanText, codeText, keyText } from '../../../pipelines/normalise/clean-text.ts';
import { codes, noIssues } from './support.ts';

test('outer white space of any kind goes, inner spaces and full width stay', () => {
  expect(cleanText('\u3000\u00a0 Trần  Văn Ｎam\t\r\n')).toBe('Trần  Văn Ｎam');
});

test('hidden characters inside a value are removed with a warning, at its ends silently', () => {
  const issues = noIssues();
  expect(cleanCell('\ufeff陳大文\u3000', 'name', issues)).toBe('陳大文');
  expect(issues.warnings).toEqual([]);
  expect(cleanCell('陳\u200b大\u202e文\u0007', 'name', issues)).toBe('陳大文');
  expect(codes(issues.warnings)).toEqual(['text-hidden-removed']);
});

test('a lone surrogate becomes U+FFFD, so that the text can be stored', () => {
  expect(cleanText('陳\ud842')).toBe('陳\ufffd');
});

test('codes lose full width, lower case, spaces and what Excel adds', () => {
  expect(codeText('０６１Ｆ０１')).toBe('061F01');
  expect(codeText('061f01 ')).toBe('061F01');
  expect(codeText('="064350"')).toBe('064350');
  expect(codeText("'064350")).toBe('064350');
  expect(codeText('5567461.0')).toBe('5567461');
});

test('cleaning twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(cleanText(cleanText(text))).toBe(cleanText(text));
      expect(keyText(keyText(text))).toBe(keyText(text));
      expect(cleanText(text).isWellFormed()).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
