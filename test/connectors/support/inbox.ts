import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Connector } from '../../../connectors/contract.ts';
import type { ConnectorEnvironment } from '../../../connectors/environment.ts';
import { openConnector } from '../../../connectors/registry.ts';
import { environmentAt } from './environment.ts';
import { type HandedOver, handOver, temporaryFolder } from './handover.ts';

/** A folder as an inbox, of no connector yet. */
export interface InboxFolder {
  path: string;
  /** What a connector is opened with, beside what is its own. */
  environment: ConnectorEnvironment;
  settings: { inbox: string; maxBytes: number; stableSeconds: number };
  /** `arrived` is the moment that the file's time says. */
  put(name: string, content: string | Uint8Array, arrived?: string): Promise<void>;
  remove(): Promise<void>;
}

export interface Inbox extends InboxFolder {
  roster: Connector;
  accounts: Connector;
  courses: Connector;
  /** Puts one roster and takes what comes of it. */
  read(name: string, content: string | Uint8Array): Promise<HandedOver>;
}

export const ARRIVED = '2024-08-01T10:00:00+08:00';

export async function makeInboxFolder(): Promise<InboxFolder> {
  const { path, remove } = await temporaryFolder();
  const put = async (name: string, content: string | Uint8Array, arrived = ARRIVED): Promise<void> => {
    const full = join(path, name);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, content);
    await utimes(full, new Date(arrived), new Date(arrived));
  };
  const settings = { inbox: '.', maxBytes: 64 * 1024 * 1024, stableSeconds: 0 };
  return { path, environment: environmentAt(path), settings, put, remove };
}

export async function makeInbox(): Promise<Inbox> {
  const folder = await makeInboxFolder();
  const { environment, put } = folder;
  const common = { ...folder.settings, complete: true };
  const roster = openConnector({ type: 'roster-files', name: 'roster', ...common }, environment);
  return {
    ...folder,
    roster,
    accounts: openConnector({ type: 'account-files', name: 'accounts', ...common }, environment),
    courses: openConnector({ type: 'course-files', name: 'courses', ...common, states: ['取消'] }, environment),
    async read(name, content) {
      await put(name, content);
      const part = { source: 'roster/064601', drop: 'roster', files: [name] };
      return (await handOver(roster, part))[0]!;
    },
  };
}
