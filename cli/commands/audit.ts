/** `mingce audit`: whether the trail of decisions is whole. */
import { message } from '../../schemas/messages/catalogue.ts';
import type { AuditVerified } from '../../schemas/outputs/audit-verified.ts';
import type { AuditHead } from '../../warehouse/audit.ts';
import { type AuditChecked, verifyAudit } from '../../warehouse/verify-audit.ts';
import type { Register } from '../command.ts';
import { UsageError } from '../usage-error.ts';

const NOTED = /^(\d{1,15}):([0-9a-f]{64})$/;

/** @throws UsageError */
function parseNoted(text: string | undefined): AuditHead | null {
  if (text === undefined) return null;
  const [, row, digest] = NOTED.exec(text) ?? [];
  if (row === undefined || digest === undefined || Number(row) === 0)
    throw new UsageError(
      `--noted ${text}: expected a row and its digest, as "mingce audit verify" prints them: 41:9f2c…`,
    );
  return { row: Number(row), digest };
}

const verified = ({ rows, head, broken }: AuditChecked): AuditVerified => ({
  whole: broken === null,
  rows,
  head,
  broken: broken && {
    ...broken,
    text: {
      zh: message(broken.code, { row: broken.row }, 'zh'),
      en: message(broken.code, { row: broken.row }, 'en'),
    },
  },
});

function text({ rows, head, broken }: AuditVerified): string {
  const end = head === null ? '' : `　${head.row}:${head.digest}`;
  if (broken === null) return `稽核軌跡完整，共 ${rows} 列。 The audit trail is whole.${end}`;
  return [`✗ ${broken.text.zh}`, `  ${broken.text.en}`, `  在此之前 ${rows} 列完整。 Whole up to there.${end}`].join(
    '\n',
  );
}

export const registerAudit: Register = (program, cli) => {
  const audit = program.command('audit').description('the trail of decisions and refused sign-ins');
  audit
    .command('verify')
    .description('the trail is whole; exit status 1 when it is not, naming the first row at which it breaks')
    .option('--noted <row:digest>', 'an end of the trail that was noted earlier; it must still stand')
    .option('--json', 'answer with one JSON document')
    .action(async (options: { noted?: string; json?: boolean }) => {
      const noted = parseNoted(options.noted);
      await cli.withInstallation(async ({ db }) => {
        const found = verified(await verifyAudit(db, noted));
        cli.answer(options.json ? JSON.stringify(found, null, 2) : text(found));
        cli.exit(found.whole ? 0 : 1);
      });
    });
};
