import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nationalId } from '../../../bench/roster-file.ts';
import { createSnapshot, exportSnapshot } from '../../../pipelines/snapshot.ts';
import type { PlanKind } from '../../../schemas/campaign.ts';
import { createTestDatabase } from '../../support/database.ts';
import { CUT_OFF, World } from './world.ts';

export interface SmallCity {
  world: World;
  /** Exported, one folder a kind. */
  folders: Record<PlanKind, string>;
  close(): Promise<void>;
}

/** Names as they come: rare signs, Roman, indigenous, one sign, four signs, formulas, line ends, quotes; some twice. */
export const NAMES = [
  '王小明',
  '王小明',
  '歐陽娜娜',
  '陳林秀英',
  '撒韵‧武荖',
  'Mary Ann Smith',
  '𠮷田',
  '㑒',
  '=HYPERLINK("x"),y',
  '王"引號"',
  '換\n行',
] as const;

/** Three schools of two sections and two kindergartens, everybody of NAMES at each, half of them with an identifier; both plans exported. */
export async function makeSmallCity(): Promise<SmallCity> {
  const database = await createTestDatabase();
  const world = new World(database.url);
  const base = await mkdtemp(path.join(tmpdir(), 'mingce-city-'));
  const units = [
    await world.institution({ code: '064601', name: '臺中國小' }),
    await world.institution({ code: '064602', name: '北區國小', district: '北區' }),
    await world.institution({ code: '064301', section: '國中', name: '某高中國中部' }),
    await world.institution({ code: '064301', section: '高中', name: '某高中' }),
    await world.institution({ code: '0942800021', section: '幼兒園', name: '市立幼兒園', moeCode: '064X01' }),
    await world.institution({ code: '064603', name: '無人國小' }),
  ];
  let n = 0;
  for (const [nth, unit] of units.slice(0, 5).entries()) {
    const kindergarten = nth === 4;
    for (const [i, name] of NAMES.entries()) {
      n += 1;
      const person = await world.person(name, n % 2 === 0 ? nationalId(n) : null, { hashed: n % 4 === 0 });
      const title = i === 0 ? (kindergarten ? '園長' : '校長') : '教師';
      await world.assign(person, unit, {
        title: i === 3 ? (kindergarten ? '教師' : null) : title,
        titleCode: kindergarten ? null : i === 0 ? 1 : 7,
        subjects: i % 3 === 0 ? [] : i % 3 === 1 ? ['國語'] : ['數學', '自然,科學'],
      });
    }
    if (!kindergarten) await world.account(unit, `lead${nth}`, { holder: nth === 1 ? null : '王小明' });
  }
  await world.account(units[0] as number, 'A****89');
  await world.run(CUT_OFF, { kind: 'closing' });
  const folders: Record<string, string> = {};
  for (const kind of ['teacher-plan', 'school-plan'] as const) {
    const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind });
    folders[kind] = path.join(base, kind);
    await exportSnapshot(world.ctx, snapshot.id, folders[kind]);
  }
  return {
    world,
    folders: folders as Record<PlanKind, string>,
    close: async () => {
      await world.close();
      await database.drop();
      await rm(base, { recursive: true });
    },
  };
}
