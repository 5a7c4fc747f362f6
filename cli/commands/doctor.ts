import type { Check } from '../../schemas/outputs/doctor.ts';
import { type Found, PROBES } from '../checks.ts';
import type { Register } from '../command.ts';
import { runChecks } from '../run-checks.ts';

const MARK = { ok: 'ok  ', failed: 'FAIL', 'not-checked': '–   ' } as const;
const INDENT = `\n${' '.repeat(19)}`;

const text = ({ name, status, detail, todo }: Check): string =>
  [
    `${MARK[status]} ${name.padEnd(13)} ${detail.replaceAll('\n', INDENT)}`,
    ...(todo === null ? [] : [`→ ${todo}`]),
  ].join(INDENT);

export const registerDoctor: Register = (program, cli) => {
  program
    .command('doctor')
    .description(
      'checks of the set-up: versions, secrets, clock offset, Redis eviction policy, keys, free disk, sources',
    )
    .option('--json', 'answer with one JSON document')
    .action(async (options: { json?: boolean }) => {
      const found: Found = {
        readEnvironment: cli.environment,
        log: () => cli.log,
        signal: cli.signal,
        closers: [],
      };
      try {
        const report = await runChecks(PROBES, found, cli.signal);
        cli.answer(options.json ? JSON.stringify(report, null, 2) : report.checks.map(text).join('\n'));
        cli.exit(report.ok ? 0 : 1);
      } finally {
        for (const close of found.closers.reverse()) await close();
      }
    });
};
