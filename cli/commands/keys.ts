/** `mingce keys`: the keys that sign snapshots. */
import { publicKeySet, rotateSigningKey, signingKeys } from '../../pipelines/signing-keys.ts';
import type { SigningKeyLine } from '../../schemas/outputs/signing-keys.ts';
import { actingUser } from '../acting-user.ts';
import type { Register } from '../command.ts';
import { parseReason } from '../parse-reason.ts';
import { writeAnswer } from '../write-answer.ts';

interface JsonOption {
  json?: boolean;
}

const JSON_FLAG = ['--json', 'answer with one JSON document'] as const;

const text = ({ kid, since, until }: SigningKeyLine): string =>
  `${kid}  自 since ${since}  ${until === null ? '使用中 in use' : `至 until ${until}`}`;

export const registerKeys: Register = (program, cli) => {
  const keys = program.command('keys').description('the keys that sign snapshots');
  keys
    .command('list')
    .description('all keys that ever signed, by their thumbprint')
    .option(...JSON_FLAG)
    .action((options: JsonOption) =>
      cli.withInstallation(async ({ db }) => {
        const all = await signingKeys(db);
        if (options.json) return cli.answer(JSON.stringify(all, null, 2));
        const none = '尚無簽章金鑰 no key yet: the first snapshot makes it';
        cli.answer(all.length === 0 ? none : all.map(text).join('\n'));
      }),
    );
  keys
    .command('export')
    .description('the public keys as a JWK Set, for "snapshot verify --key" and for consumers')
    .option('-o, --output <file>', 'write it there')
    .action((options: { output?: string }) =>
      cli.withInstallation(async ({ db }) => {
        const set = await publicKeySet(db);
        if (options.output === undefined) cli.answer(set.trimEnd());
        else writeAnswer('--output', options.output, set);
      }),
    );
  keys
    .command('rotate')
    .description('sign with a new key from now on; what the earlier ones signed stays proven')
    .requiredOption('--reason <text>', 'why; it is kept, and holds no personal identifier')
    .requiredOption(
      '--as <user>',
      'the ops user who does it; the credential comes from MINGCE_CREDENTIAL or the terminal',
    )
    .option(...JSON_FLAG)
    .action((options: JsonOption & { reason: string; as: string }) => {
      const reason = parseReason('--reason', options.reason);
      return cli.withInstallation(async (installation) => {
        const by = await actingUser(cli, installation, options.as);
        const now = new Date().toISOString();
        const key = await rotateSigningKey(installation.db, installation.keyring, { by, reason, now });
        cli.answer(options.json ? JSON.stringify(key, null, 2) : `已啟用新金鑰 key in use: ${text(key)}`);
      });
    });
};
