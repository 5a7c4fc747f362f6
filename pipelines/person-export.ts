/**
 * Everything held about a person who asks for it (個人資料保護法 §10). It is written down in the audit trail before anything is handed out, with who let it be
 * made and why.
 */
import { createHash } from 'node:crypto';
import Papa from 'papaparse';
import { type PersonExport, personExport } from '../schemas/outputs/person-export.ts';
import type { ActingUser } from '../schemas/users.ts';
import { appendAudit } from '../warehouse/audit.ts';
import type { Database } from '../warehouse/connect.ts';
import { holdToRole } from '../warehouse/hold-to-role.ts';
import type { Keyring } from '../warehouse/keyring.ts';
import { shreddedSnapshots } from '../warehouse/snapshot-keys.ts';
import { listSnapshotFiles, listStoredSnapshots, readSnapshotFile } from '../warehouse/snapshots.ts';
import {
  accountNamesOf,
  decisionsOf,
  exceptionsOf,
  givenOf,
  historyOf,
  type OpenedIdentifier,
  openIdentifiers,
  recordsOf,
} from '../warehouse/views/person-export.ts';
import { explainPerson } from './explain.ts';
import { say } from './report/say.ts';

export interface ExportRequest {
  person: number;
  by: ActingUser;
  reason: string;
  /** ISO moment. */
  at: string;
}

type SnapshotRow = PersonExport['snapshots'][number];
/** Column titles of a snapshot file (`snapshot/columns.ts`) by which a row is somebody's. */
const DIGEST = '身分證編碼';
const NAME = '姓名';
const CODE = '學校代碼';

/** Lines of a stored file; no cell of ours holds a line break. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() as string;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const cellsOf = (line: string): string[] => (Papa.parse<string[]>(line.replace(/\r$/, '')).data[0] ?? []).map(String);

interface Marks {
  digests: ReadonlySet<string>;
  names: ReadonlySet<string>;
  codes: ReadonlySet<string>;
  accounts: readonly string[];
}

/** A row is the person's by identifier; without one by name and institution; in a list of schools by the account. */
function isTheirs(row: Readonly<Record<string, string>>, { digests, names, codes, accounts }: Marks): boolean {
  const digest = row[DIGEST];
  if (digest === undefined)
    return Object.values(row).some((cell) => cell.split(';').some((part) => accounts.includes(part)));
  return digest === '' ? names.has(row[NAME] ?? '') && codes.has(row[CODE] ?? '') : digests.has(digest);
}

async function snapshotsWith(db: Database, keyring: Keyring, marks: Marks): Promise<SnapshotRow[]> {
  const found: SnapshotRow[] = [];
  const shredded = await shreddedSnapshots(db);
  for (const { id, campaign, kind, cut_off: cutOff } of await listStoredSnapshots(db)) {
    // Nothing of anybody is held in it any more.
    if (shredded.has(id)) continue;
    for (const { path } of await listSnapshotFiles(db, id)) {
      // The other files are the same rows in other forms.
      if (path !== `${kind}.csv`) continue;
      let head: string[] | null = null;
      for await (const line of linesOf(readSnapshotFile(db, keyring, id, path))) {
        const cells = cellsOf(line);
        if (head === null) {
          head = cells.map((title) => title.replace(/^\uFEFF/, ''));
          continue;
        }
        const row = Object.fromEntries(head.map((title, i) => [title, cells[i] ?? '']));
        if (isTheirs(row, marks))
          found.push({ id, campaign, kind, cutOff, file: path, row, given: await givenOf(db, id) });
      }
    }
  }
  return found;
}

const digestOf = ({ kind, value }: OpenedIdentifier): string =>
  kind === 'hashed' ? value : createHash('sha256').update(value).digest('hex');

/** @throws PersonNotFoundError, UserRefusedError: nothing was gathered then */
export async function exportPerson(db: Database, keyring: Keyring, request: ExportRequest): Promise<PersonExport> {
  const { by, reason, at } = request;
  const explanation = await explainPerson(db, request.person);
  const { person } = explanation;
  await db.transaction(async (trx) => {
    await holdToRole(trx, by, ['bureau']);
    await appendAudit(trx, {
      at,
      actor: by.name,
      action: 'person-exported',
      subject: `person:${person}`,
      detail: { reason },
    });
  });
  const identifiers = await openIdentifiers(db, keyring, person);
  const [name] = explanation.values.filter(({ column }) => column === 'name');
  const names = [name?.value, ...(name?.before ?? []).map(({ value }) => value)].filter(
    (value) => typeof value === 'string',
  );
  const marks: Marks = {
    digests: new Set(identifiers.map(digestOf)),
    names: new Set(names),
    codes: new Set(explanation.story.flatMap(({ institution }) => institution?.code ?? [])),
    accounts: await accountNamesOf(db, person),
  };
  const text = ({ code, params }: { code: string; params: Record<string, string | number> }) => say(code, params);
  return personExport.parse({
    person,
    exportedAt: at,
    by: by.name,
    reason,
    explanation,
    identifiers: identifiers.map(({ run, untilRun, ...rest }) => ({
      ...rest,
      run: String(run),
      untilRun: untilRun === null ? null : String(untilRun),
    })),
    history: await historyOf(db, person),
    records: await recordsOf(db, person),
    exceptions: (await exceptionsOf(db, person)).map((e) => ({
      code: e.code,
      text: text(e),
      openedAt: e.opened_at,
      closedAt: e.closed_at,
    })),
    decisions: await decisionsOf(db, person),
    snapshots: await snapshotsWith(db, keyring, marks),
  });
}
