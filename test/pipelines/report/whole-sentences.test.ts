/** Nobody who reads a report, a receipt or a summary is shown the name of a place (`{code}`), whatever the message and whatever was kept of it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildReceipt } from '../../../pipelines/receipt/build-receipt.ts';
import { buildReport } from '../../../pipelines/report/build-report.ts';
import { renderHtml } from '../../../pipelines/report/render-html.ts';
import { renderReceipt } from '../../../pipelines/report/render-receipt.ts';
import { renderReceiptHtml } from '../../../pipelines/report/render-receipt-html.ts';
import { summaryText } from '../../../pipelines/report/render-summary.ts';
import { renderText } from '../../../pipelines/report/render-text.ts';
import { sayOfMany } from '../../../pipelines/report/say.ts';
import { messageCodes } from '../../../schemas/messages/catalogue.ts';
import { EXCEPTION_MESSAGES } from '../../../schemas/messages/exceptions.ts';
import type { SyncResult } from '../../../schemas/outputs/sync-result.ts';
import { type DueReceipt, findReceipts } from '../../../warehouse/receipts.ts';
import { files, read, withoutComments } from '../../conventions/source-files.ts';
import { openSmallInstallation, type SmallInstallation } from '../../support/small-installation.ts';

const PLACE = /\{\w+\}/;

let small: SmallInstallation;
let night: SyncResult;
beforeAll(async () => {
  small = await openSmallInstallation();
  const head = '學校代碼,身分證字號,姓名,出生日期,職稱';
  const rows = ['64601,A123456789,王小明,70/05/06,教師', '64601,B123456780,李大華,68/12/23,校長'];
  await small.send('064601.csv', '2024-07-29T10:00:00+08:00', [head, ...rows]);
  night = await small.night('2024-07-30T02:00:00+08:00');
});
afterAll(() => small.close());

async function everyForm(): Promise<string[]> {
  const report = await buildReport(small.db, Number(night.run));
  return [renderText(report), renderHtml(report), JSON.stringify(report), summaryText(night, report)];
}

it('two rows whose code lost its zero are told in whole sentences, in report and receipt', async () => {
  const [text = '', page = '', json = ''] = await everyForm();
  const [receipt] = await findReceipts(small.db, '064601', null);
  expect(receipt?.warnings.map((w) => w.code)).toEqual(['code-zero-restored']);
  for (const form of [json, renderReceipt(receipt!), renderReceiptHtml(receipt!)]) {
    expect(form).toContain('代碼開頭的 0 遺失，已補回。');
  }
  for (const form of [json, JSON.stringify(receipt)]) expect(form).toContain('A lost leading zero of the code');
  for (const form of [text, page, json, renderReceipt(receipt!), JSON.stringify(receipt)]) {
    expect(form).not.toMatch(PLACE);
  }
});

it('whatever may be doubted of many rows has a text that needs no parameters', () => {
  const warned = files('pipelines/normalise/*.ts').flatMap((file) =>
    [...withoutComments(read(file)).matchAll(/\bwarn\(\s*'([a-z-]+)'/g)].map(([, code]) => code as string),
  );
  // A name is doubted where the row can do without it; the code of what is wrong with it is computed.
  const names = messageCodes().filter((code) => code.startsWith('name-'));
  for (const code of [...warned, ...names]) {
    const { zh, en } = sayOfMany(code);
    expect(zh + en, code).not.toMatch(/…|[{}]/);
  }
});

it('no message at all, as a warning, quarantined, failed or open, shows a place in the report, even if its parameters were not kept', async () => {
  const run = Number(night.run);
  const source = 'roster/064601';
  const example = { object: 'a.csv', row: 1, column: null, value: null, params: {} };
  const codes = messageCodes();
  const picture = {
    warnings: codes.map((code) => ({ source, code, rows: 2 })),
    quarantine: codes.map((code) => ({ source, code, rows: 2, examples: [example] })),
  };
  await small.db.raw(
    `UPDATE ops.run SET summary = jsonb_set(summary, '{picture}', summary->'picture' || ?::jsonb) WHERE id = ?`,
    [JSON.stringify(picture), run],
  );
  for (const code of Object.keys(EXCEPTION_MESSAGES)) {
    await small.db('review.exception').insert({
      code,
      fingerprint: Buffer.from(code),
      params: {},
      opened_run_id: run,
      opened_at: '2024-07-30T02:00:00+08:00',
    });
  }
  for (const [i, code] of codes.entries()) {
    await small.db('ops.run_source').insert({
      run_id: run,
      source: `roster/x${i}`,
      drop_name: 'roster',
      job: 'roster-1',
      status: 'failed',
      error_code: code,
      error_params: {},
    });
  }
  const forms = await everyForm();
  expect(forms[0]).toContain('…');
  for (const form of forms) expect(form).not.toMatch(PLACE);
});

it('nor does a receipt', async () => {
  const [row] = await small.db('ops.run_source').where({ source: 'roster/064601' });
  const codes = messageCodes();
  for (const error of [null, ...codes]) {
    const due = { ...row, clock: night.clock, error_code: error, error_params: null, missing: 1 } as DueReceipt;
    const receipt = buildReceipt(due, {
      kind: 'staff',
      schoolName: null,
      rows: [],
      openRows: 3,
      waiting: 2,
      held: false,
      correctable: true,
      warnings: error === null ? codes.map((code) => ({ code, rows: 2 })) : [],
      matters: [],
      dueBy: null,
      contacts: null,
    });
    const forms = [renderReceipt(receipt), renderReceiptHtml(receipt), JSON.stringify(receipt)];
    for (const form of forms) expect(form, String(error)).not.toMatch(PLACE);
  }
});
