import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { message, messageCodes } from '../../schemas/messages/catalogue.ts';
import { EXCEPTION_FACTS, exceptionFacts } from '../../schemas/messages/exception-facts.ts';
import { EXCEPTION_MESSAGES } from '../../schemas/messages/exceptions.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');

/** Codes as the source says them: `code: 'x'` of findings, and the first of each pair in WHOLE_STATE and the INSERTs into ops.finding. */
function codesIn(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const patterns = [
    /code: '([a-z-]+)'/g,
    /^ {4}'([a-z]+(?:-[a-z]+)+)',$/gm,
    /^ {2}\['([a-z]+(?:-[a-z]+)+)', /gm,
    /SELECT (?:\?|:run|run_id), '([a-z-]+)'/g,
    /SET_ASIDE = '([a-z-]+)'/g,
  ];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] as string));
}
const filesIn = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`);

test('every code that a run may raise has its text, and no text is without a code', () => {
  const files = [
    'warehouse/exceptions.ts',
    'warehouse/account-findings.ts',
    'warehouse/told-findings.ts',
    ...filesIn('warehouse/apply'),
    'warehouse/freshness.ts',
    'pipelines/find-late.ts',
    'pipelines/find-incidents.ts',
    'pipelines/find-due-snapshots.ts',
    ...filesIn('warehouse/matching'),
    ...filesIn('pipelines/reconcile'),
  ];
  const raised = new Set(files.flatMap(codesIn));
  expect([...raised].sort()).toEqual(Object.keys(EXCEPTION_MESSAGES).sort());
});

test('every exception says in both languages what it is and who must act', () => {
  const actors = /^(請|若|須)?.*(學校|園|教育局|研習中心|維運)/;
  const actorsEnglish = /^(The (school|kindergarten|bureau|former school)|Ops)/;
  for (const [code, { zh, en, todo }] of Object.entries(EXCEPTION_MESSAGES)) {
    expect(zh, code).toMatch(/。$/);
    expect(en, code).toMatch(/\.$/);
    expect(todo.zh, code).toMatch(actors);
    expect(todo.en, code).toMatch(actorsEnglish);
  }
});

test('who must act, as the list says it, is whom the text asks first', () => {
  const ASKED = [
    ['school', /學校|園|兩單位/, /school|kindergarten/],
    ['bureau', /教育局/, /bureau/],
    ['center', /研習中心/, /研習中心/],
    ['ops', /維運/, /Ops/],
  ] as const;
  const first = (text: string, place: 1 | 2) => {
    const at = ASKED.map((asked) => ({ who: asked[0], at: text.search(asked[place]) })).filter((a) => a.at >= 0);
    return at.toSorted((a, b) => a.at - b.at)[0]?.who;
  };
  for (const [code, { todo }] of Object.entries(EXCEPTION_MESSAGES)) {
    const { who } = exceptionFacts(code);
    expect([first(todo.zh, 1), first(todo.en, 2)], code).toEqual([who, who]);
  }
  expect(Object.keys(EXCEPTION_FACTS).sort()).toEqual(Object.keys(EXCEPTION_MESSAGES).sort());
});

test('both languages of a text fill the places that they name, and no place stays open', () => {
  const params = {
    people: 3,
    known: 20,
    matched: 18,
    lost: 2,
    added: 1,
    records: 2,
    rows: 5,
    institutions: 4,
    changes: 2,
    courses: 2,
    missing: 6,
    since: '2024-08-01',
    until: '2024-07-15',
    on: '2024-08-01',
    why: 'care-status',
    files: '064601.csv',
    object: '064601.csv',
    row: 3,
    days: 9,
    every: 7,
    campaign: '113',
    fields: '姓名',
    numbers: '7',
    first: '2024-07-29 10:00',
    sent: '2024-08-01 10:00',
    asked: '開通',
    from: '啟用',
    to: '申請中',
    school: '064601',
    accounts: 2,
    account: 'tc01',
    kind: '研習承辦人',
    section: '國小',
    centre: '刪除',
    told: '啟用',
    person: 9,
    other: 5,
    cutOff: '2024-08-02 17:00',
    last: '2024-08-01 01:00',
    run: 7,
    snapshot: '113-teacher-plan-v1',
  };
  for (const code of Object.keys(EXCEPTION_MESSAGES)) {
    for (const language of ['zh', 'en'] as const) expect(message(code, params, language), code).not.toMatch(/\{\w+\}/);
  }
});

test('the catalogue has no two texts under one code', () => {
  const codes = messageCodes();
  expect(new Set(codes).size).toBe(codes.length);
  expect(() => message('no-such-code', {}, 'zh')).toThrow('no-such-code');
});
