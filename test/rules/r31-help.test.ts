/** R31: whoever is told of a failure is told whom to ask, by the planning year that it falls into. */
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderReceipt } from '../../pipelines/report/render-receipt.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import { connect } from '../../warehouse/connect.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { makeServer } from '../../web/server.ts';
import { campaign113, openStory, type Story } from './story.ts';

const [PHONE, EMAIL] = ['07-7258600', 'inservice@mail.nknu.edu.tw'];
const NEXT_YEAR = { phone: '04-00000000', email: 'help-114@example.org' };
const campaign = campaign113();
const campaign114: Campaign = {
  ...campaign,
  id: '114',
  schoolYear: { from: '2025-08-01', through: '2026-07-31' },
  cutOff: '2025-08-01T17:00:00+08:00',
  rosterUpdates: undefined,
  contacts: NEXT_YEAR,
};

let story: Story;
beforeAll(async () => {
  story = await openStory(null, { campaigns: [campaign, campaign114] });
});
afterAll(() => story.close());

/** A file of a school that cannot be read, and what the school is told of it by a run at that moment. */
async function toldOfRefused(code: string, arrived: string, clock: string): Promise<string> {
  await story.small.send(`${code}.csv`, arrived, ['no roster at all']);
  await story.small.runs(clock);
  const [receipt] = await findReceipts(story.small.db, code, null);
  if (receipt?.outcome !== 'refused') throw new Error(`the file of ${code} was not refused`);
  return renderReceipt(receipt);
}

it('R31: a school whose file is refused on 2024-08-02 before the cut-off is told the help line of year 113, one of 2025-07-01 that of year 114', async () => {
  const before = await toldOfRefused('064601', '2024-08-02T10:00:00+08:00', '2024-08-02T12:00:00+08:00');
  expect([before.includes(PHONE), before.includes(EMAIL), before.includes(NEXT_YEAR.phone)]).toEqual([
    true,
    true,
    false,
  ]);
  const after = await toldOfRefused('064602', '2025-07-01T10:00:00+08:00', '2025-07-01T12:00:00+08:00');
  expect([after.includes(PHONE), after.includes(NEXT_YEAR.phone), after.includes(NEXT_YEAR.email)]).toEqual([
    false,
    true,
    true,
  ]);
});

it('R31: a page that cannot be shown names the help line', async () => {
  const broken = connect('postgres://nobody@127.0.0.1:1/none');
  const { config } = story.small.installation;
  const deps = { db: broken, keyring: story.small.ctx.keyring, log: pino({ level: 'silent' }), config };
  const server = makeServer({ ...deps, campaigns: [campaign] });
  const page = await server.inject({ url: '/', headers: { host: 'localhost' } });
  expect(page.statusCode).toBe(500);
  expect(page.body).toContain(`業務諮詢：${PHONE}、${EMAIL}`);
  await server.close();
  await broken.destroy();
});
