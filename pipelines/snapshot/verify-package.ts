/**
 * Verifies a snapshot from its files alone: each against the manifest, the manifest against itself and its signature. With the key that came with the files
 * damage is found; an author is proven only by a key that whoever verifies got from elsewhere.
 */
import { ExpectedError } from '../../schemas/expected-error.ts';
import {
  KEYS_PATH,
  MANIFEST_PATH,
  type ManifestResource,
  SIGNATURE_PATH,
  type SnapshotManifest,
  type SnapshotProblem,
  type SnapshotVerified,
  snapshotManifest,
} from '../../schemas/snapshot.ts';
import type { PublicKey } from '../../warehouse/signing-keys.ts';
import { canonicalJson, fingerprintOf } from './canonical-json.ts';
import { type Measured, measure, UnlikeFormatError } from './readers/file-reader.ts';
import { readerOf } from './readers/reader-of.ts';
import { verifySignature } from './verify-signature.ts';

const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
const MAX_SIGNATURE_BYTES = 64 * 1024;

/** A file that is there and cannot be read. */
export class UnreadableFileError extends ExpectedError {
  override readonly name: string = 'UnreadableFileError';
}

/** Its rows were shredded at the end of their purpose: only what proves it can be verified. */
export class ShreddedFileError extends UnreadableFileError {}

/** Where the files of a snapshot are: a folder, or the database. */
export interface PackageFiles {
  list(): Promise<{ path: string; regular: boolean }[]>;
  /** Reading throws UnreadableFileError where the file itself is at fault. */
  open(path: string): AsyncIterable<Uint8Array>;
}

type Verdict = SnapshotVerified['files'][number];

