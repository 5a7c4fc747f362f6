/** The planning system's own copy, in SQLite: one snapshot at a time, replaced whole or not at all. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { DatabaseSync } from 'node:sqlite';
import { RefusedError } from './api-client.ts';
import type { Manifest } from './verify.ts';

export interface Imported {
  id: string;
  version: number;
  fingerprint: string;
  imported: number;
  rejected: number;
}
type Field = NonNullable<Manifest['resources'][number]['schema']>['fields'][number];
type Cell = string | number | null;

export interface Roster {
  db: DatabaseSync;
  /** The snapshot that stands; null before the first. */
  standing(): Imported | null;
  /** @throws RefusedError for an older version than the one that stands */
  replace(manifest: Manifest, file: string, fields: readonly Field[]): Promise<Imported>;
  close(): void;
}

/** Names of columns go into statements. @throws RefusedError */
function columnOf({ name }: Field): string {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) throw new RefusedError(`a column is called ${JSON.stringify(name)}`);
  return name;
}
const cellOf = (value: unknown): Cell =>
  value === null || value === undefined ? null : Array.isArray(value) ? JSON.stringify(value) : (value as Cell);

const isWhole = (row: Record<string, unknown>, fields: readonly Field[]): boolean =>
  fields.every(({ name, constraints }) => !constraints?.required || (row[name] !== null && row[name] !== ''));

export function openRoster(file: string): Roster {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS imported (
      one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, version INTEGER NOT NULL, fingerprint TEXT NOT NULL,
      imported INTEGER NOT NULL, rejected INTEGER NOT NULL) STRICT`);
  const standing = (): Imported | null =>
    (db.prepare('SELECT id, version, fingerprint, imported, rejected FROM imported').get() as Imported | undefined) ??
    null;

  async function fill(file: string, fields: readonly Field[]): Promise<{ imported: number; rejected: number }> {
    const columns = fields.map(columnOf);
    db.exec('DROP TABLE IF EXISTS roster');
    db.exec(`CREATE TABLE roster (place INTEGER PRIMARY KEY, ${columns.join(', ')})`);
    const insert = db.prepare(`INSERT INTO roster VALUES (?${', ?'.repeat(columns.length)})`);
    const count = { imported: 0, rejected: 0 };
    for await (const line of createInterface({
      input: createReadStream(file, 'utf8'),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const row = JSON.parse(line) as Record<string, unknown>;
      if (isWhole(row, fields)) {
        count.imported += 1;
        insert.run(count.imported, ...columns.map((name) => cellOf(row[name])));
      } else count.rejected += 1;
    }
    return count;
  }
  return {
    db,
    standing,
    replace: async (manifest, file, fields) => {
      const { version, fingerprint } = manifest.mingce;
      const stands = standing();
      if (stands !== null && stands.version > version)
        throw new RefusedError(`${manifest.name} is older than ${stands.id}, which stands`);
      db.exec('BEGIN IMMEDIATE');
      try {
        const whole = { id: manifest.name, version, fingerprint, ...(await fill(file, fields)) };
        const { rows } = manifest.resources.find((r) => file.endsWith(r.path)) ?? { rows: -1 };
        if (whole.imported + whole.rejected !== rows) throw new RefusedError(`${rows} rows were signed, others came`);
        db.prepare(
          `INSERT INTO imported VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
           SET id = excluded.id, version = excluded.version, fingerprint = excluded.fingerprint, imported = excluded.imported, rejected = excluded.rejected`,
        ).run(whole.id, version, fingerprint, whole.imported, whole.rejected);
        db.exec('COMMIT');
        return whole;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}
