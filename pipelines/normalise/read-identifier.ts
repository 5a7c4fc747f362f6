import { hash } from 'node:crypto';
import type { Identifier } from '../../schemas/records.ts';
import { cleanCell, saysNothing } from './clean-text.ts';
import { bareCode, classifyId, type IdReading, looksLikeId } from './national-id.ts';
import type { RowIssues } from './row-issues.ts';

/** Masked or contradictory: the row is rejected and no key is made of it, since it would be another key than that of the last good version. */
export const UNUSABLE = 'unusable';

const DIGEST = /^[0-9a-f]{64}$/;
const MASKED = /[*＊○◯〇●•]|[xX]{3,}/u;
/** SHA-256 of nothing: what a system writes that hashes an empty cell. */
const DIGEST_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Lower-case hex SHA-256, as 身分證編碼 is made; one-shot `crypto.hash` is the fastest that Node has. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** The person's identifier from the plain column, the digest column or both; null when the row has none. */
export function readIdentifier(
  plainRaw: string | undefined,
  digestRaw: string | undefined,
  issues: RowIssues,
): Identifier | null | typeof UNUSABLE {
  const fromPlain = plainRaw === undefined || plainRaw === '' ? null : readPlain(plainRaw, issues);
  if (digestRaw === undefined || digestRaw === '') return fromPlain;
  const fromDigest = readDigest(digestRaw, issues);
  if (fromPlain === UNUSABLE || fromDigest === UNUSABLE) return UNUSABLE;
  if (fromPlain === null) return fromDigest;
  if (fromDigest !== null && fromDigest.digest !== fromPlain.digest) {
    issues.reject('id-columns-disagree', 'nationalId', fromPlain.plain ?? null);
    return UNUSABLE;
  }
  return fromPlain;
}

function readPlain(raw: string, issues: RowIssues): Identifier | null | typeof UNUSABLE {
  // The common cell: an id and nothing else, so there is nothing to clean, no mask and no digest.
  const common = looksLikeId(raw) ? classifyId(raw) : null;
  if (common !== null) return ofPlain(raw, common, issues);
  const text = cleanCell(raw, 'nationalId', issues);
  if (saysNothing(text)) return null;
  if (MASKED.test(text)) {
    issues.reject('id-masked', 'nationalId', text);
    return UNUSABLE;
  }
  const id = bareCode(text);
  const reading = classifyId(id);
  if (reading === null) {
    if (id.length === 64 && DIGEST.test(id.toLowerCase())) return readDigest(id, issues);
    issues.warn('id-unreadable', 'nationalId', text);
    return null;
  }
  return ofPlain(id, reading, issues);
}

function ofPlain(id: string, { kind, strong }: IdReading, issues: RowIssues): Identifier {
  if (!strong) issues.warn('id-checksum', 'nationalId', id);
  return { kind, plain: id, digest: sha256(id), strong };
}

function readDigest(raw: string, issues: RowIssues): Identifier | null | typeof UNUSABLE {
  const text = cleanCell(raw, 'idDigest', issues);
  if (saysNothing(text)) return null;
  if (MASKED.test(text)) {
    issues.reject('id-masked', 'idDigest', text);
    return UNUSABLE;
  }
  const digest = DIGEST.test(text) ? text : text.normalize('NFKC').toLowerCase();
  if (digest === DIGEST_OF_NOTHING) return null;
  if (!DIGEST.test(digest)) {
    issues.warn('digest-unreadable', 'idDigest', text);
    return null;
  }
  return { kind: 'hashed', digest, strong: true };
}
