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

/** SQL condition on alias `v` of `warehouse.<entity>_version`, with named bindings of `SnapshotMoments`. */
export const visible = (v: string, entity: 'institution' | 'person' | 'assignment' | 'account'): string => `(
    ${v}.recorded_from <= :through AND ${v}.registered_at < :cutOff AND ${v}.valid_from <= :day AND ${v}.valid_to > :day
    AND (${v}.recorded_to > :through OR NOT EXISTS (
      SELECT 1 FROM warehouse.${entity}_version AS newer
      WHERE newer.${entity}_id = ${v}.${entity}_id AND newer.recorded_from >= ${v}.recorded_to
        AND newer.recorded_from <= :through AND newer.registered_at < :cutOff)
      AND NOT EXISTS (
        SELECT 1 FROM warehouse.withdrawal AS taken
        WHERE taken.entity = '${entity}' AND taken.entity_id = ${v}.${entity}_id AND taken.recorded_at >= ${v}.recorded_to AND taken.recorded_at <= :through)))`;
