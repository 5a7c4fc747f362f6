/**
 * The one way to reach PostgreSQL. Every session speaks Asia/Taipei and reads dates and moments as text: a JavaScript Date would
 * shift 1974-04-01 (no midnight in Taipei) and lose microseconds of recorded time.
 */
import knex, { type Knex } from 'knex';
import pg from 'pg';

export type Database = Knex;
export type Transaction = Knex.Transaction;

const OID = { int8: 20, date: 1082, timestamp: 1114, timestamptz: 1184 } as const;

/** `2024-08-02 17:00:00.5+08` as PostgreSQL prints it → `2024-08-02T17:00:00.5+08:00`. */
export const isoMoment = (text: string): string =>
  text.endsWith('+08')
    ? `${text.slice(0, 10)}T${text.slice(11)}:00`
    : text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');

const parsers: Record<number, (text: string) => unknown> = {
  [OID.int8]: Number,
  [OID.date]: (text) => text,
  [OID.timestamp]: (text) => text,
  [OID.timestamptz]: isoMoment,
};

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => parsers[oid] ?? pg.types.getTypeParser(oid, format),
};

const SILENT = (): void => undefined;

/** @param url postgres URL. The pool is lazy; `destroy()` it at the end. */
export function connect(url: string, options: { max?: number; name?: string } = {}): Database {
  return knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: options.name ?? 'mingce',
      options: '-c timezone=Asia/Taipei -c jit=off',
      types,
    } as Knex.PgConnectionConfig,
    // An error shows the statement with its places, never the values bound to them (I8).
    compileSqlOnError: false,
    // knex would write its warnings to stdout, which carries the answer only; what goes wrong is thrown to the caller all the same.
    log: { warn: SILENT, error: SILENT, deprecate: SILENT, debug: SILENT },
    pool: { min: 0, max: options.max ?? 10 },
  });
}
