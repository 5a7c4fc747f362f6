#!/usr/bin/env node
/** The process root: reads the environment, makes the logger, hands everything else what it needs, and turns how a command ended into an exit status. */
import { Command, CommanderError } from 'commander';
import type { Logger } from 'pino';
import { describeError } from '../schemas/describe-error.ts';
import { ExpectedError } from '../schemas/expected-error.ts';
import { maskIdentifiers } from '../schemas/sensitive-text.ts';
import { WrongRequestError } from '../schemas/wrong-request.ts';
import { EmbeddedPostgresError } from '../warehouse/embedded/embedded-postgres-error.ts';
import { KeyFileError } from '../warehouse/key-file.ts';
import { isConnectionLost } from '../warehouse/reach-database.ts';
import { abortOnSignal } from './abort-on-signal.ts';
import type { Cli, Register } from './command.ts';
import { registerAccounts } from './commands/accounts.ts';
import { registerAudit } from './commands/audit.ts';
import { registerCampaigns } from './commands/campaigns.ts';
import { registerConsumers } from './commands/consumers.ts';
import { registerContract } from './commands/contract.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerExceptions } from './commands/exceptions.ts';
import { registerExplain } from './commands/explain.ts';
import { registerHash } from './commands/hash.ts';
import { registerHolds } from './commands/holds.ts';
import { registerKeys } from './commands/keys.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerQuarantine } from './commands/quarantine.ts';
import { registerReceipt } from './commands/receipt.ts';
import { registerReport } from './commands/report.ts';
import { registerRevert } from './commands/revert.ts';
import { registerReview } from './commands/review.ts';
import { registerRoster } from './commands/roster.ts';
import { registerRuns } from './commands/runs.ts';
import { registerSnapshot } from './commands/snapshot.ts';
import { registerStart } from './commands/start.ts';
import { registerSync } from './commands/sync.ts';
import { registerTokens } from './commands/tokens.ts';
import { registerUsers } from './commands/users.ts';
import { registerValues } from './commands/values.ts';
import { registerWorker } from './commands/worker.ts';
import { readEnvironment } from './environment.ts';
import { openInstallation } from './installation.ts';
import { makeLogger } from './logger.ts';
import { type Output, openOutput } from './output.ts';
import { UsageError } from './usage-error.ts';

const COMMANDS: readonly Register[] = [
  registerSync,
  registerRuns,
  registerReport,
  registerRoster,
  registerExplain,
  registerQuarantine,
  registerReceipt,
  registerSnapshot,
  registerCampaigns,
  registerKeys,
  registerContract,
  registerHolds,
  registerAccounts,
  registerValues,
  registerExceptions,
  registerReview,
  registerRevert,
  registerUsers,
  registerTokens,
  registerConsumers,
  registerAudit,
  registerHash,
  registerStart,
  registerWorker,
  registerMigrate,
  registerDoctor,
];

const EXIT = { done: 0, failed: 1, usage: 64, interrupted: 130 } as const;

function exitOf(error: unknown, signal: AbortSignal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (signal.aborted) {
    process.stderr.write('interrupted: what was committed stays; "mingce sync" goes on from there\n');
    return EXIT.interrupted;
  }
  if (isConnectionLost(error)) {
    process.stderr.write(
      'mingce: the database went away while the command was at work. What was committed stays, nothing is half-applied; ' +
        'look after the database ("mingce doctor"), then "mingce sync" goes on from there\n',
    );
    return EXIT.failed;
  }
  const usage = error instanceof UsageError || error instanceof KeyFileError || error instanceof WrongRequestError;
  const plain = usage || error instanceof EmbeddedPostgresError || error instanceof ExpectedError;
  const told = plain ? (error as Error).message : describeError(error).message;
  process.stderr.write(`mingce: ${maskIdentifiers(told)}\n`);
  if (!plain) makeLogger('error').error({ err: error }, 'command failed');
  return usage ? EXIT.usage : EXIT.failed;
}

async function main(output: Output): Promise<number> {
  const signal = abortOnSignal({ npmCommand: process.env.npm_command, interrupted: EXIT.interrupted });
  let status: number = EXIT.done;
  let log: Logger | undefined;
  try {
    const cli: Cli = {
      get log() {
        log ??= makeLogger(cli.environment().logLevel);
        return log;
      },
      signal,
      environment: () => readEnvironment(process.env),
      withInstallation: async (work, use) => {
        const installation = await openInstallation({ log: cli.log, signal, firstUse: use === 'first' });
        try {
          return await work(installation);
        } finally {
          await installation.close();
        }
      },
      answer: (text) => output.write(`${text}\n`),
      exit: (code) => {
        status = code;
      },
    };
    const program = new Command('mingce')
      .description('Mingce 名冊: one trustworthy roster of a city’s teachers, synchronised every night')
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(maskIdentifiers(text)) })
      // A wrong environment is told before a command begins; `doctor` tells it as one of its checks.
      .hook('preAction', (_program, command) => {
        if (command.name() !== 'doctor') cli.environment();
      });
    for (const register of COMMANDS) register(program, cli);
    for (const command of program.commands) command.exitOverride();
    await program.parseAsync();
    return status;
  } catch (error) {
    return exitOf(error, signal);
  }
}

const output = openOutput(process.stdout, process.stderr);
const status = await main(output);
process.exitCode = (await output.failed()) ? EXIT.failed : status;
