/** What a campaign file may say (R01, R04, R24–R31): each mistake is named by its place, its value and what was expected. */
import { describe, expect, it } from 'vitest';
import { SCHOOL_COLUMNS, TEACHER_COLUMNS } from '../../pipelines/snapshot/columns.ts';
import { type Campaign, campaignSchema } from '../../schemas/campaign.ts';
import { purposeEnd } from '../../schemas/purpose-end.ts';
import { SNAPSHOT_COLUMNS } from '../../schemas/snapshot-columns.ts';
import { CAMPAIGN } from '../pipelines/snapshot/world.ts';
import { campaign113 } from '../rules/story.ts';

const base = campaign113();

/** Every mistake as `place: message`. */
function problems(change: (campaign: Campaign) => void): string[] {
  const campaign = structuredClone(base);
  change(campaign);
  const parsed = campaignSchema.safeParse(campaign);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

it('the sample and the campaign of the tests are right', () => {
  expect(problems(() => undefined)).toEqual([]);
  expect(campaignSchema.safeParse(CAMPAIGN).error?.issues).toBeUndefined();
});

it('the columns that a campaign may name are those of the files, in their order', () => {
  expect(SNAPSHOT_COLUMNS['school-plan']).toEqual(SCHOOL_COLUMNS.map(({ name }) => name));
  expect(SNAPSHOT_COLUMNS['teacher-plan']).toEqual(TEACHER_COLUMNS.map(({ name }) => name));
});

describe('times', () => {
  it.each<[string, (c: Campaign) => void, string]>([
    [
      'a plan that opens before the cut-off',
      (c) => {
        c.plans['school-plan'].window.from = '2024-08-02T16:59:59+08:00';
      },
      'plans.school-plan.window.from: expected not before the cut-off: a plan opens with the frozen roster (R24); it is 2024-08-02T16:59:59+08:00, and the other 2024-08-02T17:00:00+08:00',
    ],
    [
      'a window that ends when it begins',
      (c) => {
        c.plans['teacher-plan'].window.through = c.plans['teacher-plan'].window.from;
      },
      'plans.teacher-plan.window.through: expected a moment after "from"; it is 2024-09-18T00:00:00+08:00, and the other 2024-09-18T00:00:00+08:00',
    ],
    [
      'rosters asked for after the freeze',
      (c) => {
        c.cutOff = '2024-08-01T17:00:00+08:00';
      },
      'cutOff: expected not before rosterUpdates.until: what is sent in time is in the snapshots (R06, R24); it is 2024-08-01T17:00:00+08:00, and the other 2024-08-02T17:00:00+08:00',
    ],
    [
      'a school year of another year',
      (c) => {
        c.id = '114';
      },
      'schoolYear.from: year 114 begins in 2025; it begins on 2024-08-01',
    ],
    [
      'a move that moved nothing',
      (c) => {
        c.moved = [{ what: 'cutOff', from: '2024-08-02T09:00:00Z', reason: '颱風' }];
      },
      'moved.0.from: cutOff still is 2024-08-02T17:00:00+08:00; expected the moment from which it was moved',
    ],
    [
      'rows that end before the window of their plan',
      (c) => {
        c.plans['teacher-plan'].keepUntil = '2024-09-23';
      },
      "plans.teacher-plan.keepUntil: 2024-09-23 is before the last day of the plan's window, 2024-09-24T17:00:00+08:00; expected that day or a later one",
    ],
  ])('%s', (_what, change, told) => {
    expect(problems(change)).toContain(told);
  });
});

it('rows may end on the last day of the window, and a year after the school year where nothing is said', () => {
  expect(
    problems((c) => {
      c.plans['teacher-plan'].keepUntil = '2024-09-24';
    }),
  ).toEqual([]);
  expect(purposeEnd(CAMPAIGN, 'teacher-plan')).toBe('2026-07-31');
  const late = structuredClone(CAMPAIGN);
  late.plans['teacher-plan'].window.through = '2025-09-30T17:00:00+08:00';
  expect(purposeEnd(late, 'teacher-plan')).toBe('2026-09-30');
  late.plans['teacher-plan'].keepUntil = '2025-12-31';
  expect(purposeEnd(late, 'teacher-plan')).toBe('2025-12-31');
});

describe('scopes', () => {
  it.each<[string, (c: Campaign) => void, string]>([
    [
      'a rule that fits everybody',
      (c) => {
        c.addressed.push({ exceptDistricts: ['和平區'] });
      },
      'addressed.6: a rule without a condition fits every institution; expected one of section, ownership, legalClass, codes',
    ],
    [
      'a code that none can have',
      (c) => {
        c.addressed[3]?.codes?.push('64350');
      },
      'addressed.3.codes.5: "64350" is no code; expected a school\'s such as 191604, a kindergarten\'s or its sid',
    ],
    [
      'an exception that is no code',
      (c) => {
        c.addressed[5]?.exceptCodes?.push('附幼');
      },
      'addressed.5.exceptCodes.1: "附幼" is no code; expected a school\'s such as 191604, a kindergarten\'s or its sid',
    ],
    [
      'a code that stands in two rules',
      (c) => {
        c.addressed.push({ codes: ['061601'] });
      },
      'addressed.6.codes.0: 061601 stands there twice; expected it once',
    ],
    [
      'a district that is none',
      (c) => {
        c.addressed.push({ section: ['特教'], exceptDistricts: ['和平'] });
      },
      'addressed.6.exceptDistricts.0: "和平"; expected a district such as 和平區',
    ],
  ])('%s', (_what, change, told) => {
    expect(problems(change)).toContain(told);
  });

  it('no rule, and a condition without a value', () => {
    expect(problems((c) => c.addressed.splice(0))[0]).toMatch(/^addressed: /);
    expect(problems((c) => c.addressed.push({ section: [] }))[0]).toMatch(/^addressed\.6\.section: /);
  });
});

describe('who gets which columns (R30)', () => {
  const consumers = (c: Campaign) => c.plans['teacher-plan'].consumers;
  it('a column that there is not', () => {
    const [told] = problems((c) => (consumers(c)[0]?.columns as string[]).push('身分證字號'));
    expect(told).toMatch(/^plans\.teacher-plan\.consumers\.0\.columns\.9: .*expected one of "身分證編碼"\|"姓名"/);
  });

  it('two consumers of one file that differ in what they may see', () => {
    const told = problems((c) => {
      const [first] = consumers(c);
      if (first) consumers(c).push({ ...first, id: 'statistics', columns: ['學校代碼', '學制', '職稱'] });
    });
    expect(told).toEqual([
      'plans.teacher-plan.consumers.1.columns: statistics and teacher-inservice differ in 身分證編碼, 姓名, 教育部代碼, 機構名稱, 職別, 任教科目; all consumers of a plan get one file, so expected the same columns of all (R30)',
    ]);
  });

  it('rows that would be of no institution, a column twice, and nobody at all', () => {
    const told = problems((c) => {
      const [first] = consumers(c);
      if (first) first.columns = ['姓名', '學校代碼', '姓名'];
    });
    expect(told).toEqual([
      'plans.teacher-plan.consumers.0.columns.2: 姓名 stands there twice; expected it once',
      'plans.teacher-plan.consumers.0.columns: 學制 missing: without it a row is of no institution',
    ]);
    expect(problems((c) => consumers(c).splice(0))[0]).toMatch(/^plans\.teacher-plan\.consumers: /);
  });
});

it('a legal basis that is still 待補 is told, by number and day (R01)', () => {
  const told = problems((c) => {
    c.legalBasis = [{ issuer: '教育部', document: '待補', date: '待補' }];
  });
  expect(told).toEqual([
    'legalBasis.0.document: expected the number of the document before the year can be used (R01)',
    'legalBasis.0.date: expected the day of the document, such as 2024-07-05 (R01)',
  ]);
});

it('staff kinds: a title twice, a 職別 that there is not, a kind of account twice', () => {
  expect(problems((c) => c.plans['teacher-plan'].kindergartenTitles.push('園長'))).toEqual([
    'plans.teacher-plan.kindergartenTitles.3: 園長 stands there twice; expected it once',
  ]);
  expect(problems((c) => c.plans['teacher-plan'].schoolTitleCodes.push(16))[0]).toMatch(
    /^plans\.teacher-plan\.schoolTitleCodes\.10: /,
  );
  const kind = { kind: '總負責人', duties: '管理本校帳號' };
  const told = problems((c) => {
    c.accountKinds = [{ section: '國小', kinds: [kind, kind] }];
  });
  expect(told).toEqual(['accountKinds.0.kinds.1: 總負責人 stands there twice; expected it once']);
});
