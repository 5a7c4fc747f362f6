import { z } from 'zod';
import { renderRunDetail, renderRuns } from '../../pipelines/report/render-runs.ts';
import { runDetail, runLines } from '../../pipelines/report.ts';
import type { Register } from '../command.ts';
import { UsageError } from '../usage-error.ts';

const NEWEST = 50;
const runNumber = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** The number of a run as typed. @throws UsageError */
export function readRunNumber(text: string): number {
  const parsed = runNumber.safeParse(text);
  if (!parsed.success)
    throw new UsageError(`RUN: "${text}" is not a run; expected its number, as "mingce runs" lists it`);
  return parsed.data;
}

export const registerRuns: Register = (program, cli) => {
  program
    .command('runs')
    .description('runs, newest first, or one run with its ledger')
    .argument('[run]', 'number of one run')
    .option('--json', 'answer with one JSON document')
    .action(async (run: string | undefined, options: { json?: boolean }) => {
      const id = run === undefined ? null : readRunNumber(run);
      await cli.withInstallation(async ({ db }) => {
        if (id === null) {
          const lines = await runLines(db, NEWEST);
          cli.answer(options.json ? JSON.stringify(lines, null, 2) : renderRuns(lines).trimEnd());
          return;
        }
        const detail = await runDetail(db, id);
        cli.answer(options.json ? JSON.stringify(detail, null, 2) : renderRunDetail(detail).trimEnd());
      });
    });
};
