/** A report that has something in every part of it, with names that are hard to write and hard to show. Made-up people. Long because a report has many parts. */
import type { InstitutionRef } from '../../../schemas/outputs/institution-ref.ts';
import { type RunReport, runReport } from '../../../schemas/outputs/report.ts';

/** By what they are hard for: rare ideographs, dots that share a glyph, marks, a formula, an error, a code of XLSX, spaces, a number. */
export const NAMES = [
  '李𠮷',
  '㑒淑芬',
  '陳堃峯',
  '瓦歷斯‧諾幹',
  '巴奈・庫穗',
  '瑪雅．達利夫',
  'Trần Văn Nam',
  '\u{FA0C}嗀',
  '=HYPERLINK("http://example.org","x")',
  '+886',
  '#N/A',
  '_x0041_明',
  ' 前後  雙空格 ',
  '064601',
  'TRUE',
] as const;
/** Characters of private use stand in no typeface. */
export const UNKNOWN = '王\u{E123}明';

export const SCHOOL: InstitutionRef = {
  key: 'schools:193601:國小',
  code: '193601',
  section: '國小',
  name: '市立中區光復國小',
  district: '中區',
  path: 'school',
};
export const OTHER: InstitutionRef = { ...SCHOOL, key: 'schools:064602:國小', code: '064602', name: '市立瑞穗國小' };
export const GARDEN: InstitutionRef = {
  key: 'care:0942800021',
  code: '0942800021',
  section: null,
  name: '臺中市立大雅幼兒園',
  district: '大雅區',
  path: 'kindergarten',
};

const AT = '2024-08-02T17:00:00+08:00';
const counts = { read: 10, accepted: 4, unchanged: 3, quarantined: 2, excluded: 1, duplicate: 0, missing: 1 };
const heard = (source: string) => ({ source, status: 'fresh' as const, asOf: AT, ...counts, error: null });
const none = { added: 0, changed: 0, ended: 0 };
const fields = (...names: string[]) => ({ fields: names.map((name) => ({ name, column: 'name' })), values: {} });

type Person = RunReport['units'][number]['people'][number];
export const person = (name: string, more: Partial<Person> = {}): Person => ({
  group: '新進',
  name,
  person: 30_040,
  title: '教師',
  effective: '2024-08-01',
  registeredAt: '2024-08-02T08:45:15+08:00',
  rule: 'R08',
  detail: null,
  other: null,
  arrivedEnded: false,
  ...more,
});

