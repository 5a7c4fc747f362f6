import { runChecks } from '../checks.ts';
import type { Register } from '../command.ts';
import { openEngine } from '../engine.ts';

export const registerDoctor: Register = (program, cli) => {
  program
    .command('doctor')
    .description('checks of the set-up: versions, clock offset, Redis eviction policy, keys, free disk, sources')
    .option('--json', 'answer with one JSON document')
    .action((options: { json?: boolean }) =>
      cli.withInstallation(async (installation) => {
        const engine = openEngine(installation, cli.log, cli.signal);
        try {
          const checks = await runChecks(installation, engine);
          const lines = checks.map((c) => `${c.ok ? 'ok  ' : 'FAIL'} ${c.name.padEnd(9)} ${c.detail}`);
          cli.answer(options.json ? JSON.stringify({ checks }, null, 2) : lines.join('\n'));
          cli.exit(checks.every((c) => c.ok) ? 0 : 1);
        } finally {
          await engine.close();
        }
      }),
    );
};
