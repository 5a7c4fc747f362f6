/** What the stories of the rules share: a small installation beside a care system, files that schools send, and the roster as a bureau clerk would ask for it. */
import path from 'node:path';
import { readCampaigns, readConfig } from '../../cli/read-config.ts';
import { accountRequests, recordDone } from '../../pipelines/accounts/requests.ts';
import { checkDigit } from '../../samples/world/identifiers.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import type { Asked } from '../../schemas/outputs/account-requests.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { type CareData, type CareServer, startCareServer } from '../connectors/support/care-server.ts';
import { openSmallInstallation, type SmallInstallation, type SmallOptions } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

/** The planning year of the letter, as `samples/campaigns/113.yaml` has it. */
export function campaign113(): Campaign {
  const { config, configDir } = readConfig(path.resolve('samples/mingce.yaml'));
  return readCampaigns(config, configDir).find(({ id }) => id === '113') as Campaign;
}

/** A made-up national id whose checksum holds. @param first9 letter, sex and seven digits */
export const nationalId = (first9: string): string => `${first9}${checkDigit(first9)}`;

export interface Story {
  small: SmallInstallation;
  /** What the care system says from now on. */
  care: CareData;
  /** The night at 02:00 of a day, as the care system stands at 01:00. @throws where a source failed, for then the story tells of something else */
  night(day: string): Promise<SyncResult>;
  /** Who serves where on a day, as known now: `王小明 064601 教師`; a secondary post and a leave are said. */
  serving(day: string): Promise<string[]>;
  /** Institution, or what else it is about, of the open exceptions of a code. */
  open(code: string): Promise<string[]>;
  /** A school hands in its list of accounts on the afternoon of a day. */
  accountsSent(school: string, day: string, lines: readonly string[]): Promise<void>;
  /** 本市教師研習中心 did what is asked about an account of a 總負責人, and a clerk of the bureau records it (R18). */
  centreDid(account: string, asked: Asked): Promise<void>;
  /** The id of a person by name. */
  personId(name: string): Promise<number>;
  close(): Promise<void>;
}

/** @param told what the care system says at first; left out, there is none */
export async function openStory(
  told: Omit<CareData, 'asOf'> | null = null,
  options: Omit<SmallOptions, 'sources' | 'only'> = {},
): Promise<Story> {
  const care: CareData = { asOf: '', institutions: [], staff: [], ...told };
  const server: CareServer = await startCareServer(care);
  const source = { ...server.config, pageSize: 50, name: 'care' };
  const small = await openSmallInstallation(1, { ...options, sources: told === null ? [] : [source] });
  const lines = async (sql: string, params: readonly string[]): Promise<string[]> =>
    (await small.db.raw(sql, params as string[])).rows.map((r: { line: string }) => r.line).sort();
  return {
    small,
    care,
    night: async (day) => {
      care.asOf = `${day}T01:00:00+08:00`;
      const result = await small.night(`${day}T02:00:00+08:00`);
      const failed = result.sources.filter(({ status }) => status === 'failed').map((one) => one.source);
      if (result.status !== 'complete' || failed.length > 0)
        throw new Error(`${result.status}, failed: ${failed.join()}`);
      return result;
    },
    serving: (day) =>
      lines(
        `SELECT concat_ws(' ', p.name, c.code, v.title, CASE WHEN NOT v.is_primary THEN '兼' END, CASE WHEN v.on_leave THEN '留停' END) AS line
         FROM warehouse.assignment a
         JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_from <= ? AND v.valid_to > ?
         JOIN warehouse.institution_code c ON c.institution_id = a.institution_id AND c.system IN ('school', 'care')
         JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'`,
        [day, day],
      ),
    open: (code) =>
      lines(
        `SELECT coalesce(institution_key, subject) AS line FROM review.exception WHERE closed_at IS NULL AND code = ?`,
        [code],
      ),
    accountsSent: (school, day, lines) =>
      small.send(`${school}-${day}.csv`, `${day}T15:00:00+08:00`, lines, 'accounts'),
    centreDid: async (account, asked) => {
      if ((await small.db('ops.app_user').where({ name: LIN.name })).length === 0)
        await addBureau(small.db, [LIN.name]);
      const request = (await accountRequests(small.db)).find((one) => one.account === account);
      if (request === undefined) throw new Error(`nothing is asked about ${account}`);
      const at = '2024-07-02T09:00:00+08:00';
      await recordDone(small.db, {
        number: request.number,
        asked,
        digest: request.digest ?? '',
        reason: '研習中心來文',
        by: LIN,
        at,
        handedInBy: new Map(),
      });
    },
    personId: async (name) => {
      const { rows } = await small.db.raw(
        `SELECT DISTINCT person_id AS id FROM warehouse.person_version WHERE name = ? AND recorded_to = 'infinity'`,
        [name],
      );
      if (rows.length !== 1) throw new Error(`${rows.length} people are called ${name}`);
      return rows[0].id;
    },
    close: async () => {
      await small.close();
      await server.close();
    },
  };
}
