/** Three nights around 1 August: first load, the nights' changes, the closing run. */
import type { PipelineContext } from '../../../pipelines/context.ts';
import { type Institution, play, type Staff } from './city.ts';

const GUANG_FU: Institution = {
  source: 'schools',
  key: '193601:國小',
  code: '193601',
  section: '國小',
  name: '市立中區光復國小',
  district: '中區',
};
const TAI_PING: Institution = {
  source: 'schools',
  key: '193602:國小',
  code: '193602',
  section: '國小',
  name: '市立中區大同國小',
  district: '西區',
};
const JU_REN: Institution = {
  source: 'schools',
  key: '193501:國中',
  code: '193501',
  section: '國中',
  name: '市立居仁國中',
  district: '中區',
};
const KINDERGARTEN: Institution = {
  source: 'care',
  key: '0942800021',
  code: '0942800021',
  section: '幼兒園',
  name: '臺中市立大雅幼兒園',
  district: '大雅區',
};
const BRANCH: Institution = {
  source: 'care',
  key: '0942400004-01',
  code: '0942400004-01',
  section: '幼兒園',
  name: '臺中市和平區立幼兒園達觀分班',
  district: '和平區',
};
const LISTED: Institution = {
  source: 'moe',
  key: '061K1T',
  code: '061K1T',
  section: '幼兒園',
  name: '?葉幼兒園',
  district: '北屯區',
};

const school = (code: string, key: string, name: string, id: string | null, more: Partial<Staff> = {}): Staff => ({
  source: `roster/${code}`,
  key,
  code,
  name,
  id,
  startOn: '2020-08-01',
  subjects: ['國語文'],
  ...more,
});
const care = (key: string, name: string, id: string | null, more: Partial<Staff> = {}): Staff => ({
  source: 'care',
  key,
  code: '0942800021',
  name,
  id,
  startOn: '2019-08-01',
  title: '教師',
  ...more,
});

const WANG = school('193601', 'a1', '王小明', 'A123456789');
const LIN = school('193601', 'a2', '林美玲', 'B123456780', { title: '教師' });
const CHEN = school('193601', 'a3', '陳志豪', 'C123456781');
const HUANG = school('193602', 'b1', '黃淑芬', 'D123456782', { title: '組長', titleCode: 5 });
const ZHANG = school('193602', 'b2', '張雅婷', null);
const NAMES_LONG = school('193501', 'c1', '瑪雅‧達利夫‧Maya Talifu', 'E123456783', {
  subjects: ['本土語文', '社會領域'],
});
const CARE_LEAD = care('k1', '李園長', 'F123456784', { title: '園長' });
const CARE_TEACHER = care('k2', '吳老師', 'G123456785');

export async function threeNights(ctx: PipelineContext): Promise<[number, number, number]> {
  const first = await play(ctx, {
    clock: '2024-07-31T02:00:00+08:00',
    institutions: [GUANG_FU, TAI_PING, JU_REN, KINDERGARTEN, BRANCH, LISTED],
    staff: [
      WANG,
      LIN,
      CHEN,
      HUANG,
      ZHANG,
      NAMES_LONG,
      CARE_LEAD,
      CARE_TEACHER,
      school('193602', 'b9', '舊同仁', 'H123456786', { endOn: '2024-02-01', endReason: '退休' }),
    ],
    accounts: [
      { source: 'accounts/193601', code: '193601', name: 'gfes01', holder: '陳志豪' },
      { source: 'accounts/193602', code: '193602', name: 'A123456789', holder: '黃淑芬', kind: '承辦人' },
    ],
    pending: [{ code: '0942800021', name: '許新人', reviewing: '新進', hasPrevious: false }],
  });
  const second = await play(ctx, {
    clock: '2024-08-01T02:00:00+08:00',
    institutions: [
      { ...KINDERGARTEN, name: '臺中市立大雅第一幼兒園' },
      { ...BRANCH, status: '停辦' },
      { ...TAI_PING, name: '市立西區大同國小', phone: '04-22222222' },
      { ...JU_REN, key: '193502:國中', code: '193502', name: '市立雙十國中', district: '北區' },
    ],
    staff: [
      { ...WANG, endOn: '2024-08-01', endReason: '退休' },
      school('193602', 'b3', '林美玲', 'B123456780', { startOn: '2024-08-01' }),
      { ...CHEN, title: '教務主任', titleCode: 3 },
      { ...HUANG, onLeave: true },
      { ...ZHANG, missing: true },
      { ...NAMES_LONG, subjects: ['社會領域'] },
      school('193601', 'a4', '周新進', 'J123456787', { startOn: '2024-08-01' }),
      { ...CARE_TEACHER, endOn: '2024-08-01', endReason: '離職' },
      { ...CARE_LEAD, name: '李園園' },
    ],
    accounts: [
      { source: 'accounts/193601', code: '193601', name: 'gfes01', holder: '陳志豪', state: '停用' },
      { source: 'accounts/193601', code: '193601', name: 'gfes02', holder: '周新進', state: '申請中' },
    ],
    pending: [
      { code: '0942800021', name: '許新人', reviewing: '新進', hasPrevious: false },
      { code: '0942800021', name: '李園園', reviewing: '異動', hasPrevious: true, review: '退件' },
    ],
    quarantined: [
      { source: 'roster/193602', row: 17, code: 'id-masked', column: 'nationalId', value: 'A****89' },
      { source: 'roster/193602', row: 18, code: 'name-missing', column: 'name', value: null },
    ],
    failed: [{ source: 'roster/193603', drop: 'roster', code: 'file-empty', params: { file: '193603.csv' } }],
  });
  const third = await play(ctx, { clock: '2024-08-02T17:00:00+08:00', kind: 'closing' });
  return [first, second, third];
}
