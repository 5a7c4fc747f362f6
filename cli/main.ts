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
import { readEnvironment } from './environment.ts';
import { openInstallation } from './installation.ts';
import { makeLogger } from './logger.ts';
import { type Output, openOutput } from './output.ts';
import { UsageError } from './usage-error.ts';

/** By the first word of a command line. Each is loaded when it is called: all of them together take two seconds to load. */
const holds = async (): Promise<Register> => (await import('./commands/holds.ts')).registerHolds;
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  sync: async () => (await import('./commands/sync.ts')).registerSync,
  runs: async () => (await import('./commands/runs.ts')).registerRuns,
  report: async () => (await import('./commands/report.ts')).registerReport,
  roster: async () => (await import('./commands/roster.ts')).registerRoster,
  explain: async () => (await import('./commands/explain.ts')).registerExplain,
  quarantine: async () => (await import('./commands/quarantine.ts')).registerQuarantine,
  receipt: async () => (await import('./commands/receipt.ts')).registerReceipt,
  snapshot: async () => (await import('./commands/snapshot.ts')).registerSnapshot,
  campaigns: async () => (await import('./commands/campaigns.ts')).registerCampaigns,
  keys: async () => (await import('./commands/keys.ts')).registerKeys,
  contract: async () => (await import('./commands/contract.ts')).registerContract,
  holds,
  approve: holds,
  discard: holds,
  accounts: async () => (await import('./commands/accounts.ts')).registerAccounts,
  values: async () => (await import('./commands/values.ts')).registerValues,
  exceptions: async () => (await import('./commands/exceptions.ts')).registerExceptions,
  review: async () => (await import('./commands/review.ts')).registerReview,
  revert: async () => (await import('./commands/revert.ts')).registerRevert,
  users: async () => (await import('./commands/users.ts')).registerUsers,
  tokens: async () => (await import('./commands/tokens.ts')).registerTokens,
  consumers: async () => (await import('./commands/consumers.ts')).registerConsumers,
  audit: async () => (await import('./commands/audit.ts')).registerAudit,
  hash: async () => (await import('./commands/hash.ts')).registerHash,
  start: async () => (await import('./commands/start.ts')).registerStart,
  worker: async () => (await import('./commands/worker.ts')).registerWorker,
  migrate: async () => (await import('./commands/migrate.ts')).registerMigrate,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
};

/** All of them for a word that is none: help lists them, and a slip of the pen is told what it resembles. */
async function registersFor(word: string | undefined): Promise<ReadonlySet<Register>> {
  const called = Object.entries(COMMANDS).filter(([name]) => name === word);
  const loaders = called.length > 0 ? called : Object.entries(COMMANDS);
  return new Set(await Promise.all(loaders.map(([, load]) => load())));
}

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
    for (const register of await registersFor(process.argv[2])) register(program, cli);
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
