/** The lines that a held plan is hashed of. SQL. */
import { REVERTED } from '../reverts/reverted.ts';

/** @param line SQL of a text */
export const lineDigest = (line: string): string => `sha256(convert_to(${line}, 'UTF8'))`;

/** Of a row of `ops.held_record`, or of one like it. @param r alias */
export const recordLine = (r: string): string =>
  `jsonb_build_array(${['what', 'source', 'key', 'detail'].map((column) => `${r}.${column}`).join(', ')})::text`;

/** Whether a line undoes what a run did; no source says it. @param c alias of `ops.plan_change` */
export const isUndoing = (c: string): string => `${c}.reason = '${REVERTED}'`;
