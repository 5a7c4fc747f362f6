import type { Section } from '../../schemas/records.ts';
import { bareCode, looksLikeId } from './national-id.ts';
import { sha256 } from './read-identifier.ts';

/**
 * Keys of records within their source: the same person or institution gets the same key every night, and no key holds a
 * plain identifier, even where a source uses one as its own id.
 */
export function staffKeyOfSource(staffId: string): string {
  const bare = bareCode(staffId);
  return looksLikeId(bare) ? `id:${sha256(bare)}` : staffId;
}

export const staffKeyOfDigest = (code: string, section: Section | null, digest: string): string =>
  `${code}:${section ?? ''}:${digest}`;

/** The weakest: changes with the name and the birth date. 32 hex digits tell it from a digest. */
export const staffKeyOfName = (
  code: string,
  section: Section | null,
  nameKey: string,
  birthDate: string | null,
): string => `${code}:${section ?? ''}:${sha256(`${nameKey}|${birthDate ?? ''}`).slice(0, 32)}`;

/** @param name in lower case, or the digest of a name that is an identifier */
export const accountKey = (code: string, name: string): string => `${code}:${name}`;

/** `code:section` in the school list, since one code may cover 高中部 and 國中部; the code or `sid` of a kindergarten is its own key. */
export const institutionKey = (code: string, section: Section): string =>
  section === '幼兒園' ? code : `${code}:${section}`;

export const courseKey = (code: string, courseCode: string): string => `${code}:${courseCode.toLowerCase()}`;
