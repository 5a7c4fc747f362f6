import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Connector } from '../../../connectors/contract.ts';
import { openConnector } from '../../../connectors/registry.ts';
import { environmentAt } from './environment.ts';
import { type HandedOver, handOver, temporaryFolder } from './handover.ts';

export interface Inbox {
  path: string;
  roster: Connector;
  accounts: Connector;
  courses: Connector;
  /** `arrived` is the moment that the file's time says. */
  put(name: string, content: string | Uint8Array, arrived?: string): Promise<void>;
  /** Puts one roster and takes what comes of it. */
  read(name: string, content: string | Uint8Array): Promise<HandedOver>;
  remove(): Promise<void>;
}

export const ARRIVED = '2024-08-01T10:00:00+08:00';

export async function makeInbox(): Promise<Inbox> {
  const { path, remove } = await temporaryFolder();
  const environment = environmentAt(path);
  const common = { inbox: '.', maxBytes: 64 * 1024 * 1024, complete: true, stableSeconds: 0 };
  const roster = openConnector({ type: 'roster-files', name: 'roster', ...common }, environment);
  const put = async (name: string, content: string | Uint8Array, arrived = ARRIVED): Promise<void> => {
    const full = join(path, name);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, content);
    await utimes(full, new Date(arrived), new Date(arrived));
  };
  return {
    path,
    remove,
    put,
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
