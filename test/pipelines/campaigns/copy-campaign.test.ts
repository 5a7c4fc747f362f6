import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { copyCampaign } from '../../../pipelines/campaigns/copy-campaign.ts';
import { campaignSchema } from '../../../schemas/campaign.ts';
import { plusYears } from '../../../schemas/plus-years.ts';

const TEXT = readFileSync('samples/campaigns/113.yaml', 'utf8');

it('moves a day by whole years; a 29 February is the 28th where the year has none', () => {
  expect(plusYears('2024-08-02T17:00:00+08:00', 1)).toBe('2025-08-02T17:00:00+08:00');
  expect(plusYears('2024-02-29', 1)).toBe('2025-02-28');
  expect(plusYears('2024-02-29', 4)).toBe('2028-02-29');
});

it('the copy differs from the file in days, year, legal basis and papers, and in nothing else', () => {
  const { text, notes } = copyCampaign(TEXT, '113', '114');
  const [was, is] = [parse(TEXT), parse(text)];
  expect(is.id).toBe('114');
  expect(is.name).toBe(was.name.replace('113', '114'));
  expect(is.schoolYear).toEqual({ from: '2025-08-01', through: '2026-07-31' });
  expect(is.plans['teacher-plan'].window).toEqual({
    from: '2025-09-18T00:00:00+08:00',
    through: '2025-09-24T17:00:00+08:00',
  });
  expect(is.plans['teacher-plan'].keepUntil).toBe('2027-07-31');
  expect(is.legalBasis).toEqual([
    { issuer: '教育部', document: '待補', date: '待補' },
    { issuer: '臺中市政府教育局', document: '待補', date: '待補' },
  ]);
  expect([is.documents, is.moved]).toEqual([undefined, undefined]);
  expect([is.addressed, is.contacts]).toEqual([was.addressed, was.contacts]);
  expect(is.plans['teacher-plan'].schoolTitleCodes).toEqual(was.plans['teacher-plan'].schoolTitleCodes);
  expect(notes.map(({ zh }) => zh).filter((zh) => zh.includes('星期'))).toEqual([
    'rosterUpdates.until：2025-08-02 為星期六（2024-08-02 為星期五），請確認日期',
    'cutOff：2025-08-02 為星期六（2024-08-02 為星期五），請確認日期',
  ]);
});

it('is refused as it is, and right once the new letter is filled in', () => {
  const copied = parse(copyCampaign(TEXT, '113', '114').text);
  const places = campaignSchema.safeParse(copied).error?.issues.map(({ path }) => path.join('.'));
  expect(places).toEqual([
    'legalBasis.0.document',
    'legalBasis.0.date',
    'legalBasis.1.document',
    'legalBasis.1.date',
    'plans.school-plan.consumers.0.legalGround',
    'plans.teacher-plan.consumers.0.legalGround',
  ]);
  copied.legalBasis.forEach((one: { document: string; date: string }, i: number) => {
    one.document = `第114000000${i}號`;
    one.date = '2025-07-04';
  });
  for (const plan of ['school-plan', 'teacher-plan']) copied.plans[plan].consumers[0].legalGround = '新函';
  expect(campaignSchema.safeParse(copied).error?.issues).toBeUndefined();
});

it('keeps comments, says whose they are, and leaves a number that only holds the year alone', () => {
  const { text } = copyCampaign(TEXT, '113', '114');
  expect(text).toMatch(/^# Planning year 114, copied from 113: /);
  expect(text).toContain('# R04, 正本. 國立 schools are not addressed.');
  const { text: other } = copyCampaign(TEXT.replace('name: 113學年度', 'name: 1130 及 113 學年度'), '113', '115');
  expect(parse(other).name).toMatch(/^1130 及 115 學年度/);
});
