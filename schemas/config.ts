/** The configuration file, parsed at the door. One schema gives the check, the type and the published JSON Schema. */
import { z } from 'zod';

const isoMoment = z.iso.datetime({ offset: true });
const sourceName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);

/** Of every kind of source. */
const anySource = {
  name: sourceName,
  /** Something new is expected at least so often (of files: from each school that ever sent one); late is an exception. */
  expectEveryDays: z.int().positive().optional(),
};

const fileSource = {
  ...anySource,
  /** Folder that files arrive in, relative to the data folder (MINGCE_HOME) unless absolute. */
  inbox: z.string().min(1),
  /** Folder that receipts (回條) are written to, one folder per school in it; beside the inbox when left out. */
  receipts: z.string().min(1).optional(),
  /** Largest file taken, in bytes. */
  maxBytes: z
    .int()
    .positive()
    .default(512 * 1024 * 1024),
};

export const sourceConfig = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('institution-list'),
    ...anySource,
    /** CSV of institutions, relative to the configuration file. */
    path: z.string().min(1),
    layout: z.enum(['schools', 'moe-kindergartens']),
  }),
  z.strictObject({
    type: z.literal('care-system'),
    ...anySource,
    url: z.url({ protocol: /^https?$/ }),
    clientId: z.string().min(1),
    /** Name of the environment variable that holds the client secret. */
    clientSecretEnv: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    pageSize: z.int().min(1).max(5000).default(2000),
    /** Seconds one request, and the whole walk, may take. */
    requestTimeoutSeconds: z.number().positive().default(30),
    walkTimeoutSeconds: z.number().positive().default(900),
    maxResponseBytes: z
      .int()
      .positive()
      .default(64 * 1024 * 1024),
    /** Longest `Retry-After` honoured; a longer one fails the source. */
    maxRetryAfterSeconds: z.number().positive().default(120),
  }),
  z.strictObject({ type: z.literal('roster-files'), ...fileSource, complete: z.boolean().default(true) }),
  z.strictObject({ type: z.literal('account-files'), ...fileSource, complete: z.boolean().default(true) }),
]);
export type SourceConfig = z.infer<typeof sourceConfig>;
export type SourceConfigOf<T extends SourceConfig['type']> = Extract<SourceConfig, { type: T }>;

export const configSchema = z
  .strictObject({
    city: z.string().default('臺中市'),
    /** Allows a given clock (`--clock`) and a rehearsal; refused for real operation. */
    simulation: z.boolean().default(false),
    sources: z.array(sourceConfig).min(1),
    /** Campaign files (planning years), relative to the configuration file. */
    campaigns: z.array(z.string()).default([]),
    schedule: z
      .strictObject({
        /** Hour and minute of the nightly run, Asia/Taipei (R12). */
        nightly: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
          .default('02:00'),
      })
      .prefault({}),
    retention: z
      .strictObject({
        /** Days that raw objects (files, pages) are kept; what a current picture or an open quarantine needs stays longer. Left out: for ever. */
        rawDays: z.int().positive().optional(),
      })
      .prefault({}),
    web: z
      .strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65535).default(4080) })
      .prefault({}),
    /** Stand-in sources with a clock of their own, for trying out; needs `simulation: true`. */
    rehearsal: z.strictObject({ seed: z.int().nonnegative(), clocks: z.array(isoMoment).min(1) }).optional(),
  })
  .superRefine((config, ctx) => {
    const names = config.sources.map((s) => s.name);
    for (const [i, name] of names.entries()) {
      if (names.indexOf(name) !== i)
        ctx.addIssue({
          code: 'custom',
          path: ['sources', i, 'name'],
          message: `"${name}" is used twice; each source needs its own name`,
        });
    }
    if (config.rehearsal && !config.simulation) {
      ctx.addIssue({ code: 'custom', path: ['rehearsal'], message: 'a rehearsal needs simulation: true' });
    }
  });
export type Config = z.infer<typeof configSchema>;
