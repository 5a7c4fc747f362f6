/** `mingce roster`: who serves at an institution, of any day and as recorded before any moment. */
import { Option } from 'commander';
import { renderRoster, rosterTables, rosterTitle } from '../../pipelines/report/render-roster.ts';
import { rosterOf } from '../../pipelines/roster.ts';
import type { Roster } from '../../schemas/outputs/roster.ts';
import type { Register } from '../command.ts';
import { parseDay } from '../parse-day.ts';
import { parseMoment } from '../parse-moment.ts';
import { UsageError } from '../usage-error.ts';
import { writeAnswer } from '../write-answer.ts';

type Rendered = string | Uint8Array;
/** What packs is loaded when it is asked for. */
const RENDERERS = {
  text: renderRoster,
  json: (roster) => JSON.stringify(roster, null, 2),
  csv: async (roster) => (await import('../../pipelines/report/render-csv.ts')).csvOf(peopleOf(roster)),
  xlsx: async (roster) =>
    (await import('../../pipelines/report/render-xlsx.ts')).xlsxOf(
      rosterTables(roster),
      rosterTitle(roster),
      new Date().toISOString(),
    ),
  ods: async (roster) => (await import('../../pipelines/report/render-ods.ts')).odsOf(rosterTables(roster)),
} as const satisfies Record<string, (roster: Roster) => Rendered | Promise<Rendered>>;
const BINARY: ReadonlySet<string> = new Set(['xlsx', 'ods']);
const INSTITUTION = /^[0-9A-Za-z-]{6,16}(:.+)?$/;

const peopleOf = (roster: Roster) => rosterTables(roster)[0] as ReturnType<typeof rosterTables>[number];

interface RosterOptions {
  asOf?: string;
  on?: string;
  format: keyof typeof RENDERERS;
  output?: string;
}

export const registerRoster: Register = (program, cli) => {
  program
    .command('roster')
    .description('who serves at an institution, its accounts and what it is: of any day, as recorded before any moment')
    .argument('<institution>', 'CODE or CODE:SECTION, e.g. 064601 or 064601:國小')
    .option('--as-of <iso>', 'as recorded before this moment, e.g. 2024-08-02T17:00:00+08:00')
    .option('--on <day>', 'who serves on this day (default: the day of --as-of, else of the newest run)')
    .addOption(new Option('--format <format>', 'form of the answer').choices(Object.keys(RENDERERS)).default('text'))
    .option('-o, --output <file>', 'write to a file instead of stdout; it holds names of people')
    .action(async (institution: string, options: RosterOptions) => {
      const { format, output } = options;
      if (!INSTITUTION.test(institution))
        throw new UsageError('INSTITUTION: not a code; expected CODE or CODE:SECTION, e.g. 064601:國小');
      const asOf = parseMoment('--as-of', options.asOf);
      const on = parseDay('--on', options.on);
      if (BINARY.has(format) && output === undefined) {
        throw new UsageError(
          `--format ${format}: is a file, not text for a terminal; expected --output FILE beside it, e.g. --output roster.${format}`,
        );
      }
      await cli.withInstallation(async ({ db }) => {
        const found = await rosterOf(db, institution, { asOf, on, now: new Date().toISOString() });
        const answer = await RENDERERS[format](found);
        if (output !== undefined) writeAnswer('--output', output, answer);
        else if (typeof answer === 'string') cli.answer(answer.trimEnd());
      });
    });
};
