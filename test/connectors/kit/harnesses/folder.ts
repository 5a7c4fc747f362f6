import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file below a folder with its size, time and content: what reading leaves as it is. */
export async function traceOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const lines = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs, isFile } = await stat(path).then((s) => ({ ...s, isFile: s.isFile() }));
      const digest = isFile
        ? createHash('sha256')
            .update(await readFile(path))
            .digest('hex')
        : 'folder';
      return `${name} ${size} ${mtimeMs} ${digest}`;
    }),
  );
  return lines.sort();
}

/** Bytes of every file below a folder. */
export async function contentsOf(folder: string): Promise<Buffer[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(found.filter((one) => one.isFile()).map((one) => readFile(join(one.parentPath, one.name))));
}
