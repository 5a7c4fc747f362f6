/** An SFTP server on loopback that serves a folder, but where a test steps in. Nothing of the product's own code is in it. */
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';
import { makeSshKey } from './ssh-key.ts';

export type SftpStep = 'OPENDIR' | 'LSTAT' | 'OPEN' | 'READ' | 'REMOVE';
/** What a test makes of a step: go on, never answer, cut the connection, or refuse it. */
export type Intercept = (step: SftpStep, path: string) => 'go' | 'hang' | 'cut' | 'refuse' | Promise<'go'>;

export interface SftpServer {
  port: number;
  hostKey: string;
  /** Private key of the user who may log in by it. */
  userKey: string;
  steps: string[];
  intercept: Intercept;
  onConnect(): void;
  /** Somebody says who they are. */
  onLogin(): void;
  close(): Promise<void>;
}

export const USER = 'bureau';
export const PASSWORD = 'correct horse';
const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

export async function startSftpServer(root: string, hostKeys = makeSshKey()): Promise<SftpServer> {
  const user = makeSshKey();
  const allowed = ssh2.utils.parseKey(user.public) as ssh2.ParsedKey;
  const connections = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKeys.private] }, (client) => {
    connections.add(client);
    sftp.onConnect();
    client.on('error', () => undefined); // Connections are cut on purpose.
    client.on('close', () => connections.delete(client));
    client.on('authentication', (auth) => {
      sftp.onLogin();
      const byKey =
        auth.method === 'publickey' &&
        auth.key.data.equals(allowed.getPublicSSH()) &&
        (!auth.signature || allowed.verify(auth.blob!, auth.signature, auth.hashAlgo) === true);
      if (auth.username === USER && (byKey || (auth.method === 'password' && auth.password === PASSWORD)))
        auth.accept();
      else auth.reject(['publickey', 'password']);
    });
    client.on('ready', () => {
      (client as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true); // Untyped; without it each answer waits 40 ms.
      client.on('session', (accept) => accept().on('sftp', (acceptSftp) => serve(acceptSftp(), root, sftp, client)));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const key = (ssh2.utils.parseKey(hostKeys.public) as ssh2.ParsedKey).getPublicSSH();
  const sftp: SftpServer = {
    port: (server.address() as AddressInfo).port,
    hostKey: `SHA256:${createHash('sha256').update(key).digest('base64').replaceAll('=', '')}`,
    userKey: user.private,
    steps: [],
    intercept: () => 'go',
    onConnect: () => undefined,
    onLogin: () => undefined,
    close: () =>
      new Promise((done) => {
        for (const client of connections) client.end();
        server.close(() => done());
      }),
  };
  return sftp;
}

interface Handle {
  path: string;
  file?: FileHandle;
  /** Still to be listed. */
  entries?: FileEntry[];
}

function serve(wire: SFTPWrapper, root: string, server: SftpServer, client: ssh2.Connection): void {
  const handles = new Map<number, Handle>();
  let last = 0;
  const keep = (handle: Handle): Buffer => {
    const name = Buffer.alloc(4);
    name.writeUInt32BE(++last);
    handles.set(last, handle);
    return name;
  };
  const held = (name: Buffer): Handle => handles.get(name.readUInt32BE())!;

  const step = async (id: number, name: SftpStep, path: string, work: () => Promise<void>): Promise<void> => {
    server.steps.push(`${name} ${path}`);
    const what = await server.intercept(name, path);
    if (what === 'hang') return;
    if (what === 'cut') {
      client.end();
      return;
    }
    if (what === 'refuse') return wire.status(id, STATUS_CODE.PERMISSION_DENIED);
    try {
      await work();
    } catch (error) {
      const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      wire.status(id, gone ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE);
    }
  };

  wire.on('OPENDIR', (id, path) =>
    step(id, 'OPENDIR', path, async () => {
      const names = await readdir(join(root, path));
      const entries = names.map(
        (filename): FileEntry => ({ filename, longname: filename, attrs: attributes(join(root, path, filename)) }),
      );
      wire.handle(id, keep({ path, entries }));
    }),
  );
  wire.on('READDIR', (id, name) => {
    const { entries = [] } = held(name);
    if (entries.length === 0) return wire.status(id, STATUS_CODE.EOF);
    wire.name(id, entries.splice(0, 3));
  });
  wire.on('LSTAT', (id, path) =>
    step(id, 'LSTAT', path, async () => {
      await lstat(join(root, path));
      wire.attrs(id, attributes(join(root, path)));
    }),
  );
  wire.on('OPEN', (id, path, flags) =>
    step(id, 'OPEN', path, async () => {
      const file = await open(join(root, path), flags & OPEN_MODE.APPEND ? 'a' : 'r', 0o600);
      wire.handle(id, keep({ path, file }));
    }),
  );
  wire.on('FSTAT', async (id, name) => {
    const { size, mtimeMs, mode, uid, gid } = await held(name).file!.stat();
    wire.attrs(id, { size, mode, uid, gid, atime: 0, mtime: Math.floor(mtimeMs / 1000) });
  });
  wire.on('READ', (id, name, offset, length) =>
    step(id, 'READ', held(name).path, async () => {
      const { bytesRead, buffer } = await held(name).file!.read(Buffer.alloc(length), 0, length, offset);
      if (bytesRead === 0) wire.status(id, STATUS_CODE.EOF);
      else wire.data(id, buffer.subarray(0, bytesRead));
    }),
  );
  wire.on('WRITE', async (id, name, _offset, data) => {
    await held(name).file!.appendFile(data);
    wire.status(id, STATUS_CODE.OK);
  });
  wire.on('CLOSE', async (id, name) => {
    await held(name).file?.close();
    handles.delete(name.readUInt32BE());
    wire.status(id, STATUS_CODE.OK);
  });
  wire.on('REMOVE', (id, path) =>
    step(id, 'REMOVE', path, async () => {
      await rm(join(root, path));
      wire.status(id, STATUS_CODE.OK);
    }),
  );
  wire.on('close', () => {
    for (const { file } of handles.values()) void file?.close();
  });
}

function attributes(path: string): Attributes {
  const { size, mtimeMs, mode, uid, gid } = lstatSync(path);
  return { size, mode, uid, gid, atime: 0, mtime: Math.floor(mtimeMs / 1000) };
}
