/** What was never shown approved: a record that is under review on the first night and has been on every night since (R13). */
import type { Chronicle } from '../world/chronicle.ts';

export function neverShown(chronicle: Chronicle, index: number, key: string): boolean {
  for (let night = 0; night <= index; night++) if (!chronicle.chapter(night).world.proposals.has(key)) return false;
  return true;
}
