/**
 * Size, modification time and arrival of a file as one text, which a run keeps of each file that it found. Where the modification time counts as the
 * arrival it stands once.
 */
export const stampOf = (bytes: bigint | number, modifiedNs: bigint, arrivedNs = modifiedNs): string =>
  [bytes, modifiedNs, ...(arrivedNs === modifiedNs ? [] : [arrivedNs])].join(':');

/** Whether two stamps are of the same content: of the same size, not modified since. */
export function sameContent(one: string, other: string): boolean {
  const content = (stamp: string): string => stamp.split(':', 2).join(':');
  return content(one) === content(other);
}

/** When the file of a stamp arrived, milliseconds since 1970, to the microsecond. */
export const arrivedOf = (stamp: string): number =>
  Number(BigInt(stamp.slice(stamp.lastIndexOf(':') + 1)) / 1000n) / 1000;
