/**
 * SQL condition on alias `v` of a version table: as recorded now, and true on a day. A spell that ends on a day is not of that day (R10); one that
 * begins later is not yet.
 * @param day SQL that gives the business day
 */
export const inForce = (v: string, day: string): string =>
  `(${v}.recorded_to = 'infinity' AND ${v}.valid_from <= ${day} AND ${v}.valid_to > ${day})`;
