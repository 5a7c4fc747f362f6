/** The lines that a held plan is hashed of. SQL. */

/** @param line SQL of a text */
export const lineDigest = (line: string): string => `sha256(convert_to(${line}, 'UTF8'))`;

/** Of a row of `ops.held_record`, or of one like it. @param r alias */
export const recordLine = (r: string): string =>
  `jsonb_build_array(${['what', 'source', 'key', 'detail'].map((column) => `${r}.${column}`).join(', ')})::text`;
