/** The configuration file, parsed at the door. One schema gives the check, the type and the published JSON Schema. Long because every key stands here. */
import { z } from 'zod';
import { accountsConfig } from './account-rules.ts';
import { PLAN_KINDS } from './campaign.ts';
import { ACCOUNT_COLUMNS, COURSE_COLUMNS, STAFF_COLUMNS } from './columns.ts';
import { consumerName } from './consumers.ts';
import { contractConfig } from './drift.ts';
import { guardsConfig } from './guards.ts';
import { SECTIONS } from './records.ts';
import { userName } from './users.ts';

const isoMoment = z.iso.datetime({ offset: true });
/** Of the variable that holds a secret. `cli/named-secrets.ts` finds what is marked so, and asks for it before anything begins. */
const secretVariable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/)
  .meta({ secret: 'variable' });
const secretFile = z.string().min(1).meta({ secret: 'file' });
const sourceName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);

/** Institutions are told by code and section; a school's API or bundle may leave the section out. */
const schoolCode = z
  .string()
  .regex(/^\d{3}[0-9A-Z]\d{2}$/, 'expected a school code of 6 characters in quotes, "064601"');

const sftpConfig = z
  .strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65535).default(22),
    user: z.string().min(1),
    /** Private key without a passphrase, relative to the configuration file. */
    keyFile: secretFile.optional(),
    /** Name of the environment variable that holds the password. */
    passwordEnv: secretVariable.optional(),
    /** Fingerprint of the server's key, as `ssh-keygen -lf` prints it: another server is never spoken to. */
    hostKey: z
      .string()
      .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'expected a fingerprint as ssh-keygen -lf prints it, SHA256:…'),
    folder: z.string().min(1),
    timeoutSeconds: z.number().positive().default(30),
  })
  .refine((sftp) => (sftp.keyFile === undefined) !== (sftp.passwordEnv === undefined), {
    error: 'give either keyFile or passwordEnv',
  });
export type SftpConfig = z.infer<typeof sftpConfig>;

const anySource = {
  name: sourceName,
  /** What to do when the shape of what comes is not as agreed, or not as it was. */
  contract: contractConfig,
  /** Something new is expected at least so often (of files: from each school that ever sent one); late is an exception. */
  expectEveryDays: z.int().positive().optional(),
};
const apiSource = {
  ...anySource,
  url: z.url({ protocol: /^https?$/ }),
  /** Where tokens are given; absent: `/oauth/token` below `url`. */
  tokenUrl: z.url({ protocol: /^https?$/ }).optional(),
  requestTimeoutSeconds: z.number().positive().default(30),
  maxResponseBytes: z
    .int()
    .positive()
    .default(64 * 1024 * 1024),
  maxRetryAfterSeconds: z.number().positive().default(120),
  retryPauseSeconds: z.number().nonnegative().default(0.5),
};

const fileSource = {
  ...anySource,
  /** Folder that files arrive in, relative to the data folder (MINGCE_HOME) unless absolute. */
  inbox: z.string().min(1).optional(),
  /** Or a folder on a server. */
  sftp: sftpConfig.optional(),
  /** Seconds for which a file must have been as it is: who uploads slowly may pause. */
  stableSeconds: z.number().nonnegative().max(600).default(10),
  /** Largest file taken, in bytes. */
  maxBytes: z
    .int()
    .positive()
    .default(512 * 1024 * 1024),
  /** Users who put files there: they do not decide on what is held of it (I6). */
  handedInBy: z.array(userName).optional(),
};

/** Files that schools hand in themselves. */
const schoolFiles = {
  ...fileSource,
  /** Folder that receipts (回條) are written to, one folder per school in it; beside the inbox when left out. */
  receipts: z.string().min(1).optional(),
};

const oneRoster = {
  /** Codes of the schools that may be spoken for; those of others are quarantined. */
  schools: z.array(schoolCode).min(1),
  /** Which of a person's ids is the national one: a type of `userIds`, or a column or field (`identifier`, `metadata.nationalId`). */
  identifier: z
    .strictObject({
      userIdType: z.string().min(1).optional(),
      field: z.string().min(1).optional(),
      /** It is 身分證編碼, the SHA-256 of the id. */
      hashed: z.boolean().default(false),
    })
    .refine((id) => (id.userIdType === undefined) !== (id.field === undefined), 'give userIdType or field, one of them')
    .optional(),
  /** Column or field with 職稱; absent: a reading of the role. */
  titleField: z.string().min(1).optional(),
  /** How dates such as 1/05/2023 are meant; absent: only those are read that can mean one day. */
  dateOrder: z.enum(['month-first', 'day-first']).optional(),
};
export type OneRosterSettings = z.infer<z.ZodObject<typeof oneRoster>>;

