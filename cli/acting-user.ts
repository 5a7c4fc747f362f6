/** Who decides, proven: `--as USER` and that user's credential, from the environment or typed at the terminal; never an argument, which others on the machine can see. */
import type { ActingUser } from '../schemas/users.ts';
import { authenticate } from '../warehouse/authenticate.ts';
import { askSecret, type Terminal } from './ask-secret.ts';
import type { Cli } from './command.ts';
import type { Installation } from './installation.ts';
import { UsageError } from './usage-error.ts';

const OURS: Terminal = { input: process.stdin, output: process.stderr };

/**
 * Call it before the transaction of what is decided.
 * @param name what `--as` gave
 * @throws UsageError where no credential was given; UserRefusedError where user and credential are not accepted
 */
export async function actingUser(
  cli: Cli,
  installation: Installation,
  name: string,
  terminal: Terminal = OURS,
): Promise<ActingUser> {
  const credential =
    cli.environment().credential ?? (await askSecret(`${name} 的通行碼 credential: `, terminal, cli.signal));
  if (credential === null || credential === '') {
    throw new UsageError(
      '--as: no credential was given; expected it in the environment variable MINGCE_CREDENTIAL, or typed at a terminal',
    );
  }
  const now = new Date().toISOString();
  return authenticate(installation.db, { name, credential }, { now, idleDays: installation.config.users.idleDays });
}
