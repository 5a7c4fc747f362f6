import type { RawRow } from '../../../schemas/columns.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import { bytesOf } from '../../bytes.ts';
import type { ReadNotes, StoredDelivery, StoredObject } from '../../contract.ts';
import { ShapeCollector, withFindings } from '../../json-shape.ts';
import { type Adapting, count, countOrg, toRows } from '../adapter.ts';
import { kindOfRole } from '../roles.ts';
import type { Demographics, RosterOrg } from '../roster-user.ts';
import { schoolIndex } from '../schools.ts';
import { LISTS, type ListName, type PageName, parsePageName } from './page-names.ts';
import { createWalkProof } from './walk-proof.ts';
import { collectShape, demographicsOf, orgOf, parsePage, userOf } from './wire.ts';

export type PagesReading = Pick<Adapting, 'settings' | 'today' | 'only' | 'changes' | 'tally'> & {
  signal: AbortSignal;
};

interface StoredPage extends PageName {
  stored: StoredObject;
  /** Position in the delivery. */
  object: number;
}

/**
 * Rows of the last walk of a delivery, page by page. People are read twice where there are demographics, so that those of pupils are passed
 * over. @throws SourceError, also where a stored page is missing
 */
export async function* readPages(
  delivery: StoredDelivery,
  reading: PagesReading,
  notes: ReadNotes,
): AsyncGenerator<RawRow[]> {
  const { source } = delivery;
  const { tally, signal, settings } = reading;
  const pages = lastWalk(delivery);
  const proof = createWalkProof(source);
  const shape = new ShapeCollector();
  async function* itemsOf(list: ListName): AsyncGenerator<{ page: StoredPage; items: unknown[] }> {
    for (const page of pages.filter((p) => p.list === list)) {
      signal.throwIfAborted();
      yield { page, items: parsePage(await bytesOf(page.stored), list, source) };
    }
  }

  const orgs: RosterOrg[] = [];
  for await (const { page, items } of itemsOf('orgs')) {
    proof.add('orgs', { ...page, items });
    for (const item of items) {
      collectShape(shape, 'orgs', item);
      const org = orgOf(item);
      if (!org) {
        count(tally, 'broken orgs');
        continue;
      }
      countOrg(tally, org);
      orgs.push(org);
    }
  }

  const lists = LISTS.filter((list) => pages.some((page) => page.list === list) || list !== 'demographics');
  const people = new Map<string, Demographics>();
  if (lists.includes('demographics')) {
    const staff = new Set<string>();
    for await (const { items } of itemsOf('users')) {
      for (const { user } of items.map(userOf)) {
        if (user.memberships.some(({ role }) => kindOfRole(role) === 'staff')) staff.add(user.sourcedId);
      }
    }
    for await (const { page, items } of itemsOf('demographics')) {
      proof.add('demographics', { ...page, items });
      for (const item of items) {
        collectShape(shape, 'demographics', item);
        const found = demographicsOf(item);
        if (found && staff.has(found.sourcedId)) people.set(found.sourcedId, found);
      }
    }
  }

  const schoolOf = schoolIndex(orgs, settings.schools);
  const adapting: Adapting = { ...reading, schoolOf, demographicsOf: (id) => people.get(id) };
  let given = 0;
  for await (const { page, items } of itemsOf('users')) {
    proof.add('users', { ...page, items });
    for (const item of items) collectShape(shape, 'users', item);
    const rows = items.flatMap((item, i) => rowsOf(item, { object: page.object, row: i + 1 }, adapting));
    given += rows.length;
    if (rows.length > 0) yield rows;
  }
  proof.finish(lists);
  notes.pages = pages.length;
  notes.pagesOfBrokenWalks = delivery.objects.length - pages.length;
  notes.users = proof.count('users');
  notes.rows = given;
  notes.fields = shape.fields();
  for (const [what, n] of [...tally].sort()) notes[what] = n;
  if (given === 0) throw new SourceError('api-empty', { source, what: 'users' });
}

/** Somebody of the wrong shape of whom no role can be read may be staff: then a row tells, without any value of the person. */
function rowsOf(item: unknown, origin: RawRow['origin'], adapting: Adapting): RawRow[] {
  const { user, issues, drift } = userOf(item);
  const rows = toRows(user, origin, adapting);
  if (rows.length > 0) return rows.map((row) => withFindings({ ...row }, [...(row.issues ?? []), ...issues], drift));
  if (issues.length === 0 && drift.every(({ kind }) => kind !== 'wrong-type')) return rows;
  const known = user.memberships.length > 0 || kindOfRole(user.field('role')) === 'other';
  return known ? [] : [withFindings({ kind: 'staff', values: {}, origin }, issues, drift)];
}

function lastWalk({ objects, source }: StoredDelivery): StoredPage[] {
  const pages = objects.map((stored, object): StoredPage => {
    const name = parsePageName(stored.name);
    if (name) return { ...name, stored, object };
    throw new SourceError('api-shape', {
      source,
      page: stored.name,
      field: 'name',
      problem: 'not a page of this source',
    });
  });
  const last = Math.max(...pages.map(({ walk }) => walk));
  return pages.filter(({ walk }) => walk === last);
}
