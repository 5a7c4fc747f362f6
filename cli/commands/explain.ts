/** `mingce explain`: where values came from and what happened; for a person who asks, everything that is held about them. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { explainPerson } from '../../pipelines/explain.ts';
import { explainAccount, explainInstitution } from '../../pipelines/explain-thing.ts';
import { exportPerson } from '../../pipelines/person-export.ts';
import { renderExplanation } from '../../pipelines/report/render-explanation.ts';
import { renderPersonExport } from '../../pipelines/report/render-person-export.ts';
import { renderThing } from '../../pipelines/report/render-story.ts';
import { actingUser } from '../acting-user.ts';
import type { Cli, Register } from '../command.ts';
import { parseDay } from '../parse-day.ts';
import { parseMoment } from '../parse-moment.ts';
import { parseReason } from '../parse-reason.ts';
import { UsageError } from '../usage-error.ts';
import { writeAnswer } from '../write-answer.ts';

const personId = z.coerce.number().int().positive();
const INSTITUTION = /^[0-9A-Za-z-]{6,16}(:.+)?$/;
const ACCOUNT = /^([0-9A-Za-z-]{6,16}\/.+|\d+)$/;
const KINDS = ['person', 'institution', 'account'] as const;
type Kind = (typeof KINDS)[number];

interface ExplainOptions {
  asOf?: string;
  on?: string;
  json?: boolean;
  export?: string;
  as?: string;
  reason?: string;
}

/** What is typed is not repeated: it may be a national id. @throws UsageError */
function readPerson(id: string): number {
  const person = personId.safeParse(id);
  if (!person.success) throw new UsageError('explain person: the ID is not a whole number; expected our own id');
  return person.data;
}

/** The files that `--export` names: one that ends in .json or .txt, else both in a folder, which is made. */
async function exportFiles(target: string, person: number): Promise<{ json?: string; txt?: string }> {
  const ending = path.extname(target).toLowerCase();
  if (ending === '.json') return { json: target };
  if (ending === '.txt') return { txt: target };
  await mkdir(target, { recursive: true, mode: 0o700 });
  return { json: path.join(target, `person-${person}.json`), txt: path.join(target, `person-${person}.txt`) };
}

async function writeExport(cli: Cli, person: number, options: ExplainOptions & { export: string }): Promise<void> {
  const { as } = options;
  if (as === undefined || options.reason === undefined)
    throw new UsageError('--export: --as and --reason are missing; expected who hands it out, and why');
  for (const option of ['asOf', 'on'] as const)
    if (options[option] !== undefined)
      throw new UsageError(
        `--${option === 'asOf' ? 'as-of' : option}: an export holds everything, also what was before`,
      );
  const reason = parseReason('--reason', options.reason);
  await cli.withInstallation(async (installation) => {
    const by = await actingUser(cli, installation, as);
    const at = new Date().toISOString();
    const held = await exportPerson(installation.db, installation.keyring, { person, by, reason, at });
    const { json, txt } = await exportFiles(options.export, person);
    if (json !== undefined) writeAnswer('--export', json, `${JSON.stringify(held, null, 2)}\n`);
    if (txt !== undefined) writeAnswer('--export', txt, renderPersonExport(held));
    const files = [json, txt].filter((file) => file !== undefined);
    cli.answer(options.json ? JSON.stringify({ files }, null, 2) : files.join('\n'));
  });
}

export const registerExplain: Register = (program, cli) => {
  program
    .command('explain')
    .description('where each value came from: source, object, row, run, rule; and what happened, run by run')
    .argument('<kind>', `what to explain: ${KINDS.join(', ')}`)
    .argument(
      '<id>',
      "a person's our own id, from the report's JSON, never an identifier; CODE[:SECTION] of an institution; CODE/NAME of an account",
    )
    .option('--as-of <iso>', 'as recorded before this moment, e.g. 2024-08-02T17:00:00+08:00')
    .option(
      '--on <day>',
      'what is true on this day, e.g. 2024-08-01; left out: as it stands, with what came and will come',
    )
    .option(
      '--export <dir|file>',
      'of a person who asks: everything held about them, as JSON and as text; needs --as and --reason',
    )
    .option('--as <user>', 'who hands out an export; the credential comes from MINGCE_CREDENTIAL or the terminal')
    .option('--reason <text>', 'why it is handed out; kept for ever')
    .option('--json', 'answer with one JSON document')
    .action(async (kind: string, id: string, options: ExplainOptions) => {
      if (!KINDS.some((k) => k === kind)) throw new UsageError(`explain: "${kind}" is not one of ${KINDS.join(', ')}`);
      const asOf = parseMoment('--as-of', options.asOf);
      const moments = { asOf, on: parseDay('--on', options.on), now: new Date().toISOString() };
      if (options.export !== undefined) {
        if (kind !== 'person')
          throw new UsageError('--export: only of a person; expected "explain person ID --export"');
        return writeExport(cli, readPerson(id), { ...options, export: options.export });
      }
      if (kind === 'person') {
        const person = readPerson(id);
        return cli.withInstallation(async ({ db }) => {
          const explained = await explainPerson(db, person, moments);
          cli.answer(options.json ? JSON.stringify(explained, null, 2) : renderExplanation(explained).trimEnd());
        });
      }
      const [shape, read] =
        kind === 'institution' ? [INSTITUTION, explainInstitution] : ([ACCOUNT, explainAccount] as const);
      if (!shape.test(id))
        throw new UsageError(
          `explain ${kind as Kind}: the ID is not as expected: ${kind === 'institution' ? 'CODE or CODE:SECTION' : 'CODE/NAME or our own id'}`,
        );
      return cli.withInstallation(async ({ db }) => {
        const explained = await read(db, id, moments);
        cli.answer(options.json ? JSON.stringify(explained, null, 2) : renderThing(explained).trimEnd());
      });
    });
};
