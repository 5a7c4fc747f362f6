/** What holds on the night of a run and is overwritten by the next: read at the report stage and kept with the run. */
import type { PendingRecord, QuarantineGroup, RunPicture } from '../../schemas/outputs/report.ts';
import type { Database, Transaction } from '../connect.ts';
import { inForce } from './in-force.ts';

const EXAMPLES = 3;
/** A whole school may be missing; the report needs no more names than a reader can ask about. */
const MISSING_NAMES = 60;

type Handle = Database | Transaction;

async function totals(db: Handle, day: string): Promise<RunPicture['totals']> {
  const { rows } = await db.raw(
    `WITH unit AS (SELECT v.* FROM warehouse.institution_version v WHERE ${inForce('v', ':day')}),
     serving AS (
       SELECT a.person_id, u.path FROM warehouse.assignment a
       JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${inForce('v', ':day')}
       JOIN unit u ON u.institution_id = a.institution_id),
     open AS (SELECT path FROM unit WHERE status = '營業中')
     SELECT (SELECT count(*) FROM open WHERE path = 'school') AS schools,
            (SELECT count(*) FROM open WHERE path = 'kindergarten') AS kindergartens,
            (SELECT count(DISTINCT person_id) FROM serving) AS people,
            (SELECT count(DISTINCT person_id) FROM serving WHERE path = 'school') AS "schoolPeople",
            (SELECT count(DISTINCT person_id) FROM serving WHERE path = 'kindergarten') AS "kindergartenPeople",
            (SELECT count(*) FROM warehouse.account_version v WHERE ${inForce('v', ':day')}) AS accounts`,
    { day },
  );
  return rows[0];
}

async function pending(db: Handle): Promise<PendingRecord[]> {
  const { rows } = await db.raw(
    `SELECT p.source, p.institution_code AS "institutionCode", p.kind, p.name, p.review, p.reviewing, p.has_previous AS "hasPrevious",
            coalesce(r.clock::date, current_date) AS since
     FROM landing.pending p LEFT JOIN ops.run r ON r.id = p.first_run_id
     ORDER BY p.source, p.institution_code COLLATE "C", p.kind, p.name COLLATE "C", p.key COLLATE "C"`,
  );
  return rows;
}

/** A row counts under the first thing that made it unusable; its other faults are on the receipt of the school. */
async function quarantine(db: Handle): Promise<QuarantineGroup[]> {
  const { rows } = await db.raw(
    `WITH rejected AS (
       SELECT q.source, q.issues->0 AS issue, o.name AS object, q.row_no,
              row_number() OVER (PARTITION BY q.source, q.issues->0->>'code' ORDER BY q.object_id, q.row_no) AS nth
       FROM landing.quarantine q JOIN landing.object o ON o.id = q.object_id
       WHERE q.resolved_run_id IS NULL AND q.severity = 'row')
     SELECT source, issue->>'code' AS code, count(*) AS rows,
            jsonb_agg(jsonb_build_object('object', object, 'row', row_no, 'column', issue->'column', 'value', issue->'value',
                                         'params', coalesce(issue->'params', '{}')) ORDER BY nth) FILTER (WHERE nth <= ${EXAMPLES}) AS examples
     FROM rejected GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`,
  );
  return rows;
}

async function warnings(db: Handle): Promise<RunPicture['warnings']> {
  const { rows } = await db.raw(
    'SELECT source, code, rows FROM landing.warning ORDER BY source COLLATE "C", rows DESC, code',
  );
  return rows;
}

async function drift(db: Handle): Promise<RunPicture['drift']> {
  const { rows } = await db.raw(
    `SELECT s.source, s.form, r.clock AS since, s.drift AS changes, s.accepted AS before, s.observed AS after
     FROM landing.source_shape s JOIN ops.run r ON r.id = s.run_id WHERE s.drift <> '[]' ORDER BY s.source COLLATE "C", s.form`,
  );
  return rows;
}

/** Only people who still serve by our books: one who ended, or whose coming end was told, may well be gone from the list. */
async function missing(db: Handle, day: string): Promise<RunPicture['missing']> {
  const { rows } = await db.raw(
    `SELECT i.source || ':' || i.source_key AS "institutionKey", r.source, count(*) AS people,
            (array_agg(r.name ORDER BY r.name COLLATE "C"))[1:${MISSING_NAMES}] AS names
     FROM landing.staff_record r JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${inForce('v', ':day')}
     JOIN warehouse.institution i ON i.id = a.institution_id
     WHERE r.missing_since IS NOT NULL AND r.end_on IS NULL
       AND NOT EXISTS (SELECT 1 FROM review.hold h JOIN ops.held_record m ON m.run_id = h.last_run_id AND m.hold_key = h.hold_key
                       WHERE h.closed_at IS NULL AND h.state IN ('open', 'approved') AND m.what = 'missing' AND m.source = r.source AND m.key = r.key)
     GROUP BY 1, 2 ORDER BY 1, 2`,
    { day },
  );
  return rows;
}

async function known(db: Handle): Promise<RunPicture['known']> {
  const { rows } = await db.raw(
    `SELECT split_part(source, '/', 1) AS source, count(*) AS parts, min(newest) AS oldest, max(newest) AS newest,
            array_remove(ARRAY[CASE WHEN bool_or(institution) THEN 'institution' END, CASE WHEN bool_or(staff) THEN 'staff' END,
                               CASE WHEN bool_or(account) THEN 'account' END, CASE WHEN bool_or(course) THEN 'course' END], NULL) AS kinds
     FROM (SELECT source, max(as_of) AS newest, EXISTS (SELECT 1 FROM landing.institution_record r WHERE r.source = d.source) AS institution,
                  EXISTS (SELECT 1 FROM landing.staff_record r WHERE r.source = d.source) AS staff,
                  EXISTS (SELECT 1 FROM landing.account_record r WHERE r.source = d.source) AS account,
                  EXISTS (SELECT 1 FROM landing.course_record r WHERE r.source = d.source) AS course
           FROM landing.delivery d GROUP BY source) AS d
     GROUP BY 1 ORDER BY 1`,
  );
  return rows;
}

/** @param day the run's business day: who serves, and which accounts stand, is asked of it */
export async function readPicture(
  db: Handle,
  day: string,
): Promise<Omit<RunPicture, 'nextCutOff' | 'neverClosed' | 'freshness' | 'compliance'>> {
  return {
    totals: await totals(db, day),
    pending: await pending(db),
    quarantine: await quarantine(db),
    warnings: await warnings(db),
    drift: await drift(db),
    missing: await missing(db, day),
    known: await known(db),
  };
}
