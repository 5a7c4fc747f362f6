/**
 * Downloads one address again and again over so many connections for so long, in a process of its own: a socket takes the next answer as soon as it has the last one.
 * Sockets without an HTTP library, and one buffer for what comes, so that the client takes as little as it can of the cores that the server needs. Each answer is held to status and length.
 * Answers one JSON line: `{ requests, seconds }`. The token, where there is one, comes on stdin. Usage: node bench/api-load.ts PORT PATH BYTES CONNECTIONS SECONDS
 */
import { readFileSync } from 'node:fs';
import net from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

interface Order {
  port: number;
  path: string;
  /** Empty for none. */
  token: string;
  /** Length of each answer, or it is none. */
  bytes: number;
  until: number;
}

/** @returns answers that came whole until the time was over. @throws at the first that is not 200, of another length, or cut */
function keepBusy({ port, path, token, bytes, until }: Order): Promise<number> {
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${token ? `Authorization: Bearer ${token}\r\n` : ''}\r\n`;
  return new Promise((resolve, reject) => {
    let answers = 0;
    let left = 0;
    let head = Buffer.alloc(0);
    const fail = (why: string): void => {
      socket.destroy();
      reject(new Error(`${path}: ${why}`));
    };
    const ask = (): void => {
      if (performance.now() < until) socket.write(request);
      else socket.destroy();
    };
    /** @returns where the body begins in the piece, or null as long as the head is not whole */
    const readHead = (piece: Buffer): number | null => {
      const known = head.length;
      const all = known === 0 ? piece : Buffer.concat([head, piece]);
      const end = all.indexOf(HEAD_END);
      if (end === -1) {
        head = Buffer.from(all);
        return null;
      }
      const text = all.toString('latin1', 0, end);
      head = Buffer.alloc(0);
      if (!text.startsWith('HTTP/1.1 200 ')) fail(`answered ${text.slice(0, text.indexOf('\r'))}`);
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1]);
      if (length !== bytes) fail(`${length} bytes, expected ${bytes}`);
      left = bytes;
      return end + HEAD_END.length - known;
    };
    const take = (size: number, buffer: Uint8Array): boolean => {
      const piece = Buffer.from(buffer.buffer, buffer.byteOffset, size);
      const at = left > 0 ? 0 : readHead(piece);
      if (at === null) return true;
      left -= size - at;
      if (left > 0) return true;
      if (performance.now() < until) answers += 1;
      ask();
      return true;
    };
    const socket = net.connect({
      port,
      host: '127.0.0.1',
      onread: { buffer: Buffer.alloc(256 * 1024), callback: take },
    });
    socket.setNoDelay(true);
    socket.on('connect', ask);
    socket.on('error', (error) => reject(error));
    socket.on('close', () => (performance.now() < until ? reject(new Error(`${path}: cut`)) : resolve(answers)));
  });
}

async function main([port, path = '', bytes, connections, seconds]: string[]): Promise<void> {
  const token = readFileSync(0, 'utf8');
  const until = performance.now() + Number(seconds) * 1000;
  const order = { port: Number(port), path, token, bytes: Number(bytes), until };
  const answers = await Promise.all(Array.from({ length: Number(connections) }, () => keepBusy(order)));
  const requests = answers.reduce((total, n) => total + n, 0);
  process.stdout.write(`${JSON.stringify({ requests, seconds: Number(seconds) })}\n`);
}

await main(process.argv.slice(2));
