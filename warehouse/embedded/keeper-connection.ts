import { connect, type Socket } from 'node:net';
import { errorCode } from './error-code.ts';
import { clusterBase, type HomeLayout, keeperSocket, runDirectory, trustedUids } from './home-layout.ts';
import { type KeeperMessage, parseMessage } from './keeper-protocol.ts';

/** Nobody listens: no keeper, one that died, one that is about to listen, or one that just closed. */
const NOBODY_THERE = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTDIR']);

/** Connects to the keeper of a home, which makes us its client, or answers undefined when none listens. */
export async function connectToKeeper(layout: HomeLayout): Promise<Socket | undefined> {
  const run = runDirectory(clusterBase(layout), trustedUids(layout));
  if (run === undefined) return undefined;
  const socket = connect(keeperSocket(run));
  return await new Promise((resolve, reject) => {
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      // A keeper that is killed resets the connection; `close` follows and is what counts.
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', (error) => {
      if (NOBODY_THERE.has(errorCode(error) ?? '')) resolve(undefined);
      else reject(error);
    });
  });
}

/** The keeper's first message, or undefined when it went away without a word. */
export async function firstMessage(socket: Socket, signal: AbortSignal): Promise<KeeperMessage | undefined> {
  return await new Promise((resolve, reject) => {
    let received = '';
    const giveUp = () => {
      socket.destroy();
      reject(signal.reason);
    };
    const onData = (text: string) => {
      received += text;
      const end = received.indexOf('\n');
      if (end === -1) return;
      signal.removeEventListener('abort', giveUp);
      socket.off('data', onData);
      socket.resume();
      try {
        resolve(parseMessage(received.slice(0, end)));
      } catch (error) {
        socket.destroy();
        reject(error);
      }
    };
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    socket.setEncoding('utf8');
    socket.on('data', onData);
    socket.once('close', () => {
      signal.removeEventListener('abort', giveUp);
      resolve(undefined);
    });
  });
}
