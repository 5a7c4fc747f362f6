import { openScheduler } from '../../jobs/scheduler.ts';
import { lastCompletedClock } from '../../warehouse/runs.ts';
import { makeServer } from '../../web/server.ts';
import type { Register } from '../command.ts';
import { type Engine, openEngine } from '../engine.ts';
import type { Installation } from '../installation.ts';

/** A scheduled run speaks for the real moment; in a rehearsal for the next night that was not played, with its files in the inbox. */
function clockOf(installation: Installation): () => Promise<string> {
  const { rehearsal } = installation.config;
  return async () => {
    if (!rehearsal) return new Date().toISOString();
    const played = await lastCompletedClock(installation.db);
    const next =
      rehearsal.clocks.find((c) => played === null || Date.parse(c) > Date.parse(played)) ??
      (rehearsal.clocks.at(-1) as string);
    await installation.rehearsal?.deposit(next);
    return next;
  };
}

async function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function serve(installation: Installation, engine: Engine, signal: AbortSignal): Promise<void> {
  const { config } = installation;
  const now = (): string => new Date().toISOString();
  const scheduler = await openScheduler({ ...engine, config, now, clock: clockOf(installation) });
  const worker = await engine.work(() => scheduler.fire());
  const server = makeServer({ ...installation, log: engine.ctx.log });
  try {
    const address = await server.listen({ host: config.web.host, port: config.web.port });
    process.stderr.write(`mingce is up: nightly at ${config.schedule.nightly} Asia/Taipei, page at ${address}\n`);
    await untilStopped(signal);
  } finally {
    scheduler.close();
    await server.close();
    await worker.close();
  }
}

export const registerStart: Register = (program, cli) => {
  program
    .command('start')
    .description('unattended: job worker, nightly schedule and the read-only page in one process')
    .action(() =>
      cli.withInstallation(async (installation) => {
        const engine = openEngine(installation, cli.log, cli.signal);
        try {
          await serve(installation, engine, cli.signal);
        } finally {
          await engine.close();
        }
      }, 'first'),
    );
};