/** How a system lays its rosters out; without one a file's titles tell, and `plain` is what most of them are. */
export const ROSTER_PROFILES = ['plain', 'sfs3', 'eschool'] as const;
export type RosterProfile = (typeof ROSTER_PROFILES)[number];

/** Titles of one system or school, and the canonical column that each stands for; `ignore` for one that means something else there. */
const columnMapping = (columns: readonly string[]) =>
  z.record(z.string().trim().min(1), z.enum([...columns, 'ignore']));

/** What all files of a source have, and what those of single schools have besides. */
const layout = <T extends z.ZodRawShape>(shape: T) => ({
  ...shape,
  schools: z.record(schoolCode, z.strictObject(shape)).optional(),
});
const rosterLayout = layout({
  profile: z.enum(ROSTER_PROFILES).optional(),
  columns: columnMapping(STAFF_COLUMNS).optional(),
});
const courseLayout = layout({ columns: columnMapping(COURSE_COLUMNS).optional() });
const accountLayout = layout({ columns: columnMapping(ACCOUNT_COLUMNS).optional() });

export const sourceConfig = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('institution-list'),
    ...anySource,
    /** CSV of institutions, relative to the configuration file. */
    path: z.string().min(1),
    /** `moe-schools` is one of the ministry's lists, each of one section; `moe-kindergartens` its list of kindergartens. */
    layout: z.enum(['schools', 'moe-schools', 'moe-kindergartens']),
    /** Section of a list that has no such column. */
    section: z.enum(SECTIONS).optional(),
    /** Only rows of this county are taken: the ministry's lists are of the whole country. */
    county: z.string().min(1).optional(),
  }),
  z.strictObject({
    type: z.literal('care-system'),
    ...anySource,
    url: z.url({ protocol: /^https?$/ }),
    clientId: z.string().min(1),
    /** Name of the environment variable that holds the client secret. */
    clientSecretEnv: secretVariable,
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
    /** First pause before a request that failed is tried again; each further one is twice as long. */
    retryPauseSeconds: z.number().nonnegative().default(0.5),
    /** Institutions and staff are walked beside each other; false for a server that allows one request at a time. */
    parallelLists: z.boolean().default(true),
    /** Ask only for what changed since the last landed picture, where that is sound. */
    delta: z.boolean().default(false),
    /** With `delta`: nights after which the complete list is asked for again. */
    completeEveryNights: z.int().min(1).default(7),
  }),
  z.strictObject({
    type: z.literal('cloudschool'),
    ...apiSource,
    /** Below `url`. */
    dataPath: z.string().startsWith('/').default('/semester-data'),
    /** Of one school: token and answer, with all pauses. */
    walkTimeoutSeconds: z.number().positive().default(300),
    /** 學年 and 學期 that answers should be of, `1131`; another one is noted. */
    term: z
      .string()
      .regex(/^\d{3}[12]$/)
      .optional(),
    /** One client per school; a code stands once. */
    schools: z
      .array(
        z.strictObject({
          code: schoolCode,
          section: z.enum(SECTIONS).optional(),
          clientId: z.string().min(1),
          clientSecretEnv: secretVariable,
        }),
      )
      .min(1)
      .refine((schools) => new Set(schools.map((s) => s.code)).size === schools.length, 'a school code stands twice'),
  }),
  z.strictObject({ type: z.literal('oneroster-files'), ...fileSource, ...oneRoster }),
  z.strictObject({
    type: z.literal('oneroster-api'),
    ...apiSource,
    ...oneRoster,
    version: z.enum(['1.1', '1.2']),
    /** Below `url`; absent: where the standard puts it. */
    servicePath: z.string().startsWith('/').optional(),
    clientId: z.string().min(1),
    clientSecretEnv: secretVariable,
    /** Client and secret go to the token's address in a header, or in the form. */
    credentialsIn: z.enum(['header', 'form']).default('header'),
    scope: z.string().min(1).optional(),
    pageSize: z.int().min(1).max(5000).default(2000),
    walkTimeoutSeconds: z.number().positive().default(900),
    /** `filter` of the request for users, such as `role!='student'`. */
    userFilter: z.string().min(1).optional(),
    /** Ask for birth date and sex too. */
    demographics: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal('roster-files'),
    ...schoolFiles,
    ...rosterLayout,
    complete: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal('account-files'),
    ...schoolFiles,
    ...accountLayout,
    complete: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal('course-files'),
    ...schoolFiles,
    ...courseLayout,
    complete: z.boolean().default(true),
    /** What 處理狀態 may say; a course with another state is kept, with a warning. */
    states: z
      .array(z.string().trim().min(1))
      .min(1)
      .default(['申請中', '開放報名', '報名截止', '名單確認中', '名單確認通過', '取消']),
  }),
  z.strictObject({
    type: z.literal('kindergarten-map'),
    ...fileSource,
    maxBytes: z
      .int()
      .positive()
      .default(16 * 1024 * 1024),
  }),
]);
export type SourceConfig = z.infer<typeof sourceConfig>;
export type SourceConfigOf<T extends SourceConfig['type']> = Extract<SourceConfig, { type: T }>;

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];
const isSafe = (url: string): boolean => {
  const { protocol, hostname, username, password } = new URL(url);
  return (protocol === 'https:' || LOOPBACK.includes(hostname)) && username === '' && password === '';
};

