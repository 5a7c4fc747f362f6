import { openConnector } from '../../../connectors/registry.ts';
import { sourceConfig } from '../../../schemas/config.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { environmentAt } from './environment.ts';

export type Person = Record<string, unknown>;
export interface SchoolAnswer {
  更新時間: string;
  學期教職員: Person[];
  [key: string]: unknown;
}

/** SHA-256 of A123456789. */
export const DIGEST = '51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13';
export const SECRETS: Readonly<Record<string, string>> = {
  'client-064601': 'secret-of-the-school-064601',
  'client-064602': 'secret-of-the-school-064602',
};

export const person = (i: number, changes: Person = {}): Person => ({
  姓名: `王小明${i}`,
  性別: '男',
  帳號: `wang${i}`,
  UID: `U${i}`,
  UID2: null,
  身分證編碼: DIGEST,
  處室: '教務處',
  職稱: '教學組長',
  任教科目: [
    { 年級: 3, 班序: 1, 科目: '國語', 時數: 6 },
    { 年級: 3, 班序: 2, 科目: '國語', 時數: 6 },
    { 年級: 4, 班序: 1, 科目: '社會', 時數: 3 },
  ],
  ...changes,
});

export const answerOf = (people: Person[], changes: Record<string, unknown> = {}): SchoolAnswer => ({
  學年: 113,
  學期: 1,
  學期開始日期: '2024-08-01',
  學期結束日期: '2025-01-31',
  更新時間: '2024-08-01 01:23:45',
  單位資料: [{ 處室名稱: '教務處', 單位職稱: [{ 職稱: '教學組長', 職別: '教師兼組長' }] }],
  學期教職員: people,
  ...changes,
});

export interface CloudSchool {
  server: ApiServer;
  /** Answers by client; each may be changed, or be text that is sent as it stands. */
  answers: Record<string, SchoolAnswer | string>;
  open(changes?: Record<string, unknown>, secrets?: (name: string) => string): ReturnType<typeof openConnector>;
}

/** `SECRET_064601` holds the secret of the client of that school. */
export const secretOf = (name: string): string => SECRETS[name.replace('SECRET_', 'client-')] ?? '';

export async function startCloudSchool(answers: CloudSchool['answers'], secrets = SECRETS): Promise<CloudSchool> {
  const server = await startApiServer(secrets, (url, client) =>
    url.pathname === '/school/semester-data' && answers[client] !== undefined ? { json: answers[client] } : null,
  );
  return {
    server,
    answers,
    open: (changes = {}, secrets = secretOf) =>
      openConnector(
        sourceConfig.parse({
          type: 'cloudschool',
          name: 'cloud',
          url: `${server.url}/school`,
          maxResponseBytes: 1024 * 1024,
          requestTimeoutSeconds: 5,
          retryPauseSeconds: 0.002,
          schools: Object.keys(answers).map((clientId) => ({
            code: clientId.replace('client-', ''),
            clientId,
            clientSecretEnv: clientId.replace('client-', 'SECRET_'),
          })),
          ...changes,
        }),
        { ...environmentAt('/'), secrets },
      ),
  };
}
