/** The signature of a manifest against the key that came with it, and against the keys that whoever verifies knows to be the installation's. */
import { KEYS_PATH, SIGNATURE_PATH, type SnapshotProblem, type SnapshotVerified } from '../../schemas/snapshot.ts';
import type { PublicKey } from '../../warehouse/signing-keys.ts';
import { isSignedBy, jwkSet, readJwkSet, signerOf } from './signature.ts';

export interface SignedFiles {
  manifest: Uint8Array;
  signature: string;
  keys: string;
}
export interface SignatureVerdict {
  signature: SnapshotVerified['signature'];
  problems: SnapshotProblem[];
}

const problem = (file: string, code: SnapshotProblem['code'], message: string): SnapshotProblem => ({
  file,
  code,
  message,
});

/** The key of the files: exactly one, in the bytes that we write. */
async function keyOfFiles(text: string): Promise<PublicKey | string> {
  try {
    const [key, ...more] = await readJwkSet(text);
    if (key === undefined || more.length > 0) return 'expected one Ed25519 key';
    return jwkSet([key]) === text ? key : 'was changed after it was made';
  } catch (error) {
    return (error as Error).message;
  }
}

/** @param known keys of the installation; null: only the one that came with the files is asked */
export async function verifySignature(
  files: SignedFiles,
  known: readonly PublicKey[] | null,
): Promise<SignatureVerdict> {
  const fail = (...problems: SnapshotProblem[]): SignatureVerdict => ({ signature: null, problems });
  const key = await keyOfFiles(files.keys);
  if (typeof key === 'string') return fail(problem(KEYS_PATH, 'keys-invalid', key));
  const kid = signerOf(files.signature);
  if (kid === null) return fail(problem(SIGNATURE_PATH, 'signature-wrong', 'is no detached Ed25519 JWS of ours'));
  if (kid !== key.kid)
    return fail(problem(SIGNATURE_PATH, 'signature-wrong', `is of the key ${kid}, and ${KEYS_PATH} holds ${key.kid}`));
  if (known !== null && !known.some((own) => own.kid === kid))
    return fail(problem(SIGNATURE_PATH, 'key-unknown', `is of the key ${kid}, which is not among the keys given`));
  if (!(await isSignedBy(files.signature, files.manifest, key)))
    return fail(
      problem(
        SIGNATURE_PATH,
        'signature-wrong',
        `does not prove this datapackage.json with the key ${kid}: one of the two was changed`,
      ),
    );
  return { signature: { kid, keyFrom: known === null ? 'files' : 'given' }, problems: [] };
}
