import { API_FAULTS, failApiServer, failOnce } from '../../support/api-faults.ts';
import { answerOf, DIGEST, person, type SchoolAnswer, SECRETS, startCloudSchool } from '../../support/cloudschool.ts';
import type { Harness } from '../harness.ts';
import { withField } from './own-field.ts';

const CLIENT = 'client-064601';
const ANSWERS: Readonly<Record<string, { code: string; change: (answer: SchoolAnswer) => void }>> = {
  'an update time that is none': { code: 'api-shape', change: (a) => (a.更新時間 = '昨天') },
  'a clock of another year': { code: 'api-moment-ahead', change: (a) => (a.更新時間 = '2099-01-01 00:00:00') },
  'a number of people that is not theirs': { code: 'api-total', change: (a) => (a.教職員人數 = 99) },
  'a school without anybody': { code: 'api-empty', change: (a) => (a.學期教職員 = []) },
  'a list that is none': { code: 'api-shape', change: (a) => (a.學期教職員 = {} as never) },
};

export const cloudSchool: Harness = {
  type: 'cloudschool',
  complete: true,
  moment: 'source',
  json: true,
  server: true,
  schools: false,
  several: false,
  leaves: false,
  notWhole: 'a number of people that is not theirs',
  faults: {
    ...API_FAULTS,
    ...Object.fromEntries(Object.entries(ANSWERS).map(([fault, { code }]) => [fault, code])),
    'wrong credentials': 'api-credentials',
  },
  async start(records) {
    const answer = answerOf(Array.from({ length: records }, (_, i) => person(i)));
    const cloud = await startCloudSchool({ [CLIENT]: answer });
    const people = answer.學期教職員;
    const changeItem = async (change: (item: Readonly<Record<string, unknown>>) => unknown): Promise<string> => {
      people[1] = change(people[1]!) as never;
      return 'U1';
    };
    const world = {
      connector: cloud.open(),
      marks: Array.from({ length: records }, (_, i) => `U${i}`),
      markOf: (row: { values: { staffId?: string } }) => row.values.staffId,
      fields: Object.keys(person(0)),
      secrets: [SECRETS[CLIENT]!, 'not-the-secret-at-all', 'token-of-', DIGEST, '王小明'],
      trace: async () => cloud.server.requests.length,
      sent: async () => cloud.server.sent,
      asked: () => cloud.server.requests.map(({ url }) => url.href),
      failOnce: () => failOnce(cloud.server),
      async repeatRow() {
        people.push(people[0]!);
        return 'U0';
      },
      addField: async (name: string) => void (await changeItem((item) => withField(item, name))),
      changeItem,
      textField: '職稱',
      async breakRow() {
        Object.assign(people[2]!, { 姓名: undefined });
        return 'U2';
      },
      async fail(fault: string) {
        if (fault === 'wrong credentials') world.connector = cloud.open({}, () => 'not-the-secret-at-all');
        else if (!(await failApiServer(cloud.server, fault))) ANSWERS[fault]!.change(answer);
      },
      close: () => cloud.server.close(),
    };
    return world;
  },
};
