import type { Installation } from './installation.ts';

/** By the name of each configured source, the users who hand in what it brings: they decide on nothing that comes of it (I6). */
export const handedInBy = ({ config }: Installation): ReadonlyMap<string, readonly string[]> =>
  new Map(config.sources.map((source) => [source.name, ('handedInBy' in source && source.handedInBy) || []]));
