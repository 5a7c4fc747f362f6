import { expect, it } from 'vitest';
import { message, messageCodes } from '../../schemas/messages/catalogue.ts';
import { severityOf } from '../../schemas/messages/severity.ts';
import { files, read, withoutComments } from './source-files.ts';

/** Ways in which the code names a message: thrown, kept as an issue or a warning, found, asked for, written into a ledger. */
const NAMED =
  /(?:new SourceError|\b(?:message|say|reject|warn|broken|issue|raw)|(?:\bcode|_code|\bcode'?):)\s*\(?\s*\n?\s*'(?<code>[a-z]+(?:-[a-z0-9]+)+)'/g;
/** Findings of the whole state stand as `['code', sql]`; others are written by a statement of their own. */
const FOUND =
  /^\s*\[?\s*'(?<code>[a-z]+(?:-[a-z0-9]+)+)',\s*$|INSERT INTO ops\.finding[^`]*?'(?<inSql>[a-z]+(?:-[a-z0-9]+)+)'/gm;

function codesOf(file: string): string[] {
  const code = withoutComments(read(file));
  const found = file.startsWith('warehouse/') ? [...code.matchAll(FOUND)] : [];
  return [...code.matchAll(NAMED), ...found].map(({ groups }) => (groups!.code ?? groups!.inSql)!);
}

/** A snapshot's problems are a closed list of their own with texts of their own (schemas/snapshot.ts). */
const OWN_CODES = 'pipelines/snapshot/';

const CODE = files('{connectors,pipelines,warehouse,jobs,cli,web}/**/*.ts', 'schemas/*.ts').filter(
  (file) => !file.startsWith(OWN_CODES),
);
const USED = new Map(CODE.flatMap((file) => codesOf(file).map((code) => [code, file] as const)));

it('every message code in the code has its entry in the catalogue', () => {
  expect(USED.size).toBeGreaterThan(90);
  const known = new Set(messageCodes());
  const lost = [...USED].filter(([code]) => !known.has(code)).map(([code, file]) => `${file}: '${code}'`);
  expect(lost).toEqual([]);
});

it('every entry of the catalogue is named by the code', () => {
  const code = CODE.map(read).join('\n');
  const idle = messageCodes().filter((name) => !code.includes(`'${name}'`));
  expect(idle).toEqual([]);
});

it('every text is whole in both languages and fills the same places', () => {
  const places = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const code of messageCodes()) {
    const [zh, en] = [message(code, {}, 'zh'), message(code, {}, 'en')];
    expect(zh, code).toMatch(/\p{Script=Han}/u);
    expect(en.length, code).toBeGreaterThan(10);
    const inEnglish = places(en);
    for (const place of places(zh)) expect(inEnglish, `${code}: ${place} of the zh text`).toContain(place);
  }
});

it('whoever names a message with its parameters gives all that the text asks for', () => {
  const GIVEN = /(?:new SourceError|\bsay|\bmessage)\(\s*'(?<code>[a-z0-9]+(?:-[a-z0-9]+)+)',\s*\{(?<params>[^{}]*)\}/g;
  const uses = CODE.flatMap((file) => [...withoutComments(read(file)).matchAll(GIVEN)].map(({ groups }) => groups!));
  const whole = uses.filter(({ params }) => !params!.includes('...'));
  expect(whole.length).toBeGreaterThan(90);
  const lacking = whole.flatMap(({ code, params }) => {
    const given = Object.fromEntries(params!.split(',').map((one) => [one.trim().split(':')[0]!, 'x']));
    return (['zh', 'en'] as const)
      .flatMap((language) => message(code!, given, language).match(/\{\w+\}/g) ?? [])
      .map((place) => `${code}: ${place}`);
  });
  expect(lacking).toEqual([]);
});

it('what a row is only warned of is not said to have kept the row out', () => {
  const warned = files('pipelines/normalise/*.ts').flatMap((file) =>
    [...withoutComments(read(file)).matchAll(/\bwarn\(\s*'([a-z-]+)'/g)].map(([, code]) => code as string),
  );
  expect(warned.length).toBeGreaterThan(20);
  expect(warned.filter((code) => severityOf({ code, column: null }) === 'row')).toEqual([]);
});
