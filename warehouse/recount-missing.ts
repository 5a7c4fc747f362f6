import type { Transaction } from './connect.ts';

/**
 * Landing counts who is absent from a complete list before it is known what the night's plan makes of it. Once the plan is applied, a record whose spells
 * had all ended by the run's day is nobody that its school keeps: another unit registered the person (R08), and the school need not list them any more.
 */
export async function recountMissing(trx: Transaction, runId: number): Promise<void> {
  await trx.raw(
    `UPDATE ops.run_source s SET missing = s.missing - gone.n
     FROM (SELECT r.source, count(*) AS n
           FROM landing.staff_record r JOIN ops.run_source o ON o.run_id = :run AND o.source = r.source AND o.status = 'fresh' AND o.missing > 0
           CROSS JOIN LATERAL (
             SELECT max(v.valid_to) AS served_until FROM warehouse.assignment a
             JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
             WHERE a.source = r.source AND a.source_key = r.key) AS known
           WHERE r.missing_since IS NOT NULL AND r.end_on IS NULL AND known.served_until <= (SELECT clock::date FROM ops.run WHERE id = :run)
           GROUP BY r.source) AS gone
     WHERE s.run_id = :run AND s.source = gone.source`,
    { run: runId },
  );
}
