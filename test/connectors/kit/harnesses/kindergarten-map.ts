import { rm } from 'node:fs/promises';
import { openConnector } from '../../../../connectors/registry.ts';
import { environmentAt } from '../../support/environment.ts';
import { type Inbox, makeInbox } from '../../support/inbox.ts';
import { mapAnswer, mapItem } from '../../support/map-answer.ts';
import type { Harness } from '../harness.ts';
import { contentsOf, traceOf } from './folder.ts';
import { withField } from './own-field.ts';

const FILE = '401.json';
const itemOf = (i: number) => mapItem(`09401${String(i).padStart(5, '0')}`, '私立', `臺中市私立甲子園${i}幼兒園`);
const items = (count: number): unknown[] => Array.from({ length: count }, (_, i) => itemOf(i));
const answer = (count: number): string => mapAnswer(items(count));

const FAULTS: Readonly<Record<string, { code: string; change: (inbox: Inbox, count: number) => Promise<void> }>> = {
  'an answer that was cut': { code: 'map-json-broken', change: (i, count) => i.put(FILE, answer(count).slice(0, -9)) },
  'a login page': { code: 'map-json-broken', change: (i) => i.put(FILE, '<html>登入</html>') },
  'a key twice': { code: 'map-json-repeated', change: (i) => i.put(FILE, '[{"sid":"a","sid":"b"}]') },
  'no list': { code: 'map-json-shape', change: (i) => i.put(FILE, '{}') },
  'a district without kindergartens': { code: 'map-empty', change: (i) => i.put(FILE, '[]') },
  'sids that are none': {
    code: 'map-district-unknown',
    change: (i) => i.put(FILE, mapAnswer([{ ...itemOf(0), sid: '?' }])),
  },
  'another district than its name says': {
    code: 'map-district-conflict',
    change: (i) => i.put(FILE, mapAnswer([mapItem('0940700001', '私立', '乙幼兒園')])),
  },
  'an inbox that is gone': { code: 'inbox-missing', change: (i) => rm(i.path, { recursive: true }) },
};

export const kindergartenMap: Harness = {
  type: 'kindergarten-map',
  complete: true,
  moment: 'source',
  json: true,
  server: false,
  schools: false,
  several: false,
  leaves: true,
  notWhole: 'an answer that was cut',
  faults: Object.fromEntries(Object.entries(FAULTS).map(([fault, { code }]) => [fault, code])),
  async start(records) {
    const inbox = await makeInbox();
    await inbox.put(FILE, answer(records));
    const change = async (change: (item: Readonly<Record<string, unknown>>) => unknown): Promise<string> => {
      await inbox.put(FILE, mapAnswer(items(records).with(1, change({ ...itemOf(1) }))));
      return itemOf(1).sid;
    };
    return {
      connector: openConnector(
        { type: 'kindergarten-map', name: 'map', inbox: '.', maxBytes: 1024 * 1024, stableSeconds: 0 },
        environmentAt(inbox.path),
      ),
      marks: Array.from({ length: records }, (_, i) => itemOf(i).sid),
      markOf: (row) => row.values.code,
      fields: Object.keys(itemOf(0)),
      secrets: ['甲子園', '24.139', '120.70'],
      trace: () => traceOf(inbox.path),
      sent: () => contentsOf(inbox.path),
      async repeatRow() {
        await inbox.put(FILE, mapAnswer([...items(records), itemOf(0)]));
        return itemOf(0).sid;
      },
      addField: async (name) => void (await change((item) => withField(item, name))),
      changeItem: change,
      textField: 'name',
      async breakRow() {
        await inbox.put(FILE, mapAnswer(items(records).with(2, { ...itemOf(2), name: undefined })));
        return itemOf(2).sid;
      },
      fail: (fault) => FAULTS[fault]!.change(inbox, records),
      close: () => inbox.remove(),
    };
  },
};
