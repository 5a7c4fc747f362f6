/** The root of a thread that fills the blanks of blocks, one after the other, and gives them back. */
import { parentPort, workerData } from 'node:worker_threads';
import { keyringOf } from '../../warehouse/keyring.ts';
import { fillBlanks } from './fill-blanks.ts';
import type { Block } from './line-block.ts';

const keyring = keyringOf(workerData);

parentPort?.on('message', (block: Block) => {
  const filled = fillBlanks(keyring, block);
  parentPort?.postMessage(filled, [filled.bytes.buffer]);
});
