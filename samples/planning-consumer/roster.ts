/**
 * The planning system's own copy, in SQLite: one snapshot at a time, changed wholly or not at all. A row keeps its number (`id`) for as long as the delta says that it is the same
 * person or school, so what the planning system hangs on it stays. After a delta the copy is written out as lines and must be what was signed.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { DatabaseSync } from 'node:sqlite';
import { RefusedError } from './api-client.ts';
import type { Operation } from './delta.ts';
import { type Cell, cellsOf, columnOf, type Field, isWhole, lineOf, type Row } from './rows.ts';
import type { Manifest } from './verify.ts';

export interface Imported {
  id: string;
  version: number;
  fingerprint: string;
  imported: number;
  rejected: number;
}

/** The rows of a snapshot, as its manifest tells them. */
export interface Signed {
  manifest: Manifest;
  fields: readonly Field[];
  rows: number;
  /** Of the file of JSON Lines. */
  hash: string;
}

export interface Roster {
  db: DatabaseSync;
  /** The snapshot that stands; null before the first. */
  standing(): Imported | null;
  /** @throws RefusedError for an older version than the one that stands */
  replace(signed: Signed, file: string): Promise<Imported>;
  /** @throws RefusedError where what comes of it is not what was signed */
  apply(signed: Signed, operations: AsyncIterable<Operation>): Promise<Imported>;
  close(): void;
}

/** Two rows of a kind never have the same. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'teacher-plan': ['id_digest'],
  'school-plan': ['institution_code', 'section'],
};

/** Of a planning year and kind; another year begins with its own first version. */
const planOf = (id: string): string => id.replace(/-v\d+$/, '');

export function openRoster(file: string): Roster {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS imported (
      one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, version INTEGER NOT NULL, fingerprint TEXT NOT NULL,
      imported INTEGER NOT NULL, rejected INTEGER NOT NULL) STRICT`);
  const standing = (): Imported | null =>
    (db.prepare('SELECT id, version, fingerprint, imported, rejected FROM imported').get() as Imported | undefined) ??
    null;

  /** All in one transaction. */
  async function within({ manifest }: Signed, work: () => Promise<void>): Promise<Imported> {
    const { version, fingerprint } = manifest.mingce;
    const stands = standing();
    if (stands !== null && planOf(stands.id) === planOf(manifest.name) && stands.version > version)
      throw new RefusedError(`${manifest.name} is older than ${stands.id}, which stands`);
    db.exec('BEGIN IMMEDIATE');
    try {
      await work();
      const count = (taken: number): number =>
        db.prepare('SELECT count(*) AS n FROM roster WHERE taken = ?').get(taken)?.n as number;
      const whole = { id: manifest.name, version, fingerprint, imported: count(1), rejected: count(0) };
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
  }

  /** What the table was made with; `taken`: whether the planning system can use the row. */
  function makeTable({ fields, manifest }: Signed): void {
    const columns = fields.map(columnOf);
    db.exec('DROP TABLE IF EXISTS roster');
    db.exec(
      `CREATE TABLE roster (id INTEGER PRIMARY KEY, place INTEGER, taken INTEGER NOT NULL, ${columns.join(', ')})`,
    );
    const key = KEYS[manifest.mingce.kind] ?? [];
    if (key.length > 0 && key.every((column) => columns.includes(column)))
      db.exec(`CREATE UNIQUE INDEX roster_key ON roster (${key.join(', ')})`);
  }
  function inserting(fields: readonly Field[], place: 'place' | 'comes'): (at: number, row: Row) => void {
    const columns = fields.map(columnOf);
    const insert = db.prepare(
      `INSERT INTO roster (${place}, taken, ${columns.join(', ')}) VALUES (?, ?${', ?'.repeat(columns.length)})`,
    );
    return (at, row) => insert.run(at, isWhole(row, fields) ? 1 : 0, ...cellsOf(row, fields));
  }

  /** Rows that stay are counted through between those whose place is told. */
  function renumber(): void {
    const told = new Set(
      db
        .prepare('SELECT comes FROM roster WHERE comes IS NOT NULL')
        .all()
        .map(({ comes }) => comes as number),
    );
    const move = db.prepare('UPDATE roster SET comes = ? WHERE id = ?');
    let at = 0;
    for (const { id } of db.prepare('SELECT id FROM roster WHERE comes IS NULL ORDER BY place').all()) {
      do at += 1;
      while (told.has(at));
      move.run(at, id as number);
    }
    db.exec('UPDATE roster SET place = comes');
  }

  function holdToSigned({ fields, hash, rows }: Signed): void {
    const digest = createHash('sha256');
    let count = 0;
    for (const row of db.prepare('SELECT * FROM roster ORDER BY place').iterate()) {
      digest.update(lineOf(row as Record<string, Cell>, fields));
      count += 1;
    }
    if (count !== rows || `sha256:${digest.digest('hex')}` !== hash)
      throw new RefusedError('what comes of the delta is not what was signed');
  }

  return {
    db,
    standing,
    replace: (signed, from) =>
      within(signed, async () => {
        const { fields, rows } = signed;
        makeTable(signed);
        const insert = inserting(fields, 'place');
        let place = 0;
        for await (const line of createInterface({
          input: createReadStream(from, 'utf8'),
          crlfDelay: Number.POSITIVE_INFINITY,
        })) {
          place += 1;
          insert(place, JSON.parse(line) as Row);
        }
        if (place !== rows) throw new RefusedError(`${rows} rows were signed, others came`);
      }),
    apply: (signed, operations) =>
      within(signed, async () => {
        const { fields } = signed;
        const columns = fields.map(columnOf);
        db.exec('ALTER TABLE roster ADD COLUMN comes INTEGER');
        db.exec('CREATE INDEX roster_place ON roster (place)');
        const insert = inserting(fields, 'comes');
        const gone = db.prepare('DELETE FROM roster WHERE place = ?');
        const set = columns.map((column) => `${column} = ?`).join(', ');
        const update = db.prepare(`UPDATE roster SET comes = ?, taken = ?, ${set} WHERE place = ?`);
        for await (const { op, was, at, after } of operations) {
          if (op === 'insert' && after && at) insert(at, after);
          else if (op === 'update' && after && at && was)
            update.run(at, isWhole(after, fields) ? 1 : 0, ...cellsOf(after, fields), was);
          else if (op === 'delete' && was) gone.run(was);
          else throw new RefusedError(`the delta holds an operation that is none: ${op}`);
        }
        renumber();
        db.exec('DROP INDEX roster_place');
        db.exec('ALTER TABLE roster DROP COLUMN comes');
        holdToSigned(signed);
      }),
    close: () => db.close(),
  };
}
