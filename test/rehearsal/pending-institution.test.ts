/** An institution that is itself under review, and its staff (R13). */
import { expect, it } from 'vitest';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { type CareData, startCareServer } from '../connectors/support/care-server.ts';
import { openSmallInstallation } from '../support/small-installation.ts';

it('R13: changed staff of a kindergarten that is itself under review wait with it, and are taken in with it', async () => {
  const data: CareData = {
    asOf: '2024-09-01T01:00:00+08:00',
    institutions: [kindergarten('0942800021')],
    staff: [teacher('甲', '0942800021'), teacher('丁', '0942800021')],
  };
  const server = await startCareServer(data);
  const small = await openSmallInstallation(1, { sources: [{ ...server.config, name: 'care' }] });
  const care = async (day: string) => {
    data.asOf = `${day}T01:00:00+08:00`;
    const night = await small.night(`${day}T02:00:00+08:00`);
    const books = night.sources.find((s) => s.source === 'care');
    const { rows } = await small.db.raw(
      `SELECT r.name || ' ' || r.title AS line FROM landing.staff_record r WHERE r.source = 'care' ORDER BY r.key COLLATE "C"`,
    );
    return {
      changed: night.changes.assignments,
      excluded: books?.excluded,
      picture: rows.map((r: { line: string }) => r.line).sort(),
    };
  };
  try {
    await care('2024-09-01');
    const updatedAt = '2024-09-02T00:30:00+08:00';
    data.institutions = [kindergarten('0942800021', { reviewStatus: '異動待審', name: '改名幼兒園', updatedAt })];
    data.staff = [
      teacher('甲', '0942800021', { title: '園長', updatedAt }),
      teacher('丁', '0942800021'),
      teacher('丙', '0942800021', { updatedAt }),
    ];
    // The institution, the changed one and the new one; who did not change is not held up.
    expect(await care('2024-09-02')).toEqual({
      changed: { added: 0, changed: 0, ended: 0 },
      excluded: 3,
      picture: ['幼丁 教師', '幼甲 教師'],
    });
    const { rows } = await small.db.raw(`SELECT reviewing FROM landing.pending WHERE kind = 'staff' ORDER BY key`);
    expect(rows.map((r: { reviewing: string }) => r.reviewing)).toEqual(['機構待審', '機構待審']);
    data.institutions = [kindergarten('0942800021', { name: '改名幼兒園', updatedAt })];
    expect(await care('2024-09-03')).toEqual({
      changed: { added: 1, changed: 1, ended: 0 },
      excluded: 0,
      picture: ['幼丁 教師', '幼丙 教師', '幼甲 園長'],
    });
  } finally {
    await small.close();
    await server.close();
  }
});
