import { setTimeout as delay } from 'node:timers/promises';
import type { Register } from '../command.ts';
import { openEngine } from '../engine.ts';

const LOOK_EVERY_MS = 250;

export const registerWorker: Register = (program, cli) => {
  program
    .command('worker')
    .description(
      'take jobs from the queue until told to stop; run as many as wanted, on any machine that reaches queue and database',
    )
    .option('--until-idle', 'end when the queue holds no more work')
    .action((options: { untilIdle?: boolean }) =>
      cli.withInstallation(async (installation) => {
        const engine = openEngine(installation, cli.log, cli.signal);
        const worker = await engine.work(async () => undefined);
        process.stderr.write(`worker ${worker.id} is at work\n`);
        try {
          for (;;) {
            await delay(LOOK_EVERY_MS, undefined, { signal: cli.signal });
            if (!options.untilIdle) continue;
            const {
              waiting = 0,
              active = 0,
              delayed = 0,
              prioritized = 0,
              'waiting-children': parents = 0,
            } = await engine.queue.counts();
            if (waiting + active + delayed + prioritized + parents === 0) break;
          }
        } catch (error) {
          if (!cli.signal.aborted) throw error;
        } finally {
          await worker.close();
          await engine.close();
        }
      }, 'first'),
    );
};
