import { statSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { unlessAbsent } from './read-if-present.ts';
import { accountOf, ownAccount, type UnixAccount } from './unix-account.ts';

/** Existing accounts root may drop to, best first: made for PostgreSQL, made for Node images, present everywhere. */
const CANDIDATES = ['postgres', 'node', 'nobody', 'daemon'] as const;

/**
 * The account PostgreSQL runs as: PostgreSQL refuses root, so root drops to an existing account; anybody else is
 * himself. A cluster stays with the account that owns it, because PostgreSQL starts as nobody else.
 */
export function serverAccount(
  dataDirectory: string | undefined,
  lookUp: (name: string) => UnixAccount | undefined = accountOf,
): UnixAccount {
  const self = ownAccount();
  if (self.uid !== 0) return self;
  const owner = dataDirectory === undefined ? undefined : unlessAbsent(() => statSync(dataDirectory));
  if (owner !== undefined && owner.uid !== 0) {
    return accountOf(owner.uid) ?? { uid: owner.uid, gid: owner.gid, name: String(owner.uid) };
  }
  for (const name of CANDIDATES) {
    const account = lookUp(name);
    if (account !== undefined && account.uid !== 0) return account;
  }
  throw new EmbeddedPostgresError(
    `Mingce runs as root, and PostgreSQL refuses to run as root; none of the accounts ${CANDIDATES.join(', ')} exists ` +
      'to run it as. Add one (useradd --system postgres), run Mingce as an ordinary user, or set DATABASE_URL.',
  );
}
