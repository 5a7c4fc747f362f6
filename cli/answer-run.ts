/** Makes the runs of a request and answers with them: what `mingce sync` and `mingce quarantine replay` share. */
import { buildReport } from '../pipelines/report/build-report.ts';
import { summaryText } from '../pipelines/report/render-summary.ts';
import { renderText } from '../pipelines/report/render-text.ts';
import { syncResult } from '../pipelines/report.ts';
import type { SyncAnswer, SyncResult } from '../schemas/outputs/sync-result.ts';
import type { Run } from '../warehouse/runs.ts';
import type { Cli } from './command.ts';
import { openEngine } from './engine.ts';
import { makeProgress } from './progress.ts';
import { checkRequest, type SyncRequest, sync } from './sync.ts';

/** 0 done; 2 done, and a source failed or was carried forward, something is held, or a report or snapshot is owed; 1 failed. The worst of all runs speaks: a closing run freezes. */
export function exitStatus(results: readonly SyncResult[]): 0 | 1 | 2 {
  if (results.some((r) => r.status === 'failed')) return 1;
  const whole = results.every(
    (r) => r.status === 'complete' && r.error === null && r.sources.every((source) => source.status === 'fresh'),
  );
  return whole ? 0 : 2;
}

/** @throws Error when no run was made */
export function answerOf(results: readonly SyncResult[]): SyncAnswer {
  const last = results.at(-1);
  if (last === undefined) throw new Error('no run was made: nothing to answer');
  return { ...last, earlierRuns: results.slice(0, -1) };
}

/** @throws UsageError for a request that the configuration does not allow */
export async function answerRun(cli: Cli, request: SyncRequest, json: boolean): Promise<void> {
  await cli.withInstallation(async (installation) => {
    checkRequest(installation, request);
    const engine = openEngine(installation, cli.log, cli.signal);
    const worker = await engine.work(async () => undefined);
    const results: SyncResult[] = [];
    try {
      const onRun = async (run: Run): Promise<void> => {
        const result = await syncResult(installation.db, run.id);
        results.push(result);
        if (json) return;
        const report = await buildReport(installation.db, run.id);
        cli.answer(result.planHash ? `${renderText(report)}\nplan ${result.planHash}` : summaryText(result, report));
      };
      await sync(installation, engine, request, makeProgress(process.stderr), onRun);
    } finally {
      await worker.close();
      await engine.close();
    }
    if (json) cli.answer(JSON.stringify(answerOf(results), null, 2));
    cli.exit(exitStatus(results));
  }, 'first');
}
