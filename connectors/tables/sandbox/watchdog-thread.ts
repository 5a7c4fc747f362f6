/**
 * Beside the reading thread of a child, which may be busy for long: ends the process when it takes too much memory (also buffers, which
 * stand outside JavaScript's heap), and when its parent is gone.
 */
import { workerData } from 'node:worker_threads';

const EVERY_MS = 20;
const MIB = 1024 * 1024;
const { parent, memoryMiB, signal } = workerData as { parent: number; memoryMiB: number; signal: NodeJS.Signals };

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  if (process.memoryUsage.rss() > memoryMiB * MIB) process.kill(process.pid, signal);
}, EVERY_MS);
