/** A report narrowed to one institution: what a reader typed becomes the institution's keys. */
import { WrongRequestError } from '../../schemas/wrong-request.ts';
import type { Database, Transaction } from '../../warehouse/connect.ts';
import { institutionKeysByCode } from '../../warehouse/views/report-institutions.ts';

/** Nothing, or more than one institution, answers to what was asked for. */
export class InstitutionNotFoundError extends WrongRequestError {
  override readonly name = 'InstitutionNotFoundError';
}

/**
 * @param asked `CODE` or `CODE:SECTION`: a school code, a sid or a listed kindergarten's code
 * @throws InstitutionNotFoundError also where a code has two sections and none was named
 */
export async function narrowTo(db: Database | Transaction, asked: string): Promise<{ key: string; code: string }> {
  const [code = '', section = null] = asked.split(':', 2);
  const keys = await institutionKeysByCode(db, code, section);
  const [key] = keys;
  if (key === undefined) {
    throw new InstitutionNotFoundError(
      `no institution has the code "${asked}"; expected a code such as 064601 or 064601:國小`,
    );
  }
  if (keys.length > 1) {
    const sections = keys.map((k) => `${code}:${k.split(':')[2] ?? ''}`).join(', ');
    throw new InstitutionNotFoundError(
      `the code "${asked}" stands for ${keys.length} institutions: name one of ${sections}`,
    );
  }
  return { key, code };
}
