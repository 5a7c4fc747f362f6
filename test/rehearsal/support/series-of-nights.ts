/** A part of the sample city, night after night, beside the generator's books of the same nights. */
import { rm } from 'node:fs/promises';
import { buildReport } from '../../../pipelines/report/build-report.ts';
import type { NightTruth } from '../../../samples/truth/night-truth-shape.ts';
import { clocksOf } from '../../../samples/world/clocks.ts';
import type { RunReport } from '../../../schemas/outputs/report.ts';
import type { SyncResult } from '../../../schemas/outputs/sync-result.ts';
import { createTestDatabase } from '../../support/database.ts';
import { partOfTheCity } from '../../support/part-of-the-city.ts';
import { openRehearsedCity, type RehearsedCity } from '../../support/rehearsed-city.ts';

/** Some 30 schools, 100 kindergartens and 3,500 people. */
const DISTRICTS = ['豐原區', '潭子區', '神岡區'];
/** Other seeds tell other nights; a few have no kindergarten of the size that the one that closes must have, and say so. */
export const SEED = Number(process.env.MINGCE_TEST_SEED ?? 13);

export interface PlayedNight {
  index: number;
  clock: string;
  result: SyncResult;
  report: RunReport;
  truth: NightTruth;
}

export interface Series {
  city: RehearsedCity;
  play(index: number): Promise<PlayedNight>;
  close(): Promise<void>;
}

/** @param nights how many the generator makes */
export async function openSeries(nights: number): Promise<Series> {
  const database = await createTestDatabase();
  const folder = await partOfTheCity(DISTRICTS);
  const clocks = clocksOf(nights);
  const city = await openRehearsedCity(database.url, null, { folder, seed: SEED, clocks });
  return {
    city,
    play: async (index) => {
      const clock = clocks[index] as string;
      const [result, ...others] = await city.play(clock);
      if (!result || others.length > 0) throw new Error(`${others.length} more runs than one for ${clock}`);
      const report = await buildReport(city.installation.db, Number(result.run));
      return { index, clock, result, report, truth: city.rehearsal.truth(clock) };
    },
    close: async () => {
      await city.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}
