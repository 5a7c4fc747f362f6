import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldVariants, VARIANTS } from '../../../pipelines/normalise/fold-variants.ts';
import { isDamagedName, makeInstitutionNameKey } from '../../../pipelines/normalise/institution-name.ts';
import { nameKey, readPersonName } from '../../../pipelines/normalise/person-name.ts';
import { codes, noIssues } from './support.ts';

const institutionKey = makeInstitutionNameKey('臺中市');

test('glyphs of one character share a key: 臺/台 峯/峰 羣/群 啓/啟 温/溫 双/雙 福/褔', () => {
  for (const [one, other] of ['臺台', '峯峰', '羣群', '啓啟', '温溫', '双雙', '褔福', '舘館'].map((pair) =>
    Array.from(pair),
  )) {
    expect(nameKey(`林${one}`)).toBe(nameKey(`林${other}`));
  }
});

test('distinct registered surnames keep distinct keys', () => {
  for (const [one, other] of ['黃黄', '鍾鐘', '涂凃', '余餘', '范範'].map((pair) => Array.from(pair))) {
    expect(nameKey(`${one}大文`)).not.toBe(nameKey(`${other}大文`));
  }
});

test('an input method of simplified glyphs does not make another person', () => {
  expect(nameKey('陈世翰')).toBe(nameKey('陳世翰'));
});

test('every way to write the middle dot, and none between Han characters as a full stop, is one', () => {
  const keys = new Set(Array.from('‧·・･•．.', (dot) => nameKey(`瓦歷斯${dot}諾幹`)));
  expect(keys).toEqual(new Set(['瓦歷斯·諾幹']));
});

test('spaces, case, width and composition do not make another Roman name', () => {
  expect(nameKey('Trần Văn  Nam')).toBe(nameKey('TRẦN\u3000VĂN NAM'.normalize('NFD')));
  expect(nameKey('O’Brien')).toBe(nameKey("o'brien"));
  expect(nameKey('葛󠄀城')).toBe(nameKey('葛城'));
});

test('keys are idempotent on any text', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'臺台中市立(私)·. 陳？K') })),
      (text) => {
        expect(nameKey(nameKey(text))).toBe(nameKey(text));
        expect(institutionKey(institutionKey(text))).toBe(institutionKey(text));
      },
    ),
    { numRuns: 3000 },
  );
});

test('no variant folds to another variant, and every one survives NFKC', () => {
  for (const [from, to] of VARIANTS) {
    expect(foldVariants(to)).toBe(to);
    expect([from, to]).toEqual([from.normalize('NFKC'), to.normalize('NFKC')]);
  }
});

test('a name stays as registered, whatever its key', () => {
  const issues = noIssues();
  for (const name of ['羣峯', '瓦歷斯．諾幹', 'Trần Văn Nam', '林 正賢']) {
    expect(readPersonName(` ${name}\u3000`, 'name', issues)).toBe(name);
  }
  expect(issues.warnings).toEqual([]);
});

test('a lost character is flagged: ?, U+FFFD, private use', () => {
  for (const name of ['陳?文', '陳？文', '陳\ufffd文', '陳\ue000文', '陳\u{f0000}文', '陳\ud842文']) {
    const issues = noIssues();
    readPersonName(name, 'name', issues);
    expect(codes(issues.warnings)).toEqual(['name-glyph-lost']);
    expect(issues.warnings[0]?.value).toBe('陳○');
  }
});

test('an entity is decoded and flagged; one that stands for nothing is a lost character', () => {
  const issues = noIssues();
  expect(readPersonName('陳&#22531;文', 'name', issues)).toBe('陳堃文');
  expect(readPersonName('陳&#x5803;文', 'name', issues)).toBe('陳堃文');
  expect(codes(issues.warnings)).toEqual(['name-entity-decoded', 'name-entity-decoded']);
  const lost = noIssues();
  expect(readPersonName('陳&#9999999;文', 'name', lost)).toBe('陳\ufffd文');
  expect(codes(lost.warnings)).toEqual(['name-entity-decoded', 'name-glyph-lost']);
});

