import type { Campaign } from '../../../schemas/campaign.ts';
import { SNAPSHOT_COLUMNS } from '../../../schemas/snapshot-columns.ts';

export const CUT_OFF = '2024-08-02T17:00:00+08:00';
export const BEFORE = '2024-07-30T02:00:00+08:00';

const PUBLIC = ['直轄市立', '鄉鎮市立', '公立學校附設'] as const;

const consumer = { id: 'planning', name: '規劃系統', purpose: '進修規劃', legalGround: '中市教課字第1130057021號' };

/** The campaign of year 113 as far as snapshots need it. */
export const CAMPAIGN: Campaign = {
  id: '113',
  name: '113 學年度教師進修規劃',
  legalBasis: [{ issuer: '臺中市政府教育局', document: '中市教課字第1130057021號', date: '2024-07-05' }],
  schoolYear: { from: '2024-08-01', through: '2025-07-31' },
  cutOff: CUT_OFF,
  addressed: [
    { section: ['國小', '國中'], ownership: ['公立'] },
    { section: ['高中'], ownership: ['公立', '私立'] },
    { codes: ['191604'], section: ['國小'] },
    { section: ['幼兒園'], legalClass: [...PUBLIC], exceptDistricts: ['和平區'] },
  ],
  plans: {
    'school-plan': {
      window: { from: '2024-08-05T00:00:00+08:00', through: '2024-08-14T17:00:00+08:00' },
      purpose: '學校本位進修規劃填報',
      consumers: [{ ...consumer, columns: [...SNAPSHOT_COLUMNS['school-plan']] }],
      excludePublicKindergartens: true,
    },
    'teacher-plan': {
      window: { from: '2024-09-18T00:00:00+08:00', through: '2024-09-24T17:00:00+08:00' },
      purpose: '教師自我進修規劃填報',
      consumers: [{ ...consumer, columns: [...SNAPSHOT_COLUMNS['teacher-plan']] }],
      kindergartenTitles: ['園長', '教師'],
      schoolTitleCodes: [1, 2, 3, 4, 5, 6, 7, 9, 10],
    },
  },
  contacts: { phone: '07-7258600', email: 'inservice@mail.nknu.edu.tw' },
};
