/**
 * A care system of made-up people in a process of its own, so that serving costs the measured process nothing: every page is made before the first
 * request. Prints its port. Usage: node bench/care-server.ts STAFF PAGE_SIZE
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nationalId } from './roster-file.ts';

const AS_OF = '2024-07-30T02:00:00+08:00';
const INSTITUTIONS = 1100;

const sid = (n: number): string => `094${String(2_800_001 + n).padStart(7, '0')}`;

const institution = (n: number) => ({
  sid: sid(n),
  name: `臺中市私立第${n}幼兒園`,
  ownership: '私立',
  legalClass: '私立',
  parentSchoolCode: null,
  quasiPublic: n % 2 === 0,
  town: '大雅區',
  address: `臺中市大雅區中清路三段${n}號`,
  telephone: '(04)25660000',
  principal: '林園長',
  approvedCapacity: 120,
  status: '營業中',
  reviewStatus: '核定',
  updatedAt: '2024-07-01T09:00:00+08:00',
});

const person = (n: number) => ({
  staffId: `S${String(n).padStart(7, '0')}`,
  institutionSid: sid(n % INSTITUTIONS),
  nationalId: nationalId(n),
  name: `${[...'陳林黃張李王吳劉'][n % 8]}${[...'美宜淑雅怡詩'][n % 6]}${[...'玲君芬婷惠涵柏'][n % 7]}`,
  sex: n % 2 === 0 ? '女' : '男',
  birthDate: `${60 + (n % 30)}/${String(1 + (n % 12)).padStart(2, '0')}/${String(1 + (n % 28)).padStart(2, '0')}`,
  title: ['教師', '教保員', '助理教保員', '園長'][n % 4],
  certificateNo: `幼教字第${String(n).padStart(8, '0')}號`,
  hiredOn: `${100 + (n % 13)}/08/01`,
  leftOn: null,
  leaveReason: null,
  email: `k${n}@example.tw`,
  mobile: `0912${String(n % 1_000_000).padStart(6, '0')}`,
  reviewStatus: '核定',
  changeType: null,
  updatedAt: `2024-07-${String(1 + (n % 28)).padStart(2, '0')}T09:00:00+08:00`,
});

function pagesOf(items: readonly object[], size: number): Buffer[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, page) =>
    Buffer.from(
      JSON.stringify({
        asOf: AS_OF,
        total: items.length,
        items: items.slice(page * size, (page + 1) * size),
        nextCursor: page + 1 < count ? String(page + 1) : null,
      }),
    ),
  );
}

const [staff = 60_000, size = 5000] = process.argv.slice(2).map(Number);
const lists: Readonly<Record<string, Buffer[]>> = {
  '/v1/institutions': pagesOf(
    Array.from({ length: INSTITUTIONS }, (_, n) => institution(n)),
    size,
  ),
  '/v1/staff': pagesOf(
    Array.from({ length: staff }, (_, n) => person(n)),
    size,
  ),
};
const TOKEN = Buffer.from(JSON.stringify({ access_token: 'bench', token_type: 'Bearer', expires_in: 3600 }));

const server = createServer((request, response) => {
  request.resume();
  const url = new URL(request.url ?? '/', 'http://bench');
  const body = url.pathname === '/oauth/token' ? TOKEN : lists[url.pathname]?.[Number(url.searchParams.get('cursor'))];
  if (body) response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  else response.writeHead(404);
  response.end(body);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
