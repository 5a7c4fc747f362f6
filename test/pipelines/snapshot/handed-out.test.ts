/** R30: the files hold the columns that their consumers get, in every format, and nothing else; the manifest says who gets them and what for. */
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { storedSnapshot } from '../../../pipelines/snapshot/list-snapshots.ts';
import { createSnapshot } from '../../../pipelines/snapshot.ts';
import type { Campaign, PlanKind } from '../../../schemas/campaign.ts';
import { listSnapshotFiles, readSnapshotFile } from '../../../warehouse/snapshots.ts';
import { useWorld } from './use-world.ts';
import { BEFORE, CAMPAIGN } from './world.ts';

const stage = useWorld();
const DIGEST = '51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13';

const [consumer] = CAMPAIGN.plans['teacher-plan'].consumers;
const [school] = CAMPAIGN.plans['school-plan'].consumers;
/** Two consumers who need the unit and the title, and one who only counts. */
const NARROW: Campaign = {
  ...CAMPAIGN,
  plans: {
    'teacher-plan': {
      ...CAMPAIGN.plans['teacher-plan'],
      consumers: ['one', 'two'].map((id) => ({ ...consumer!, id, columns: ['學制', '學校代碼', '職稱'] })),
    },
    'school-plan': {
      ...CAMPAIGN.plans['school-plan'],
      consumers: [{ ...school!, columns: ['學校代碼', '學制', '教師人數'] }],
    },
  },
};

async function taken(kind: PlanKind) {
  const { db, ctx } = stage.world;
  await stage.world.run(BEFORE);
  const wanted = { campaignId: '113', kind, asOf: BEFORE };
  const { snapshot } = await createSnapshot({ ...ctx, campaigns: [NARROW] }, wanted);
  const files = new Map<string, Buffer>();
  for (const { path } of await listSnapshotFiles(db, snapshot.id)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of readSnapshotFile(db, ctx.keyring, snapshot.id, path)) pieces.push(piece);
    files.set(path, Buffer.concat(pieces));
  }
  const { mingce, resources } = (await storedSnapshot(ctx, snapshot.id)).manifest;
  const bundle = unzipSync(files.get(`${kind}.oneroster.zip`) as Buffer);
  const unpacked = Object.values(bundle).map((bytes) => Buffer.from(bytes).toString('utf8'));
  const everything = [...files].map(([, bytes]) => bytes.toString('utf8')).join('\n') + unpacked.join('\n');
  return { text: (path: string) => files.get(path)?.toString('utf8') ?? '', everything, mingce, resources };
}

it('R30: the teacher plan holds the three columns that its consumers get, in the order of the file', async () => {
  const { text, everything, mingce, resources } = await taken('teacher-plan');
  expect(text('teacher-plan.csv').split('\r\n').slice(0, 2)).toEqual(['學校代碼,學制,職稱', '064601,國小,教師']);
  expect(JSON.parse(text('teacher-plan.jsonl').split('\n')[0] ?? '')).toEqual({
    institution_code: '064601',
    section: '國小',
    title: '教師',
  });
  for (const { schema, name } of resources)
    if (schema)
      expect([name, schema.fields.map((field) => field['mingce:name'])]).toEqual([
        name,
        ['institution_code', 'section', 'title'],
      ]);
  for (const secret of [DIGEST, '王小明', '國語']) expect(everything).not.toContain(secret);
  expect(text('teacher-plan.csv')).not.toContain('臺中國小');
  expect(mingce.consumers).toEqual(NARROW.plans['teacher-plan'].consumers);
});

it('R30: the school plan without accounts names no 總負責人, in the bundle either', async () => {
  const { text, everything } = await taken('school-plan');
  expect(text('school-plan.csv').split('\r\n').slice(0, 2)).toEqual(['學校代碼,學制,教師人數', '064601,國小,1']);
  for (const secret of ['lead01', '王小明', '西屯區']) expect(everything).not.toContain(secret);
});
