/**
 * Which files of a folder have arrived before the run's moment, and when. In a rehearsal and in a folder here a time of the file tells; on a server any
 * client can set its times, so there a file arrived when we first saw it as it is.
 */
import type { ConnectorContext } from '../contract.ts';
import { type Folder, type InboxStore, oldestFirst } from './inbox-store.ts';
import { arrivingAt } from './stamp.ts';

export const withArrivals = (folder: Folder): InboxStore => ({
  ...folder,
  async list({ now }) {
    const { files, ...rest } = await folder.list();
    return { ...rest, files: files.filter(({ arrived }) => arrived < Date.parse(now)).sort(oldestFirst) };
  },
});

const sightsOf = ({ sights }: ConnectorContext): NonNullable<ConnectorContext['sights']> => {
  if (sights) return sights;
  throw new Error('an inbox on a server is looked at without a memory of what was seen there');
};

/** @param source name of the source whose inbox it is */
export const withSights = (folder: Folder, source: string): InboxStore => ({
  ...folder,
  async list(ctx) {
    const { files, ...rest } = await folder.list();
    const sights = await sightsOf(ctx)(source, files);
    const arrived = files.flatMap((file, i) => {
      const sight = sights[i];
      if (!sight?.counts) return [];
      const stamp = arrivingAt(file.stamp, sight.arrived);
      return [{ ...file, stamp, arrived: sight.arrived, unchangedFor: sight.unchangedFor }];
    });
    return { ...rest, files: arrived.sort(oldestFirst) };
  },
  async look(ctx) {
    await sightsOf(ctx)(source, (await folder.list()).files);
  },
});
