/** Schedules as rows of ours: the queue's own copy may be lost with the queue, and is written anew from here. */
import type { Database } from './connect.ts';

export interface Schedule {
  name: string;
  /** `HH:MM`, in `time_zone`. */
  at_time: string;
  time_zone: string;
  enabled: boolean;
}

/** The configuration's time of day becomes the row; a row that an operator switched off stays off. */
export async function saveSchedule(db: Database, schedule: Omit<Schedule, 'enabled'>): Promise<void> {
  await db('ops.schedule')
    .insert(schedule)
    .onConflict('name')
    .merge({ at_time: schedule.at_time, time_zone: schedule.time_zone });
}

export const listSchedules = (db: Database): Promise<Schedule[]> =>
  db('ops.schedule')
    .select('name', db.raw(`to_char(at_time, 'HH24:MI') AS at_time`), 'time_zone', 'enabled')
    .orderBy('name');

export interface Slot {
  /** Names the firing once and for all, `nightly@2024-08-01T02:00`: two schedulers asking for it get one run. */
  slot: string;
  at: string;
  taken: boolean;
  /** Minutes since it was due. */
  late: number;
}

/** The newest firing of a schedule that is due at `now`. */
export async function dueSlot(db: Database, name: string, now: string): Promise<Slot> {
  const { rows } = await db.raw(
    `WITH local AS (SELECT s.*, (?::timestamptz AT TIME ZONE s.time_zone) AS t FROM ops.schedule s WHERE s.name = ?),
     due AS (SELECT name, time_zone, t, CASE WHEN t::time >= at_time THEN t::date ELSE t::date - 1 END + at_time AS due FROM local)
     SELECT name || '@' || to_char(due, 'YYYY-MM-DD"T"HH24:MI') AS slot, (due AT TIME ZONE time_zone) AS at,
            (extract(epoch FROM t - due) / 60)::integer AS late,
            EXISTS (SELECT 1 FROM ops.run r WHERE r.slot = name || '@' || to_char(due, 'YYYY-MM-DD"T"HH24:MI')
                    OR r.slot LIKE name || '@' || to_char(due, 'YYYY-MM-DD"T"HH24:MI') || ' failed %') AS taken
     FROM due`,
    [now, name],
  );
  return rows[0];
}