export function fullReport(more: Partial<RunReport> = {}): RunReport {
  return runReport.parse({
    run: {
      run: '5',
      kind: 'closing',
      status: 'complete',
      stage: 'done',
      clock: AT,
      dryRun: false,
      startedAt: '2024-08-02T17:00:01.5+08:00',
      finishedAt: '2024-08-02T17:00:09+08:00',
      sources: [{ ...heard('roster'), parts: [heard('roster/193601')] }, heard('care')],
      changes: { institutions: none, persons: none, assignments: none, accounts: none },
      exceptions: { opened: 1, closed: 0, open: 2 },
      held: [],
      revert: null,
      reviewWaiting: 3,
      snapshots: ['113-school-plan-v1'],
      warehouseHash: `sha256:${'7'.repeat(64)}`,
      planHash: null,
      error: null,
    },
    failures: [{ source: 'roster/064602', institution: '064602 市立瑞穗國小', text: { zh: '檔案打不開。', en: 'x' } }],
    narrowedTo: null,
    pictureOf: 'run',
    totals: {
      schools: 350,
      kindergartens: 774,
      people: 29_621,
      schoolPeople: 19_100,
      kindergartenPeople: 10_521,
      accounts: 1182,
    },
    changes: [
      { entity: 'assignment', action: 'add', reason: '新進', rule: 'R08', count: NAMES.length },
      { entity: 'assignment', action: 'end', reason: '轉校', rule: 'R08', count: 1 },
    ],
    institutions: [
      { group: '更名', institution: GARDEN, effective: '2024-08-01', rule: 'R11', detail: '大雅 → 大雅一' },
    ],
    moves: [{ name: NAMES[2], person: 12, from: OTHER, to: null, effective: '2024-08-01', rule: 'R08' }],
    units: [
      {
        institution: SCHOOL,
        people: [
          ...NAMES.map((name) => person(name)),
          person(UNKNOWN, { group: '轉校', other: OTHER, detail: '教師 → 組長' }),
        ],
        accounts: [
          {
            group: '新增帳號',
            accountName: '193601a01',
            holder: null,
            accountKind: '總負責人',
            effective: '2024-08-02',
            rule: 'R16',
            detail: null,
          },
        ],
      },
    ],
    held: [
      {
        institution: SCHOOL,
        institutions: 1,
        planHash: `sha256:${'7'.repeat(64)}`,
        state: 'open',
        reasons: [
          {
            guard: 'lost',
            count: 5,
            of: 10,
            percent: 20,
            least: 3,
            text: {
              zh: '在職 10 人中有 5 人將離開或未列於名冊，超過 20%（且至少 3 人）。',
              en: '5 of 10 people would end or are missing.',
            },
          },
        ],
        changes: 1,
        missing: 5,
        openedAt: AT,
        run: '3',
        decision: null,
        groups: [
          { group: '未列', count: 5 },
          { group: '職稱異動', count: 1 },
        ],
        rows: [
          { institution: SCHOOL, group: '未列', name: '李暫停', effective: null, detail: null },
          { institution: SCHOOL, group: '職稱異動', name: '王暫停', effective: '2024-08-01', detail: '教師 → 組長' },
        ],
      },
    ],
    firstLoads: [{ institution: OTHER, people: 61, alreadyEnded: 2, accounts: 3 }],
    pending: [
      {
        institution: GARDEN,
        records: [
          {
            source: 'care',
            institutionCode: GARDEN.code,
            kind: 'staff',
            name: NAMES[0],
            review: '退件',
            reviewing: '新進',
            hasPrevious: false,
            since: '2024-07-31',
          },
        ],
      },
    ],
    quarantine: [
      {
        source: 'roster/193601',
        code: 'key-conflict',
        rows: 2,
        examples: [
          { object: '名冊.csv', row: 10, column: 'change', value: '八月一日', params: {} },
          { object: '名冊.csv', row: 11, column: null, value: null, params: {} },
        ],
        institution: '193601 市立中區光復國小',
        text: { zh: '同一人出現兩次。', en: 'x' },
      },
    ],
    warnings: [
      { source: 'roster/193601', code: 'code-zero-restored', rows: 60, text: { zh: '代碼開頭的 0 已補回。', en: 'x' } },
    ],
    drift: [
      {
        source: 'roster/193601',
        institution: '193601 市立中區光復國小',
        form: 'complete',
        since: AT,
        changes: [{ kind: 'missing-column', field: '異動別', mode: 'report', before: '異動別', after: null, rows: 66 }],
        before: fields('姓名', '異動別'),
        after: fields('姓名'),
      },
    ],
    missing: [{ institution: SCHOOL, source: 'roster/193601', people: 2, names: ['張佳娟', NAMES[1]] }],
    known: [
      { source: 'roster', parts: 2, oldest: AT, newest: AT, kinds: ['staff'] },
      { source: 'care', parts: 1, oldest: AT, newest: AT, kinds: ['institution', 'staff'] },
      { source: 'accounts', parts: 2, oldest: AT, newest: AT, kinds: ['account'] },
    ],
    freshness: [
      {
        source: 'roster',
        expectEveryDays: 7,
        parts: 2,
        lastReceived: AT,
        longestSilent: '2024-07-01T10:00:00+08:00',
        late: 1,
        schools: [
          {
            source: 'roster/064602',
            lastReceived: '2024-07-01T10:00:00+08:00',
            days: 32,
            late: true,
            institution: '064602 市立瑞穗國小',
          },
          { source: 'roster/193601', lastReceived: AT, days: 0, late: false, institution: '193601 市立中區光復國小' },
        ],
      },
    ],
    compliance: {
      campaign: '113',
      name: '113學年度調查',
      from: '2024-07-05T00:00:00+08:00',
      until: AT,
      schools: [
        {
          institution: SCHOOL,
          roster: { last: AT, status: 'late' },
          accounts: { last: '2024-07-30T10:00:00+08:00', status: 'in-time' },
        },
        {
          institution: OTHER,
          roster: { last: '2024-07-01T10:00:00+08:00', status: 'missing' },
          accounts: { last: null, status: 'missing' },
        },
      ].filter(({ institution }) => [undefined, null, institution].includes(more.narrowedTo)),
    },
    nextCutOff: null,
    neverClosed: null,
    exceptions: [
      {
        number: 1,
        code: 'no-account-lead',
        severity: 'high',
        who: 'school',
        rule: 'R16',
        text: { zh: '沒有總負責人帳號。', en: 'x' },
        params: {},
        institution: SCHOOL,
        about: null,
        openedAt: AT,
        ageDays: 0,
        openedInThisRun: true,
      },
      {
        number: 2,
        code: 'missing-from-roster',
        severity: 'medium',
        who: 'school',
        rule: 'I12',
        text: { zh: '名冊未列 2 人。', en: 'x' },
        params: { people: 2 },
        institution: SCHOOL,
        about: null,
        openedAt: '2024-07-30T02:00:00+08:00',
        ageDays: 3,
        openedInThisRun: false,
      },
    ],
    suppressed: [
      {
        number: 3,
        code: 'weak-identity',
        severity: 'low',
        who: 'school',
        rule: null,
        text: { zh: '有 1 位人員沒有可用的身分證字號。', en: 'x' },
        params: { people: 1 },
        institution: SCHOOL,
        about: null,
        openedAt: '2024-07-30T02:00:00+08:00',
        ageDays: 3,
        openedInThisRun: false,
        suppressed: { by: 'lin', reason: '外籍教師，居留證辦理中', until: '2024-12-31' },
      },
    ],
    snapshots: [
      {
        id: '113-school-plan-v1',
        campaign: '113',
        kind: 'school-plan',
        version: 1,
        cutOff: AT,
        recordedThrough: AT,
        files: [{ path: 'school-plan.csv', bytes: 24_804 }],
      },
    ],
    ...more,
  });
}
