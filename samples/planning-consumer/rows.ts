/** A row as the copy keeps it, and the line that it came as: what was signed can be written again. */
import { RefusedError } from './api-client.ts';

export interface Field {
  name: string;
  type: string;
  constraints?: { required?: boolean };
}
export type Row = Record<string, unknown>;
export type Cell = string | number | null;

/** Names of columns go into statements. @throws RefusedError */
export function columnOf({ name }: Field): string {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) throw new RefusedError(`a column is called ${JSON.stringify(name)}`);
  return name;
}

const cellOf = (value: unknown): Cell =>
  value === null || value === undefined ? null : Array.isArray(value) ? JSON.stringify(value) : (value as Cell);
export const cellsOf = (row: Row, fields: readonly Field[]): Cell[] => fields.map(({ name }) => cellOf(row[name]));

/** The line of JSON Lines that a row of the copy came as. */
export function lineOf(stored: Readonly<Record<string, Cell>>, fields: readonly Field[]): string {
  const values = fields.map(({ name, type }) => {
    const cell = stored[name] ?? null;
    return [name, type === 'array' && cell !== null ? JSON.parse(String(cell)) : cell] as const;
  });
  return `${JSON.stringify(Object.fromEntries(values))}\n`;
}

/** Whether the planning system can use the row. */
export const isWhole = (row: Row, fields: readonly Field[]): boolean =>
  fields.every(({ name, constraints }) => !constraints?.required || (row[name] !== null && row[name] !== ''));
