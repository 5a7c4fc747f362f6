import { afterEach, describe, expect, it } from 'vitest';
import { createWalkProof } from '../../connectors/oneroster/api/walk-proof.ts';
import { json } from './support/api-faults.ts';
import { contextAt, type HandedOver, handOver, keep, readAll, sourceError, stored } from './support/handover.ts';
import { apiLists, apiUser, type Item, type OneRosterApi, startOneRosterApi } from './support/oneroster-api.ts';

const PART = { source: 'oneroster', drop: 'oneroster', files: [] };
const started: OneRosterApi[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ server }) => server.close()));
});

async function serve(lists = apiLists(4)): Promise<OneRosterApi> {
  const api = await startOneRosterApi(lists);
  started.push(api);
  return api;
}
const take = async (api: OneRosterApi, changes = {}): Promise<HandedOver> =>
  (await handOver(api.open(changes), PART))[0]!;
const withUsers = (...users: Item[]) => serve({ ...apiLists(1), users });
const pagesOf = (api: OneRosterApi, list: string) =>
  api.server.requests.filter(({ url }) => url.pathname.endsWith(`/${list}`));

describe('a walk that goes well', () => {
  it('hands over pages as received, says the run’s moment, and makes rows of staff only', async () => {
    const api = await serve();
    const { delivery, rows, notes } = await take(api);
    expect(delivery).toMatchObject({ complete: true, asOf: '2024-08-02T17:00:00.000+08:00', source: 'oneroster' });
    expect(delivery.objects.map((o) => o.name)).toEqual([
      'walk 1, orgs from 0 of 3',
      'walk 1, users from 0 of 8, more',
      'walk 1, users from 3 of 8, more',
      'walk 1, users from 6 of 8',
    ]);
    expect(rows.map(({ values }) => values.staffId)).toEqual(['U0', 'U1', 'U2', 'U3'].map((id) => `${id}@064601`));
    expect(rows[0]).toEqual({
      kind: 'staff',
      values: {
        staffId: 'U0@064601',
        institutionCode: '064601',
        nationalId: 'A123456789',
        name: '王小明U0',
        title: '教師',
        primary: '是',
        startOn: '2023-08-01',
        email: '',
        phone: '0912345678',
        registeredAt: '2024-07-30T08:00:00.000Z',
      },
      origin: { object: 1, row: 1 },
    });
    const { fields, ...others } = notes;
    expect(others).toEqual({ pages: 4, pagesOfBrokenWalks: 0, users: 8, rows: 4, 'role student': 4 });
    expect(fields).toContainEqual({ name: 'users.givenName', column: 'name', types: ['string'], kind: 'staff' });
  });

  it('asks in a stable order, and for pupils only where nobody told it not to', async () => {
    const api = await serve(apiLists(2, '1.1'));
    const { notes } = await take(api, { version: '1.1', userFilter: "role!='student'" });
    expect(notes.users).toBe(2);
    const { url } = pagesOf(api, 'users')[0]!;
    expect(url.pathname).toBe('/ims/oneroster/v1p1/users');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      limit: '3',
      offset: '0',
      sort: 'sourcedId',
      orderBy: 'asc',
      filter: "role!='student'",
    });
  });

  it('asks for birth dates only where it is told to, and keeps those of staff', async () => {
    const api = await serve();
    await take(api);
    expect(pagesOf(api, 'demographics')).toEqual([]);
    const { rows } = await take(api, { demographics: true });
    expect(new Set(rows.map(({ values }) => `${values.birthDate} ${values.sex}`))).toEqual(
      new Set(['1981-05-06 female']),
    );
  });

  it('goes by links where the server gives no total, and follows none of them', async () => {
    const api = await serve();
    api.says.total = false;
    const { delivery, rows } = await take(api);
    expect(rows).toHaveLength(4);
    expect(delivery.objects.at(-1)!.name).toBe('walk 1, users from 6 of unknown');
    expect(api.server.requests.every(({ url }) => url.origin === api.server.url)).toBe(true);
  });

  it('sends client and secret in a header, or in the form, with a scope', async () => {
    const api = await serve();
    await take(api, { scope: 'https://purl.imsglobal.org/spec/or/v1p1/scope/roster.readonly' });
    await take(api, { credentialsIn: 'form' });
    const asked = api.server.requests.filter(({ url }) => url.pathname === '/oauth/token');
    expect(asked.map(({ authorization }) => authorization?.split(' ')[0])).toEqual(['Basic', undefined]);
  });

  it('takes one new token when the old one stops counting in the middle', async () => {
    const api = await serve();
    api.server.intercept = ({ url }) => {
      if (url.searchParams.get('offset') === '3' && api.server.tokens.length === 1) api.server.revokeTokens();
      return false;
    };
    expect((await take(api)).rows).toHaveLength(4);
    expect(api.server.tokens).toHaveLength(2);
  });
});