test('masked and overlong names do not stand', () => {
  for (const name of ['陳○○', '陳〇明', '陳**', '陳OO', '林Ｏ明']) {
    const issues = noIssues();
    expect(readPersonName(name, 'name', issues, 'reject')).toBe('');
    expect(codes(issues.errors)).toEqual(['name-masked']);
  }
  const issues = noIssues();
  expect(readPersonName('文'.repeat(50), 'name', issues, 'reject')).toHaveLength(50);
  expect(readPersonName('文'.repeat(51), 'name', issues, 'reject')).toBe('');
  expect(codes(issues.errors)).toEqual(['name-too-long']);
  expect(readPersonName('John O Brien', 'name', noIssues(), 'reject')).toBe('John O Brien');
});

test('one kindergarten in two lists has one key: 臺/台, bracket widths, spaces, status and city in front', () => {
  const key = institutionKey('臺中市私立双福幼兒園(委託某會辦理)');
  for (const name of [
    '台中市私立雙褔幼兒園（委託某會辦理）',
    '(準公共)臺中市私立双福幼兒園 (委託某會辦理)',
    '私立双福幼兒園(委託某會辦理)',
  ]) {
    expect(institutionKey(name)).toBe(key);
  }
  expect(institutionKey('臺中市立大甲幼兒園')).toBe(institutionKey('市立大甲幼兒園'));
});

test('what tells institutions apart stays: 市立 and 私立, the operator, the branch', () => {
  const names = [
    '臺中市私立仁愛幼兒園',
    '臺中市立仁愛幼兒園',
    '某公司附設臺中市私立仁愛幼兒園',
    '臺中市私立仁愛幼兒園西屯分班',
  ];
  expect(new Set(names.map(institutionKey)).size).toBe(names.length);
});

test('a name with a lost character is damaged', () => {
  expect(['臺中市私立?葉幼兒園', '公\ufffd國小', '公\ue123國小'].map(isDamagedName)).toEqual([true, true, true]);
  expect(['臺中市私立双葉幼兒園', 'ABC幼兒園（分班）'].map(isDamagedName)).toEqual([false, false]);
});

test('an entity that was cut off or escaped twice is decoded all the same', () => {
  for (const text of ['陳文&#22531', '陳文&amp;#22531;', '陳文&amp;amp;#x5803;']) {
    const issues = noIssues();
    expect(readPersonName(text, 'name', issues)).toBe('陳文堃');
    expect(codes(issues.warnings)).toEqual(['name-entity-decoded']);
  }
});

test('a remark or a number in a name is kept and told; dots, hyphens and apostrophes are of names', () => {
  for (const text of ['王小明(代理)', '王小明１', '王小明、李大華', '【停】王小明']) {
    const issues = noIssues();
    expect(readPersonName(text, 'name', issues, 'reject')).toBe(text);
    expect([text, codes(issues.warnings)]).toEqual([text, ['name-with-remark']]);
  }
  const issues = noIssues();
  for (const text of ['瓦歷斯．諾幹', 'Sarah O’Neil', 'Anna-Maria Müller', '巴奈‧庫穗 Panai Kusui', '李𠮷'])
    readPersonName(text, 'name', issues);
  expect(issues.warnings).toEqual([]);
});

test('any character of the plane, written as an entity, comes back as itself', () => {
  const han = fc.integer({ min: 0x4e00, max: 0x9fff }).map((code) => String.fromCodePoint(code));
  const rare = fc.integer({ min: 0x20000, max: 0x2a6df }).map((code) => String.fromCodePoint(code));
  fc.assert(
    fc.property(fc.oneof(han, rare), fc.boolean(), (character, hex) => {
      const code = character.codePointAt(0)!;
      expect(readPersonName(`林${hex ? `&#x${code.toString(16)};` : `&#${code};`}`, 'name', noIssues())).toBe(
        `林${character}`,
      );
    }),
  );
});

test('what is not seen, and the width and kind of spaces and dots, make no other key', () => {
  const unseen = fc.constantFrom('\u200b', '\u200d', '\ufe0f', '\u{e0100}', ' ', '\u3000', '\u00a0', '\ufeff');
  const name = fc.string({ unit: fc.constantFrom(...'王陳瓦歷斯諾幹臺峯·‧PanaiO'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(name, fc.array(fc.tuple(fc.nat(12), unseen), { maxLength: 5 }), (text, extras) => {
      const dirty = Array.from(text);
      for (const [at, extra] of extras) dirty.splice(at, 0, extra);
      expect(nameKey(dirty.join(''))).toBe(nameKey(text));
    }),
  );
});
