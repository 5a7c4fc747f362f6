/**
 * Incidents of a freeze (R24): the care system was not heard on the cut-off's day, so that the last good run stands for the kindergartens; or the closing run failed. Every run after
 * the cut-off finds them again, until somebody corrected the snapshot, or a closing run succeeded; who looked and has nothing to correct puts the matter aside.
 */
import type { Finding } from '../schemas/plan.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { careAtCutOff, failedClosingOf, wasAtWork, wasCorrected } from '../warehouse/incidents.ts';
import type { PipelineContext } from './context.ts';
import type { SourceSpec } from './land.ts';

const minuteOf = (moment: string): string => moment.slice(0, 16).replace('T', ' ');

const speaksForKindergartens = ({ path, kinds }: SourceSpec): boolean =>
  path === 'kindergarten' && kinds.includes('staff');

/** @param clock moment of the run */
export async function findIncidents(
  trx: Transaction,
  specs: ReadonlyMap<string, SourceSpec>,
  { campaigns }: Pick<PipelineContext, 'campaigns'>,
  clock: string,
): Promise<Finding[]> {
  const care = [...specs].filter(([, spec]) => speaksForKindergartens(spec)).map(([drop]) => drop);
  const findings: Finding[] = [];
  for (const { id, cutOff, schoolYear } of campaigns) {
    if (Date.parse(cutOff) > Date.parse(clock) || clock.slice(0, 10) > schoolYear.through) continue;
    if (!(await wasAtWork(trx, cutOff))) continue;
    const about = { institutionKey: null, subject: id, personRef: null };
    const failed = await failedClosingOf(trx, id, cutOff);
    if (failed !== null)
      findings.push({
        code: 'closing-failed',
        ...about,
        params: { campaign: id, cutOff: minuteOf(cutOff), run: failed },
      });
    if (care.length === 0 || (await wasCorrected(trx, id, cutOff))) continue;
    const { last, stale } = await careAtCutOff(trx, care, cutOff);
    if (!stale) continue;
    const from = last === null ? '－' : minuteOf(last);
    findings.push({
      code: 'cut-off-care-stale',
      ...about,
      params: { campaign: id, cutOff: minuteOf(cutOff), last: from },
    });
  }
  return findings;
}
