import { Option } from 'commander';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderHtml } from '../../pipelines/report/render-html.ts';
import { renderText } from '../../pipelines/report/render-text.ts';
import { runBefore } from '../../pipelines/report.ts';
import { ExpectedError } from '../../schemas/expected-error.ts';
import type { RunReport } from '../../schemas/outputs/report.ts';
import { latestFinishedRun } from '../../warehouse/runs.ts';
import type { Register } from '../command.ts';
import { parseMoment } from '../parse-moment.ts';
import { UsageError } from '../usage-error.ts';
import { writeAnswer } from '../write-answer.ts';
import { readRunNumber } from './runs.ts';

type Rendered = string | Uint8Array;
/** What draws and packs is loaded when it is asked for: no other command, and no night, has it in memory. */
const RENDERERS = {
  text: renderText,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  html: renderHtml,
  csv: async (report) => (await import('../../pipelines/report/render-csv.ts')).renderCsv(report),
  xlsx: async (report) => (await import('../../pipelines/report/render-xlsx.ts')).renderXlsx(report),
  ods: async (report) => (await import('../../pipelines/report/render-ods.ts')).renderOds(report),
  pdf: async (report) => (await import('../../pipelines/report/render-pdf.ts')).renderPdf(report),
} as const satisfies Record<string, (report: RunReport) => Rendered | Promise<Rendered>>;
/** Nothing for a terminal. */
const BINARY: ReadonlySet<string> = new Set(['xlsx', 'ods', 'pdf']);

interface ReportOptions {
  institution?: string;
  asOf?: string;
  format: keyof typeof RENDERERS;
  output?: string;
}

const INSTITUTION = /^[0-9A-Za-z-]{6,16}(:.+)?$/;

export const registerReport: Register = (program, cli) => {
  program
    .command('report')
    .description('the reconciliation report of a run, the newest finished one by default')
    .argument('[run]', 'number of a run')
    .option('--institution <code[:section]>', 'only what concerns one institution, e.g. 064601 or 064601:國小')
    .option('--as-of <iso>', 'of the newest run recorded before this moment, e.g. 2024-08-02T17:00:00+08:00')
    .addOption(new Option('--format <format>', 'form of the report').choices(Object.keys(RENDERERS)).default('text'))
    .option('-o, --output <file>', 'write to a file instead of stdout; it holds names of people')
    .action(async (run: string | undefined, options: ReportOptions) => {
      const given = run === undefined ? null : readRunNumber(run);
      const asOf = parseMoment('--as-of', options.asOf);
      if (given !== null && asOf !== null)
        throw new UsageError(`--as-of ${asOf}: the run ${given} is named; expected one of the two`);
      if (options.institution !== undefined && !INSTITUTION.test(options.institution)) {
        throw new UsageError(
          `--institution: "${options.institution}" is not a code; expected CODE or CODE:SECTION, e.g. 064601:國小`,
        );
      }
      if (BINARY.has(options.format) && options.output === undefined) {
        throw new UsageError(
          `--format ${options.format}: is a file, not text for a terminal; expected --output FILE beside it, e.g. --output report.${options.format}`,
        );
      }
      await cli.withInstallation(async ({ db }) => {
        const newest = async (): Promise<number | undefined> =>
          asOf === null ? (await latestFinishedRun(db))?.id : runBefore(db, asOf, new Date().toISOString());
        const id = given ?? (await newest());
        if (id === undefined)
          throw new ExpectedError('there is no finished run to report on yet; "mingce sync" makes one');
        const report = await buildReport(
          db,
          id,
          options.institution === undefined ? {} : { institution: options.institution },
        );
        const answer = await RENDERERS[options.format](report);
        if (options.output !== undefined) writeAnswer('--output', options.output, answer);
        else if (typeof answer === 'string') cli.answer(answer.trimEnd());
      });
    });
};
