/** Whether a folder is what the bureau signed: offline, with keys that came another way. Node alone, no package. */
import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RefusedError } from './api-client.ts';

export interface Manifest {
  name: string;
  resources: {
    path: string;
    format: string;
    bytes: number;
    hash: string;
    rows: number;
    schema?: { fields: { name: string; type: string; constraints?: { required?: boolean } }[] };
  }[];
  mingce: { campaign: { id: string }; kind: string; version: number; fingerprint: string };
}
type Jwk = JsonWebKey & { kid?: string };

/** @throws RefusedError */
function headerOf(text: string): { alg?: string; kid?: string } {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw new RefusedError('the signature is no JWS');
  }
}

/** Detached JWS (RFC 7515, appendix F) with Ed25519 (RFC 8037). @throws RefusedError */
function holdSignature(manifest: Buffer, jws: string, keys: readonly Jwk[]): void {
  const [header = '', between, signature = ''] = jws.trim().split('.');
  const { alg, kid } = headerOf(header);
  const jwk = keys.find((key) => key.kid === kid && key.kty === 'OKP' && key.crv === 'Ed25519');
  if (between !== '' || alg !== 'EdDSA' || !jwk)
    throw new RefusedError(`the manifest is signed by no key that is known (${kid ?? 'none'})`);
  const signed = Buffer.from(`${header}.${manifest.toString('base64url')}`);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  if (!verify(null, signed, key, Buffer.from(signature, 'base64url')))
    throw new RefusedError('the signature does not prove the manifest: one of the two was changed');
}

async function holdFile(file: string, { bytes, hash }: { bytes: number; hash: string }): Promise<void> {
  const digest = createHash('sha256');
  let size = 0;
  for await (const piece of createReadStream(file)) {
    digest.update(piece);
    size += piece.length;
  }
  if (size !== bytes || `sha256:${digest.digest('hex')}` !== hash)
    throw new RefusedError(`${path.basename(file)} is not the one that was signed`);
}

/**
 * @param taken files of the manifest that were fetched
 * @throws RefusedError where anything is not as it was signed, or it is another snapshot than was asked for
 */
export async function verifyFolder(
  dir: string,
  keys: readonly Jwk[],
  asked: { id: string; campaign: string; kind: string },
  taken: readonly string[],
): Promise<Manifest> {
  const bytes = await readFile(path.join(dir, 'datapackage.json'));
  holdSignature(bytes, await readFile(path.join(dir, 'datapackage.json.jws'), 'utf8'), keys);
  const manifest = JSON.parse(bytes.toString()) as Manifest;
  const { campaign, kind } = manifest.mingce;
  if (manifest.name !== asked.id || campaign.id !== asked.campaign || kind !== asked.kind)
    throw new RefusedError(`asked for ${asked.id}, and ${manifest.name} came`);
  for (const name of taken) {
    const resource = manifest.resources.find((r) => r.path === name);
    if (!resource) throw new RefusedError(`${name} is not in the manifest`);
    await holdFile(path.join(dir, name), resource);
  }
  return manifest;
}
