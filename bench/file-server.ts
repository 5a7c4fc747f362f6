/** What serves the same files from disk, to measure against: nginx where it is on the PATH, else a plain server of Node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface FileServer {
  name: string;
  port: number;
  stop(): Promise<void>;
}

const onPath = (program: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A worker for each core, files by sendfile, connections kept open, no line written for a request. */
const configOf = (folder: string, root: string, port: number): string => `
daemon off; worker_processes auto; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`).join(' ')}
  server { listen 127.0.0.1:${port}; root ${root}; }
}`;

async function answers(port: number): Promise<boolean> {
  const socket = net.connect({ port, host: '127.0.0.1' });
  const open = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return open;
}

/** @param root folder of the files; anybody may read them. @param work folder for what nginx writes */
export async function openFileServer(root: string, work: string): Promise<FileServer> {
  const nginx = onPath('nginx');
  const port = await freePort();
  const folder = path.join(work, 'nginx');
  await mkdir(folder);
  await writeFile(path.join(folder, 'nginx.conf'), configOf(folder, root, port));
  const [program, args] = nginx
    ? [nginx, ['-e', path.join(folder, 'error.log'), '-c', path.join(folder, 'nginx.conf')]]
    : [process.execPath, [path.join(import.meta.dirname, 'static-server.ts'), root, String(port)]];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    await delay(50);
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { name: nginx ? 'nginx' : 'a plain Node server', port, stop };
}
