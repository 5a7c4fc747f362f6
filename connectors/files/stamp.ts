/** Size and modification time of a file as one text: the same stamp, the same content. A run keeps it of each file that it found. */
export const stampOf = (bytes: bigint | number, modifiedNs: bigint): string => `${bytes}:${modifiedNs}`;

/** When the file of a stamp arrived: its modification time, milliseconds since 1970, to the microsecond. */
export const arrivedOf = (stamp: string): number => Number(BigInt(stamp.slice(stamp.indexOf(':') + 1)) / 1000n) / 1000;
