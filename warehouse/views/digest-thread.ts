/** The root of a thread that opens identifiers and answers their digests, block by block. */
import { parentPort, workerData } from 'node:worker_threads';
import { keyringOf } from '../keyring.ts';
import { digestsOf } from './snapshot-digests.ts';

const keyring = keyringOf(workerData);

parentPort?.on('message', (asked: string) => parentPort?.postMessage(digestsOf(keyring, asked)));
