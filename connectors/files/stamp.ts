/**
 * What tells a file from what it was, and when it arrived, as one text that a run keeps of each file it found: size, modification time, arrival, and what
 * else the file system tells it by (a folder here: its change time and inode; a server tells nothing more).
 */
export const stampOf = (bytes: bigint | number, modifiedNs: bigint, arrivedNs = modifiedNs, identity = ''): string =>
  [bytes, modifiedNs, arrivedNs, identity].join(':');

/** All but the arrival: the same, and nobody touched the file meanwhile. */
export function fileOf(stamp: string): string {
  const [bytes, modified, , identity = ''] = stamp.split(':');
  return `${bytes}:${modified}:${identity}`;
}

/** Whether two stamps are of one file that nobody touched between them, whatever was learned of its arrival. */
export const sameFile = (one: string, other: string): boolean => fileOf(one) === fileOf(other);

/** @param arrived milliseconds since 1970 */
export function arrivingAt(stamp: string, arrived: number): string {
  const [bytes, modified, , identity = ''] = stamp.split(':');
  return [bytes, modified, BigInt(arrived) * 1_000_000n, identity].join(':');
}

const milliseconds = (ns: string | undefined): number => Number(BigInt(ns ?? '0') / 1000n) / 1000;

/** When the file of a stamp arrived, milliseconds since 1970, to the microsecond. */
export function arrivedOf(stamp: string): number {
  const [, modified, arrived] = stamp.split(':');
  return milliseconds(arrived ?? modified);
}

/** Its modification time, likewise. */
export const modifiedOf = (stamp: string): number => milliseconds(stamp.split(':')[1]);
