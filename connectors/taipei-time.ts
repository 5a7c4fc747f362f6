/**
 * A moment of a file system or feed as the text that the pipeline keeps: ISO with the offset of Asia/Taipei. The zone has had no
 * daylight saving since 1979, so a fixed offset is exact for every moment at which a file can arrive.
 */
export function taipeiTime(epochMs: number): string {
  const shifted = new Date(epochMs + 8 * 60 * 60 * 1000).toISOString();
  return `${shifted.slice(0, -1)}+08:00`;
}
