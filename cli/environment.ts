/** The environment, parsed at the door. */
import { z } from 'zod';
import { UsageError } from './usage-error.ts';

const optional = <T extends z.ZodType>(schema: T) => z.preprocess((v) => (v === '' ? undefined : v), schema.optional());

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const environmentSchema = z.object({
  DATABASE_URL: optional(
    z.url({ protocol: /^postgres(ql)?$/, error: 'expected a URL such as postgres://user@host:5432/mingce' }),
  ),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/, error: 'expected a URL such as redis://host:6379' })),
  MINGCE_HOME: optional(z.string()),
  MINGCE_CONFIG: optional(z.string()),
  MINGCE_KEY_FILE: optional(z.string()),
  MINGCE_CREDENTIAL: optional(z.string()),
  LOG_LEVEL: optional(z.enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` })),
});

export interface Environment {
  databaseUrl: string | null;
  redisUrl: string | null;
  home: string;
  configPath: string | null;
  keyFile: string | null;
  logLevel: string;
  /** Of whoever decides, for `--as`. */
  credential: string | null;
  /** Value of a variable that the configuration names; null where it is not set. */
  secret(name: string): string | null;
}

/** @throws UsageError naming the variable and what was expected; the value of an URL is not shown, it may hold a password */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const parsed = environmentSchema.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0]);
    const value = name === 'LOG_LEVEL' ? ` (value: ${env[name]})` : '';
    throw new UsageError(`environment variable ${name}: ${issue?.message}${value}`);
  }
  const values = parsed.data;
  if (values.DATABASE_URL && !values.MINGCE_KEY_FILE) {
    throw new UsageError(
      'environment variable MINGCE_KEY_FILE is not set: with DATABASE_URL, expected the path of a file with base64 of 32 random bytes, kept outside the database',
    );
  }
  return {
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    home: values.MINGCE_HOME ?? '.mingce',
    configPath: values.MINGCE_CONFIG ?? null,
    keyFile: values.MINGCE_KEY_FILE ?? null,
    logLevel: values.LOG_LEVEL ?? 'warn',
    credential: values.MINGCE_CREDENTIAL ?? null,
    secret: (name) => env[name] || null,
  };
}
