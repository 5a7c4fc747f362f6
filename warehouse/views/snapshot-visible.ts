/**
 * Which version of an entity a snapshot sees (R24): registered before the cut-off, as recorded through a moment. A version that was replaced
 * stays visible when nothing that replaced it is: a change registered at or after the cut-off leaves the older version in. Then it must be
 * valid on the cut-off's day. What was taken back with the run that had brought it is seen by none that knows so. Recorded time strictly increases with commits, so the answer for given moments never changes.
 */

/** Bindings that `visible` needs. */
export interface SnapshotMoments {
  /** Last recorded moment that is in. */
  through: string;
  /** Exclusive. */
  cutOff: string;
  /** The cut-off's day in Asia/Taipei. */
  day: string;
}

type Versioned = 'institution' | 'person' | 'assignment' | 'account';

/** SQL: recorded and registered in time, and valid on the day. */
const inTime = (v: string): string =>
  `${v}.recorded_from <= :through AND ${v}.registered_at < :cutOff AND ${v}.valid_from <= :day AND ${v}.valid_to > :day`;

/** SQL: of one that was replaced, that nothing in time replaced it and nobody took it back. */
const stillStands = (v: string, entity: Versioned): string => `NOT EXISTS (
      SELECT 1 FROM warehouse.${entity}_version AS newer
      WHERE newer.${entity}_id = ${v}.${entity}_id AND newer.recorded_from >= ${v}.recorded_to
        AND newer.recorded_from <= :through AND newer.registered_at < :cutOff)
    AND NOT EXISTS (
      SELECT 1 FROM warehouse.withdrawal AS taken
      WHERE taken.entity = '${entity}' AND taken.entity_id = ${v}.${entity}_id AND taken.recorded_at >= ${v}.recorded_to AND taken.recorded_at <= :through)`;

/** SQL condition on alias `v` of `warehouse.<entity>_version`, with named bindings of `SnapshotMoments`. */
export const visible = (v: string, entity: Versioned): string => `(
    ${inTime(v)} AND (${v}.recorded_to > :through OR ${stillStands(v, entity)}))`;

/**
 * SQL: columns of the versions that are visible. Of a million rows it is the faster one: what was not replaced is told apart first, and what was is looked for by joins, which the
 * server can share among its processes, and not row by row.
 * @param columns of alias `v`
 */
export const visibleVersions = (entity: Versioned, columns: string): string => `
  SELECT ${columns} FROM warehouse.${entity}_version v WHERE ${inTime('v')} AND v.recorded_to > :through
  UNION ALL
  SELECT ${columns} FROM warehouse.${entity}_version v WHERE ${inTime('v')} AND v.recorded_to <= :through AND ${stillStands('v', entity)}`;