async function readSmall(files: PackageFiles, path: string, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of files.open(path)) {
    bytes += piece.length;
    if (bytes > most) throw new UnreadableFileError(`is larger than ${most} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function parseManifest(text: string): { manifest: SnapshotManifest | null; problems: SnapshotProblem[] } {
  const problem = (code: SnapshotProblem['code'], message: string): SnapshotProblem => ({
    file: MANIFEST_PATH,
    code,
    message,
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { manifest: null, problems: [problem('manifest-invalid', `is not JSON: ${(error as Error).message}`)] };
  }
  const parsed = snapshotManifest.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) =>
      problem('manifest-invalid', `${issue.path.join('.') || '(top level)'}: ${issue.message}`),
    );
    return { manifest: null, problems };
  }
  const manifest = parsed.data;
  const problems: SnapshotProblem[] = [];
  const fingerprint = fingerprintOf(json as SnapshotManifest);
  if (fingerprint !== manifest.mingce.fingerprint || canonicalJson(json) !== text) {
    const found = `its fingerprint is ${fingerprint}, it says ${manifest.mingce.fingerprint}`;
    problems.push(problem('manifest-changed', `was changed after it was made: ${found}`));
  }
  return {
    manifest,
    problems: [...problems, ...contradictions(manifest).map((m) => problem('manifest-inconsistent', m))],
  };
}

/** What a manifest says in two places must agree. */
function contradictions({ name, resources, mingce }: SnapshotManifest): string[] {
  const id = `${mingce.campaign.id}-${mingce.kind}-v${mingce.version}`;
  const covered = mingce.coverage.reduce((sum, entry) => sum + entry.teachers, 0);
  return [
    ...(name === id ? [] : [`is named ${name}, and describes ${id}`]),
    ...resources
      .filter((resource) => resource.rows !== mingce.counts.rows && resource.type === 'table')
      .map((resource) => `counts ${mingce.counts.rows} rows, and ${resource.path} has ${resource.rows}`),
    ...(new Set(resources.map((resource) => resource.path)).size === resources.length ? [] : ['names a file twice']),
    ...(mingce.counts.teachers === covered
      ? []
      : [`counts ${mingce.counts.teachers} teachers, and its coverage ${covered}`]),
  ];
}

async function verifyResource(
  files: PackageFiles,
  resource: ManifestResource,
): Promise<{ verdict: Verdict; problems: SnapshotProblem[] }> {
  const { path } = resource;
  const known = readerOf(resource);
  let measured: Measured;
  try {
    measured = await measure(files.open(path), known?.reader ?? null);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    const code = error instanceof ShreddedFileError ? 'shredded' : 'unreadable';
    const problem: SnapshotProblem = { file: path, code, message: error.message };
    return { verdict: { path, ok: false, bytes: 0, rows: null }, problems: [problem] };
  }
  const { bytes, hash, contents } = measured;
  const problems: SnapshotProblem[] = [];
  const expect = (code: SnapshotProblem['code'], what: string, found: string | number, said: string | number): void => {
    if (found !== said) problems.push({ file: path, code, message: `${what} ${found}, the manifest says ${said}` });
  };
  expect('bytes', 'has bytes:', bytes, resource.bytes);
  expect('hash', 'has', hash, resource.hash);
  if (contents instanceof UnlikeFormatError)
    problems.push({ file: path, code: 'format', message: `is no ${resource.format} file: ${contents.message}` });
  else if (contents && known) {
    expect('rows', 'has rows:', contents.rows, resource.rows);
    if (contents.head !== null) expect('header', 'begins with', contents.head.trimEnd(), known.head.trimEnd());
  }
  const rows = contents && 'rows' in contents ? contents.rows : null;
  return { verdict: { path, ok: problems.length === 0, bytes, rows }, problems };
}

interface Opened {
  manifest: Buffer;
  signature: string;
  keys: string;
}

/** The files that say what the others must be; null where one is not there or cannot be read, which is told. */
async function openProofs(
  files: PackageFiles,
  present: Awaited<ReturnType<PackageFiles['list']>>,
  problems: SnapshotProblem[],
): Promise<Opened | null> {
  const read = async (path: string, most: number): Promise<Buffer | null> => {
    const found = present.find((file) => file.path === path);
    if (!found) {
      problems.push({ file: path, code: 'missing', message: 'is not there: this is no snapshot, or not a whole one' });
      return null;
    }
    if (!found.regular) return null;
    try {
      return await readSmall(files, path, most);
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      problems.push({ file: path, code: 'unreadable', message: error.message });
      return null;
    }
  };
  const manifest = await read(MANIFEST_PATH, MAX_MANIFEST_BYTES);
  const signature = await read(SIGNATURE_PATH, MAX_SIGNATURE_BYTES);
  const keys = await read(KEYS_PATH, MAX_SIGNATURE_BYTES);
  if (manifest === null || signature === null || keys === null) return null;
  return { manifest, signature: signature.toString('latin1'), keys: keys.toString('utf8') };
}

export interface Expected {
  /** The id that the manifest must have; null where the place does not say. */
  id: string | null;
  /** Keys of the installation; null where whoever verifies has none. */
  keys: readonly PublicKey[] | null;
}

export async function verifyPackage(files: PackageFiles, { id, keys }: Expected): Promise<SnapshotVerified> {
  const present = await files.list();
  const problems: SnapshotProblem[] = present
    .filter((file) => !file.regular)
    .map((file) => ({ file: file.path, code: 'not-a-file', message: 'is not a regular file' }));
  const readable = new Set(present.filter((file) => file.regular).map((file) => file.path));
  const fail = (): SnapshotVerified => ({ id, ok: false, signature: null, files: [], problems });
  const opened = await openProofs(files, present, problems);
  if (opened === null) return fail();
  const text = opened.manifest.toString('utf8');
  const { manifest, problems: ofManifest } = parseManifest(text);
  problems.push(...ofManifest);
  const { signature, problems: ofSignature } = await verifySignature(opened, keys);
  problems.push(...ofSignature);
  if (manifest === null) return fail();
  if (id !== null && manifest.name !== id)
    problems.push({
      file: MANIFEST_PATH,
      code: 'manifest-inconsistent',
      message: `is of ${manifest.name}, not of ${id}`,
    });
  const proofs: readonly [string, number][] = [
    [MANIFEST_PATH, opened.manifest.length],
    [SIGNATURE_PATH, Buffer.byteLength(opened.signature, 'latin1')],
    [KEYS_PATH, Buffer.byteLength(opened.keys)],
  ];
  const verdicts: Verdict[] = proofs.map(([path, bytes]) => ({
    path,
    ok: problems.every((p) => p.file !== path),
    bytes,
    rows: null,
  }));
  const known = new Set([...proofs.map(([path]) => path), ...manifest.resources.map((r) => r.path)]);
  for (const resource of manifest.resources) {
    if (!readable.has(resource.path)) {
      if (!present.some((file) => file.path === resource.path))
        problems.push({ file: resource.path, code: 'missing', message: 'is in the manifest and not there' });
      verdicts.push({ path: resource.path, ok: false, bytes: 0, rows: null });
      continue;
    }
    const verified = await verifyResource(files, resource);
    verdicts.push(verified.verdict);
    problems.push(...verified.problems);
  }
  for (const { path } of present) {
    if (!known.has(path)) problems.push({ file: path, code: 'extra', message: 'is there and not in the manifest' });
  }
  return { id: manifest.name, ok: problems.length === 0, signature, files: verdicts, problems };
}
