/** R04: who is addressed (正本) is data of the planning year, and a run's snapshot lists who is and who is in the city but not. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storedSnapshot } from '../../pipelines/snapshot/list-snapshots.ts';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { campaign113, openStory, type Story } from './story.ts';

const DAYA = '0942800021';
const CLOSING = '0942800022';
const HEPING_CITY = '0942400003';
const HEPING_DISTRICT = '0942400004';
const updatedAt = '2024-07-01T10:00:00+08:00';
const inHeping = { town: '和平區', updatedAt };

let story: Story;
beforeAll(async () => {
  const institutions = [
    kindergarten(DAYA, { updatedAt }),
    kindergarten(CLOSING, { updatedAt }),
    kindergarten(HEPING_CITY, inHeping),
    kindergarten(HEPING_DISTRICT, { ...inHeping, legalClass: '直轄市山地原住民區立' }),
  ];
  story = await openStory(
    { institutions, staff: [teacher('甲', DAYA, { updatedAt })] },
    { campaigns: [campaign113()] },
  );
  await story.night('2024-07-31');
  story.care.institutions[1] = kindergarten(CLOSING, { status: '停辦', updatedAt: '2024-07-31T10:00:00+08:00' });
  await story.night('2024-08-01');
  await story.night('2024-08-02');
});
afterAll(() => story.close());

/** Where an institution stands in the snapshot of a moment: `in`, or why not. */
async function placesAt(asOf: string): Promise<(code: string, section?: string) => string> {
  const { snapshot } = await createSnapshot(story.small.ctx, { campaignId: '113', kind: 'teacher-plan', asOf });
  const { mingce } = (await storedSnapshot(story.small.ctx, snapshot.id)).manifest;
  return (code, section) => {
    const fits = (one: { code: string; section: string }) =>
      one.code === code && (section === undefined || one.section === section);
    return mingce.coverage.some(fits) ? 'in' : (mingce.notAddressed.find(fits)?.reason ?? 'unknown');
  };
}

it('R04: the real schools of the city are addressed as the letter says', async () => {
  const place = await placesAt('2024-07-31T12:00:00+08:00');
  // 市立國小 and 和平區’s too; the private primaries and the school for the blind that the letter names.
  for (const code of ['064601', '064729', '191604', '061601', '191605', '191602', '061F01'])
    expect([code, place(code)]).toEqual([code, 'in']);
  // A private primary that it does not name, a national one, and a private junior high.
  for (const code of ['191606', '190601', '061313']) expect([code, place(code)]).toEqual([code, 'not-addressed']);
});

it('R04: 市立幼兒園 are addressed, 不含和平區; one whose closing comes with the night of 08-01 is addressed before it and not after', async () => {
  const before = await placesAt('2024-07-31T12:00:00+08:00');
  const after = await placesAt('2024-08-01T12:00:00+08:00');
  expect([before(DAYA), before(HEPING_CITY), before(HEPING_DISTRICT)]).toEqual([
    'in',
    'excepted-district',
    'not-addressed',
  ]);
  expect([before(CLOSING), after(CLOSING), after(DAYA)]).toEqual(['in', 'closed', 'in']);
});
