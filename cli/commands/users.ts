/** `mingce users`: the people who may decide. A credential is shown here, once, and nowhere else. */
import { Option } from 'commander';
import { renderUsers } from '../../pipelines/report/render-users.ts';
import { userList } from '../../schemas/outputs/user-list.ts';
import { type ActingUser, INSTALLATION, ROLES, type Role } from '../../schemas/users.ts';
import type { UserRules } from '../../warehouse/authenticate.ts';
import {
  addUser,
  disableUser,
  type IssuedCredential,
  listUsers,
  recoverOps,
  renewCredential,
} from '../../warehouse/users.ts';
import { institutionKeysByCode } from '../../warehouse/views/report-institutions.ts';
import { actingUser } from '../acting-user.ts';
import type { Cli, Register } from '../command.ts';
import type { Installation } from '../installation.ts';
import { parseReason } from '../parse-reason.ts';
import { UsageError } from '../usage-error.ts';

const AS = [
  '--as <user>',
  'the ops user who does it; the credential comes from MINGCE_CREDENTIAL or the terminal',
] as const;

interface AddOptions {
  role: Role;
  institution?: string;
  as?: string;
  recover?: boolean;
}

const rulesOf = ({ config }: Installation): UserRules => ({
  now: new Date().toISOString(),
  idleDays: config.users.idleDays,
});

const issued = ({ name, credential }: IssuedCredential, said: string): string =>
  [
    `${said}: ${name}`,
    `  通行碼 credential  ${credential}`,
    '  只顯示這一次，請安全地交給本人。 It is shown this once: hand it over safely.',
  ].join('\n');

async function checkInstitution({ db }: Installation, code: string | undefined): Promise<void> {
  if (code === undefined || (await institutionKeysByCode(db, code, null)).length > 0) return;
  throw new UsageError(
    `--institution ${code}: no institution has that code; expected one that "mingce sync" has read, e.g. 064601`,
  );
}

async function add(cli: Cli, name: string, options: AddOptions): Promise<void> {
  if (options.recover && (options.as !== undefined || options.role !== 'ops'))
    throw new UsageError('--recover: expected --role ops and no --as; it is for when no ops user can sign in any more');
  await cli.withInstallation(async (installation) => {
    const { db } = installation;
    const by = options.as === undefined ? INSTALLATION : await actingUser(cli, installation, options.as);
    await checkInstitution(installation, options.institution);
    const user = { name, role: options.role, institutionCode: options.institution ?? null };
    const rules = rulesOf(installation);
    const made = options.recover ? await recoverOps(db, name, rules) : await addUser(db, user, { ...rules, by });
    cli.answer(issued(made, '已新增使用者 user added'));
  });
}

/** For what takes an ops user always. */
const as = (
  cli: Cli,
  name: string,
  work: (installation: Installation, by: ActingUser) => Promise<void>,
): Promise<void> =>
  cli.withInstallation(async (installation) => work(installation, await actingUser(cli, installation, name)));

export const registerUsers: Register = (program, cli) => {
  const users = program.command('users').description('people who may decide, and their credentials');
  users
    .command('add')
    .description('add a user; the credential is shown this once')
    .argument('<name>', 'small Latin letters, digits, dots, hyphens, e.g. lin.ml')
    .addOption(new Option('--role <role>', 'what the user may decide').choices([...ROLES]).makeOptionMandatory())
    .option('--institution <code>', 'the school or kindergarten that a user of role school speaks for')
    .option(AS[0], `${AS[1]}; not for the first user of an installation`)
    .option('--recover', 'no ops user can sign in any more: disable them all and add this one')
    .action((name: string, options: AddOptions) => add(cli, name, options));
  users
    .command('disable')
    .description('a user may decide nothing from now on; what was decided stays')
    .argument('<name>')
    .requiredOption('--reason <text>', 'why; it is kept, and holds no personal identifier')
    .requiredOption(...AS)
    .action((name: string, options: { reason: string; as: string }) => {
      const reason = parseReason('--reason', options.reason);
      return as(cli, options.as, async (installation, by) => {
        await disableUser(installation.db, { name, reason }, { ...rulesOf(installation), by });
        cli.answer(`已停用使用者 user disabled: ${name}`);
      });
    });
  users
    .command('renew')
    .description('a new credential, shown this once; the old one counts no more. Ends a lock and idleness')
    .argument('<name>')
    .requiredOption(...AS)
    .option('--enable', 'also where the user was disabled')
    .action((name: string, options: { as: string; enable?: boolean }) =>
      as(cli, options.as, async (installation, by) => {
        const asked = { name, enable: options.enable ?? false };
        const made = await renewCredential(installation.db, asked, { ...rulesOf(installation), by });
        cli.answer(issued(made, '已換發通行碼 credential renewed'));
      }),
    );
  users
    .command('list')
    .description('all users, disabled ones too')
    .option('--json', 'answer with one JSON document')
    .action((options: { json?: boolean }) =>
      cli.withInstallation(async (installation) => {
        const found = userList.parse(await listUsers(installation.db, rulesOf(installation)));
        cli.answer(options.json ? JSON.stringify(found, null, 2) : renderUsers(found).trimEnd());
      }),
    );
};
