/**
 * A snapshot of everybody who was loaded, against a bare COPY (SELECT …) TO of the same rows: the query that one would write by hand for who serves now, with the
 * pseudonym in place of the digest, in the order of the file.
 */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { PipelineContext } from '../pipelines/context.ts';
import { createSnapshot } from '../pipelines/snapshot.ts';
import { type Campaign, campaignSchema, type PlanKind, type SnapshotFormat } from '../schemas/campaign.ts';
import { SNAPSHOT_COLUMNS } from '../schemas/snapshot-columns.ts';
import type { Database } from '../warehouse/connect.ts';

type Stages = Record<string, number>;

const SAME_ROWS = `
  SELECT encode(p.hmac, 'hex'), v.name, c.code, NULL, i.section, i.name, w.title, w.title_code, array_to_string(w.subjects, ';')
  FROM warehouse.assignment a
  JOIN warehouse.assignment_version w ON w.assignment_id = a.id AND w.recorded_to = 'infinity' AND w.is_primary
  JOIN warehouse.institution_version i ON i.institution_id = a.institution_id AND i.recorded_to = 'infinity'
  JOIN warehouse.institution_code c ON c.institution_id = a.institution_id AND c.system = 'school'
  JOIN warehouse.person_version v ON v.person_id = a.person_id AND v.recorded_to = 'infinity'
  LEFT JOIN warehouse.person_identifier p ON p.person_id = a.person_id
  ORDER BY c.code COLLATE "C", i.section COLLATE "C", v.name COLLATE "C"`;

/** Yardstick: nothing is kept of what comes. @returns lines */
export async function copyOut(db: Database, stages: Stages): Promise<number> {
  let lines = 0;
  const began = performance.now();
  await db.transaction(async (trx) => {
    const client = (await trx.client.acquireConnection()) as Client;
    const count = new Writable({
      write(piece: Buffer, _encoding, done) {
        for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) lines += 1;
        done();
      },
    });
    await pipeline(client.query(copyTo(`COPY (${SAME_ROWS}) TO STDOUT (FORMAT csv)`)), count);
  });
  stages['copy out'] = (performance.now() - began) / 1000;
  return lines;
}

/** Whoever the bench loads is addressed, and everybody is a teacher. */
export const campaignOf = (id: string, cutOff: string, formats: readonly SnapshotFormat[]): Campaign => {
  // Open for a second, from the cut-off on.
  const window = { from: cutOff, through: new Date(Date.parse(cutOff) + 1000).toISOString() };
  const consumers = (kind: PlanKind) => [
    { id: 'bench', name: 'bench', purpose: 'bench', legalGround: 'bench', columns: [...SNAPSHOT_COLUMNS[kind]] },
  ];
  return campaignSchema.parse({
    id,
    name: 'bench',
    legalBasis: [{ issuer: 'bench', document: 'bench', date: '2024-07-05' }],
    schoolYear: { from: `${Number(id) + 1911}-08-01`, through: `${Number(id) + 1912}-07-31` },
    cutOff,
    addressed: [{ section: ['國小'] }],
    plans: {
      'school-plan': {
        window,
        purpose: 'bench',
        consumers: consumers('school-plan'),
        excludePublicKindergartens: true,
      },
      'teacher-plan': {
        window,
        purpose: 'bench',
        consumers: consumers('teacher-plan'),
        formats,
        kindergartenTitles: [],
        schoolTitleCodes: Array.from({ length: 15 }, (_, i) => i + 1),
      },
    },
    contacts: { phone: '-', email: 'bench@example.org' },
  });
};

/** @throws where not everybody is in it */
export async function takeSnapshot(
  ctx: PipelineContext,
  stages: Stages,
  name: string,
  cutOff: string,
  formats: readonly SnapshotFormat[],
): Promise<void> {
  // A campaign of its own: the same moments are the same snapshot.
  const id = String(200 + formats.length);
  const began = performance.now();
  const { created, snapshot } = await createSnapshot(
    { ...ctx, campaigns: [campaignOf(id, cutOff, formats)] },
    { campaignId: id, kind: 'teacher-plan' },
  );
  stages[name] = (performance.now() - began) / 1000;
  if (!created) throw new Error(`${snapshot.id} was there already`);
  const people = await ctx.db('warehouse.person').count<{ n: string }[]>('* as n');
  const rows = snapshot.files.find((file) => file.path === 'teacher-plan.csv')?.rows;
  if (rows !== Number(people[0]?.n)) throw new Error(`${rows} rows of ${people[0]?.n} people`);
}