describe('a person of the API', () => {
  it('of a school that is not allowed, or to be deleted without a reason, is told and not ended', async () => {
    const elsewhere = [{ roleType: 'primary', role: 'teacher', org: { sourcedId: 'o9' } }];
    const { rows } = await take(
      await withUsers(
        apiUser('U1', 'teacher', '1.2', { roles: elsewhere }),
        apiUser('U2', 'teacher', '1.2', { status: 'tobedeleted' }),
      ),
    );
    expect(rows.map(({ issues, values }) => [issues?.[0]?.code, values.endReason])).toEqual([
      ['oneroster-school-not-allowed', undefined],
      ['oneroster-to-be-deleted', undefined],
    ]);
  });

  it('of a school that shall be deleted stays there, and the school is counted', async () => {
    const lists = { ...apiLists(1), users: [apiUser('U1', 'teacher')] };
    lists.orgs[1]!.status = 'tobedeleted';
    const { rows, notes } = await take(await serve(lists));
    expect(rows.map(({ values, issues }) => [values.institutionCode, issues])).toEqual([['064601', undefined]]);
    expect(notes['orgs to be deleted']).toBe(1);
  });

  it('may have the hashed id and the title in metadata', async () => {
    const metadata = { eduKey: 'ff00', jobTitle: '教學組長' };
    const api = await withUsers(apiUser('U1', 'teacher', '1.2', { metadata }));
    const identifier = { field: 'metadata.eduKey', hashed: true };
    const { values } = (await take(api, { identifier, titleField: 'metadata.jobTitle' })).rows[0]!;
    expect(values).toMatchObject({ idDigest: 'ff00', title: '教學組長' });
    expect(values.nationalId).toBeUndefined();
  });

  it('with a value of another type, or a field of no standard, is left to the contract', async () => {
    const { rows, notes } = await take(
      await withUsers(apiUser('U1', 'teacher', '1.2', { email: 7, shoeSize: '42' }), apiUser('U2', 'teacher', '1.2'), {
        ...apiUser('X', 'teacher', '1.2'),
        roles: 'teacher',
      }),
    );
    expect(rows.map(({ issues, drift }) => [issues, drift?.map(({ kind, field }) => [kind, field])])).toEqual([
      [
        undefined,
        [
          ['wrong-type', 'users.email'],
          ['unknown-column', 'users.shoeSize'],
        ],
      ],
      [undefined, undefined],
      [undefined, [['wrong-type', 'users.roles']]],
    ]);
    expect(notes.fields).toContainEqual({ name: 'users.shoeSize', column: null, types: ['string'], kind: 'staff' });
  });

  it('of the wrong shape is a row if it may be staff, and none if it is a pupil', async () => {
    const { rows } = await take(
      await withUsers(
        apiUser('U1', 'teacher', '1.2', { givenName: null }),
        apiUser('S1', 'student', '1.2', { givenName: null }),
        { sourcedId: 'X', roles: 'teacher' },
      ),
    );
    expect(rows.map(({ values, issues }) => [values.staffId, issues![0]!.params!.field])).toEqual([
      ['U1@064601', 'givenName'],
      [undefined, 'givenName'],
    ]);
  });
});

describe('a walk that does not hold together', () => {
  it('is walked again, and only the last walk is read', async () => {
    const api = await serve();
    let moved = false;
    api.server.intercept = ({ url }) => {
      if (!moved && url.searchParams.get('offset') === '3') {
        moved = true;
        api.lists.users.unshift(apiUser('A0', 'teacher'));
      }
      return false;
    };
    const { rows, notes } = await take(api);
    expect(rows).toHaveLength(5);
    expect(notes).toMatchObject({ users: 9, pagesOfBrokenWalks: 2 });
  });

  const answering = (total: string, users: (offset: number) => Item[]) => async () => {
    const api = await serve();
    api.server.intercept = ({ url }, response) => {
      if (!url.pathname.endsWith('/users')) return false;
      response.setHeader('x-total-count', total);
      return json({ users: users(Number(url.searchParams.get('offset'))) })({} as never, response);
    };
    return api;
  };
  const some = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => apiUser(`U${from + i}`, 'teacher'));

  it.each([
    [
      'a total that is never reached',
      answering('9', (offset) => (offset < 6 ? some(offset, 3) : [])),
      'oneroster-page-empty',
    ],
    ['more people than the total', answering('4', (offset) => some(offset, 3)), 'api-total'],
    ['a page that comes again whatever is asked', answering('6', () => some(0, 3)), 'oneroster-page-repeated'],
    ['a total that is no number', answering('many', () => some(0, 3)), 'oneroster-total-missing'],
  ])('ends the source: %s', async (_, make, code) => {
    const api = await make();
    const parts = keep(api.open(), PART, contextAt());
    expect(await sourceError(parts)).toMatchObject({ code });
  });

  it('is refused once more when stored pages are read without one of them', async () => {
    const connector = (await serve()).open();
    const [delivery] = await keep(connector, PART, contextAt());
    const without = (n: number) => ({ ...delivery!, objects: delivery!.objects.filter((_, i) => i !== n) });
    expect(await sourceError(readAll(connector, without(3)))).toMatchObject({ code: 'api-total' });
    expect(await sourceError(readAll(connector, without(2)))).toMatchObject({ code: 'api-total' });
    const other = { ...delivery!, objects: [stored('x.json', Buffer.from('{}'))] };
    expect(await sourceError(readAll(connector, other))).toMatchObject({ code: 'api-shape' });
  });

  it('gives up at the end of its time', async () => {
    const api = await serve();
    api.server.intercept = ({ url }) => url.pathname.endsWith('/users');
    expect(await sourceError(take(api, { walkTimeoutSeconds: 0.2 }))).toMatchObject({ code: 'oneroster-walk-timeout' });
  });
});

it('the proof knows a list by its first page, and holds later ones to it', () => {
  const proof = createWalkProof('oneroster');
  const page = (offset: number, total: number | null, more: boolean, ids: string[]) =>
    proof.add('users', { offset, total, more, items: ids.map((sourcedId) => ({ sourcedId })) });
  expect(page(0, 3, true, ['a', 'b'])).toBe(false);
  expect(() => page(2, 4, false, ['c'])).toThrow('api-total');
  expect(() => page(1, 3, false, ['c'])).toThrow('api-total');
  expect(page(2, 3, false, ['c'])).toBe(true);
  expect(() => page(3, 3, false, ['d'])).toThrow('api-total');
  expect(() => proof.finish(['orgs', 'users'])).toThrow('api-total');
});
