import type { Logger } from 'pino';
import type { AccountRules } from '../schemas/account-rules.ts';
import type { Campaign } from '../schemas/campaign.ts';
import type { GuardLimits } from '../schemas/guards.ts';
import type { Database } from '../warehouse/connect.ts';
import type { InstallationKeyring } from '../warehouse/keyring.ts';

/** Everything that a stage needs and does not make itself; made once by the process root. */
export interface PipelineContext {
  db: Database;
  keyring: InstallationKeyring;
  log: Logger;
  signal: AbortSignal;
  /** Planning years known to this installation. */
  campaigns: readonly Campaign[];
  /** Limits of what one night may change. */
  guards: GuardLimits;
  /** What is asked of business accounts; the defaults where it is left out. */
  accounts?: AccountRules;
  /** Days that raw objects are kept; null or left out: for ever. */
  rawDays?: number | null;
  /** Years that superseded versions are kept; null or left out: for ever. */
  historyYears?: number | null;
  /** Told as work goes on, for a bar or a line; `total` is null where it is not known beforehand. */
  progress: (stage: string, done: number, total: number | null) => void;
}
