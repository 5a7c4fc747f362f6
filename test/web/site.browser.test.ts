/** The site in a real browser: laid out, readable, no error. Run by `.ci/run` only, where Chromium is installed. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configSchema } from '../../schemas/config.ts';
import { connect, type Database } from '../../warehouse/connect.ts';
import { makeKeyring } from '../../warehouse/keyring.ts';
import { makeServer } from '../../web/server.ts';
import { makeContext } from '../pipelines/report/city.ts';
import { threeNights } from '../pipelines/report/three-nights.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const CONFIG = configSchema.parse({
  simulation: true,
  sources: [{ type: 'institution-list', name: 'schools', path: 's.csv', layout: 'schools' }],
});

let database: TestDatabase;
let db: Database;
let site: FastifyInstance;
let address: string;
let browser: Browser;
let page: Page;
let runs: [number, number, number];
let rosterUrl = '/institutions';
const complaints: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  const keyring = makeKeyring(randomBytes(32));
  runs = await threeNights(makeContext(db, keyring));
  site = makeServer({ db, keyring, log: pino({ level: 'silent' }), config: CONFIG, campaigns: [] });
  address = await site.listen({ host: '127.0.0.1', port: 0 });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await db?.destroy();
  await database?.drop();
});

test('a reader walks from last night to its report and back, by link and by keyboard, and the browser has no complaint', async () => {
  await page.goto(`${address}/`);
  expect(await page.title()).toContain('昨夜概況');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('跳到主要內容');
  await page.getByRole('link', { name: '執行紀錄' }).click();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('執行紀錄');
  await page.getByRole('link', { name: `第 ${runs[1]} 次` }).click();
  expect(await page.getByRole('row', { name: /林美玲.*光復國小.*大同國小/ }).count()).toBeGreaterThan(0);
  await page.getByRole('link', { name: '名冊 Mingce' }).click();
  expect(page.url()).toBe(`${address}/`);
  expect(complaints).toEqual([]);
});

test('a reader finds who was in service at a school on a day, by link and form', async () => {
  await page.goto(`${address}/`);
  await page.getByRole('link', { name: '機構名冊' }).click();
  await page.locator('table a').first().click();
  rosterUrl = new URL(page.url()).pathname;
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('名冊');
  expect(await page.getByRole('row').count()).toBeGreaterThan(1);
  await page.getByLabel('在冊日期').fill('1990-01-01');
  await page.getByRole('button', { name: '查閱' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('查無資料');
  expect(new URL(page.url()).search).toContain('on=1990-01-01');
  // The browser tells of the 404 that the answer is.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  complaints.length = 0;
});

test('no page is wider than the window, on a desk or on a phone', async () => {
  for (const width of [1200, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const url of ['/', '/runs', `/runs/${runs[1]}`, '/institutions', rosterUrl, '/snapshots', '/nowhere']) {
      await page.goto(address + url);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow, `${url} at ${width}`).toBe(0);
    }
  }
  complaints.length = 0;
});

/** Contrast of text against the nearest opaque background, WCAG 2.1 §1.4.3; evaluated in the page. */
const WEAK_TEXT = `(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = rgb(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const style = getComputedStyle(element);
    const ink = element.namespaceURI.endsWith('svg') ? style.fill : style.color;
    const [a, b] = [light(rgb(ink)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) weak.push(element.tagName + ' ' + element.textContent.trim().slice(0, 20) + ' ' + ratio.toFixed(2));
  }
  return weak;
})()`;

test('all text has the contrast of WCAG AA, every picture a name, every page one first heading', async () => {
  await page.setViewportSize({ width: 1200, height: 900 });
  for (const url of ['/', '/runs', `/runs/${runs[1]}`, '/institutions', rosterUrl, '/snapshots', '/nowhere']) {
    await page.goto(address + url);
    expect(await page.evaluate(WEAK_TEXT), url).toEqual([]);
    expect(await page.locator('h1').count(), url).toBe(1);
    expect(await page.locator('svg:not([role="img"]), svg:not(:has(title))').count(), url).toBe(0);
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hant-TW');
  }
});
