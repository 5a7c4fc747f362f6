import { z } from 'zod';
import { explainPerson } from '../../pipelines/explain.ts';
import { renderExplanation } from '../../pipelines/report/render-explanation.ts';
import type { Register } from '../command.ts';
import { parseMoment } from '../parse-moment.ts';
import { UsageError } from '../usage-error.ts';

const personId = z.coerce.number().int().positive();

/** What can be explained; accounts and institutions come with their issues. */
const KINDS = ['person'] as const;

export const registerExplain: Register = (program, cli) => {
  program
    .command('explain')
    .description('where each value came from: source, object, row, run, rule')
    .argument('<kind>', `what to explain: ${KINDS.join(', ')}`)
    .argument('<id>', "our own id of it, from the report's JSON; never an identifier of a person")
    .option('--as-of <iso>', 'as known at this moment, e.g. 2024-08-02T17:00:00+08:00')
    .option('--json', 'answer with one JSON document')
    .action(async (kind: string, id: string, options: { asOf?: string; json?: boolean }) => {
      if (!KINDS.some((k) => k === kind)) throw new UsageError(`explain: "${kind}" is not one of ${KINDS.join(', ')}`);
      const person = personId.safeParse(id);
      // The value is not repeated: somebody may have typed a national id.
      if (!person.success) throw new UsageError('explain person: the ID is not a whole number; expected our own id');
      const asOf = parseMoment('--as-of', options.asOf) ?? undefined;
      await cli.withInstallation(async ({ db }) => {
        const explained = await explainPerson(db, person.data, asOf);
        cli.answer(options.json ? JSON.stringify(explained, null, 2) : renderExplanation(explained).trimEnd());
      });
    });
};
