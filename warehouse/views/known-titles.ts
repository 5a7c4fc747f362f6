import type { Database, Transaction } from '../connect.ts';

/** Titles of kindergarten staff as known now. */
export async function kindergartenTitles(db: Database | Transaction): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT DISTINCT v.title FROM warehouse.assignment_version v
     JOIN warehouse.assignment a ON a.id = v.assignment_id
     JOIN warehouse.institution_version i ON i.institution_id = a.institution_id AND i.recorded_to = 'infinity' AND i.path = 'kindergarten'
     WHERE v.recorded_to = 'infinity' AND v.title IS NOT NULL ORDER BY 1`,
  );
  return rows.map((row: { title: string }) => row.title);
}
