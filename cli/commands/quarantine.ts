/** `mingce quarantine`: what was not taken, the file by which a school corrects it, and doing it again after a rule changed. */
import path from 'node:path';
import { exportCorrection } from '../../pipelines/quarantine/correction-file.ts';
import { listQuarantine, type QuarantineQuery } from '../../pipelines/quarantine/list-quarantine.ts';
import { TABLE_FORMATS } from '../../pipelines/quarantine/write-table.ts';
import { renderQuarantine } from '../../pipelines/report/render-quarantine.ts';
import { TABLE_SOURCES } from '../../schemas/table-sources.ts';
import { answerRun } from '../answer-run.ts';
import type { Cli, Register } from '../command.ts';
import { openEngine } from '../engine.ts';
import type { Installation } from '../installation.ts';
import { UsageError } from '../usage-error.ts';

const CODE = /^[0-9A-Za-z]{6}$/;
const JSON_FLAG = ['--json', 'answer with one JSON document'] as const;

/** Configured names and single parts of them. @throws UsageError */
export function checkSources(installation: Installation, given: readonly string[]): void {
  const names = installation.config.sources.map((s) => s.name);
  for (const name of given) {
    if (!names.includes(name.split('/')[0] as string))
      throw new UsageError(`--source ${name}: no such source; the configuration has ${names.join(', ')}`);
  }
}

async function list(cli: Cli, options: { source?: string[]; institution?: string; json?: boolean }): Promise<void> {
  await cli.withInstallation(async (installation) => {
    checkSources(installation, options.source ?? []);
    const query: QuarantineQuery = {
      ...(options.source ? { sources: options.source } : {}),
      ...(options.institution === undefined ? {} : { institution: options.institution }),
    };
    const found = await listQuarantine(installation.db, query);
    const text = () => renderQuarantine(found, (source) => isCorrectable(installation, source)).trimEnd();
    cli.answer(options.json ? JSON.stringify(found, null, 2) : text());
  });
}

/** Whether somebody sent a table there, for one school: only then is there something to send back. */
function isCorrectable({ config }: Installation, source: string): boolean {
  const [drop, code] = source.split('/');
  const type = config.sources.find(({ name }) => name === drop)?.type;
  return type !== undefined && TABLE_SOURCES.has(type) && CODE.test(code ?? '');
}

/** The one source of a school that has something to correct. @throws UsageError where none or several have */
async function sourceOf(installation: Installation, school: string, wanted: string | undefined): Promise<string> {
  const query = wanted === undefined ? {} : { sources: [wanted, `${wanted.split('/')[0]}/${school}`] };
  const { list: rows } = await listQuarantine(installation.db, { ...query, institution: school });
  const open = [...new Set(rows.map((row) => row.source))];
  const sources = open.filter((source) => source.endsWith(`/${school}`) && isCorrectable(installation, source));
  if (sources.length > 1) {
    const names = sources.map((source) => source.split('/')[0]);
    throw new UsageError(`${school}: ${names.join(' and ')} have rows to correct; give one of them with --source`);
  }
  const [source] = sources;
  if (source === undefined && open.length > 0) {
    throw new UsageError(
      `${school}: nobody sends tables to ${open.join(' and ')}, so there is nothing to send back; have it put right in that system`,
    );
  }
  if (source === undefined) throw new UsageError(`${school}: nothing of this school is quarantined`);
  return source;
}

async function exportFile(
  cli: Cli,
  school: string,
  file: string,
  options: { source?: string; json?: boolean },
): Promise<void> {
  if (!CODE.test(school))
    throw new UsageError(`SCHOOL: "${school}" is not a school code; expected 6 characters, e.g. 064601`);
  if (!TABLE_FORMATS.includes(path.extname(file).toLowerCase())) {
    throw new UsageError(`FILE: "${path.basename(file)}"; expected a name ending in ${TABLE_FORMATS.join(', ')}`);
  }
  await cli.withInstallation(async (installation) => {
    checkSources(installation, options.source === undefined ? [] : [options.source]);
    const source = await sourceOf(installation, school.toUpperCase(), options.source);
    const engine = openEngine(installation, cli.log, cli.signal);
    try {
      const { specs } = await engine.sourcesFor({ clock: new Date().toISOString() });
      const spec = specs.get(source.split('/')[0] as string);
      if (!spec) throw new UsageError(`${source} is not in the configuration any more`);
      const exported = await exportCorrection(engine.ctx, spec, source, path.resolve(file));
      if (options.json) return cli.answer(JSON.stringify(exported, null, 2));
      const lost = exported.withoutOriginal > 0 ? `；另有 ${exported.withoutOriginal} 列的原檔已不存` : '';
      cli.answer(
        `已寫入 ${exported.file}：${source} 待更正 ${exported.rows} 列${lost}\nIt holds personal data: pass it on safely.`,
      );
    } finally {
      await engine.close();
    }
  });
}

export const registerQuarantine: Register = (program, cli) => {
  const quarantine = program.command('quarantine').description('rows and values that were not taken');
  quarantine
    .command('list')
    .description('what was not taken, where and why; values are masked')
    .option('--source <name...>', 'only these sources, or single ones such as roster/064601')
    .option('--institution <code>', 'only what concerns one institution')
    .option(...JSON_FLAG)
    .action((options) => list(cli, options));
  quarantine
    .command('export')
    .description("a correction file in the school's own layout; it holds personal data")
    .argument('<school>', 'school code, e.g. 064601')
    .argument('<file>', `file to write, ending in ${TABLE_FORMATS.join(', ')}`)
    .option('--source <name>', 'which of its files, where several have rows to correct')
    .option(...JSON_FLAG)
    .action((school: string, file: string, options) => exportFile(cli, school, file, options));
  quarantine
    .command('replay')
    .description('after a mapping or a rule changed: a run that reads what is kept again, without a new upload')
    .option('--source <name...>', 'only these sources, or single ones such as roster/064601')
    .option('--dry-run', 'print the plan, change no warehouse row')
    .option('--clock <iso>', "the run's clock, for rehearsals (needs simulation: true)")
    .option(...JSON_FLAG)
    .action((options: { source?: string[]; dryRun?: boolean; clock?: string; json?: boolean }) => {
      const request = {
        sources: options.source ?? null,
        dryRun: options.dryRun ?? false,
        clock: options.clock ?? null,
        kind: 'replay' as const,
      };
      return answerRun(cli, request, options.json ?? false);
    });
};