/** Where a consumer is told of a new snapshot (Standard Webhooks). */
const webhookConfig = z.strictObject({
  consumer: consumerName,
  /** Of which snapshots it is told. */
  kinds: z.array(z.enum(PLAN_KINDS)).min(1),
  url: z.url({ protocol: /^https?$/ }).refine((url) => !URL.canParse(url) || isSafe(url), {
    error: 'expected https, or http of this machine, without a user in it',
  }),
  /** Name of the environment variable that holds the secret: `whsec_` and base64 of 24 to 64 bytes. */
  secretEnv: secretVariable,
  /** First pause before it is tried again; each further one is twice as long. */
  retryPauseSeconds: z.number().positive().default(5),
});
export type WebhookConfig = z.infer<typeof webhookConfig>;

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
        /** Years that superseded versions of what the warehouse knows are kept (個資法 §11); as of an earlier moment nothing is answered. */
        historyYears: z.int().min(1).max(100).default(5),
      })
      .prefault({}),
    users: z
      .strictObject({
        /** Days after which whoever did not sign in is let in no more until an ops person renews the credential. */
        idleDays: z.int().positive().default(90),
      })
      .prefault({}),
    guards: guardsConfig,
    accounts: accountsConfig,
    /** Who is missing from complete lists for so many nights in a row may be confirmed to have left; left out: nobody is asked about. */
    absence: z.strictObject({ nights: z.int().min(1).max(366) }).optional(),
    web: z
      .strictObject({
        host: z.string().default('127.0.0.1'),
        port: z.int().min(0).max(65535).default(4080),
        api: z
          .strictObject({
            /** Of one token. */
            requestsPerMinute: z.int().positive().default(600),
          })
          .prefault({}),
      })
      .prefault({}),
    webhooks: z.array(webhookConfig).default([]),
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
    const told = config.webhooks.map(({ consumer }) => consumer);
    for (const [i, consumer] of told.entries()) {
      if (told.indexOf(consumer) !== i)
        ctx.addIssue({
          code: 'custom',
          path: ['webhooks', i, 'consumer'],
          message: `"${consumer}" stands twice; one webhook for each consumer`,
        });
    }
    for (const [i, source] of config.sources.entries()) {
      if ('maxBytes' in source && (source.inbox === undefined) === (source.sftp === undefined))
        ctx.addIssue({ code: 'custom', path: ['sources', i], message: 'give either inbox or sftp' });
      if (source.type === 'institution-list' && source.layout === 'moe-schools' && source.section === undefined) {
        ctx.addIssue({
          code: 'custom',
          path: ['sources', i, 'section'],
          message: 'the list names no section: say which it is of (國小, 國中, 高中, 特教)',
        });
      }
    }
    if (config.rehearsal && !config.simulation) {
      ctx.addIssue({ code: 'custom', path: ['rehearsal'], message: 'a rehearsal needs simulation: true' });
    }
  });
export type Config = z.infer<typeof configSchema>;
