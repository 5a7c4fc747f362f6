/** People in a file who do not belong there: a row of another school, a row of the attached kindergarten (R11). */
import { makeIdentifier } from '../world/identifiers.ts';
import { SERIALS_PER_UNIT } from '../world/people.ts';
import { random } from '../world/random.ts';
import type { Post } from '../world/state.ts';
import { variant } from './dirt.ts';

/** Serials from here up are never given to staff. */
const FIRST_STRAY = 3000;

/** Made from the row that the stray stands beside; a person who exists nowhere else. */
export function strayPost(beside: Post, title: string): Post {
  const serial = Number(beside.person.uid);
  const own = serial % SERIALS_PER_UNIT;
  const unique = serial - own + FIRST_STRAY + (own % 1000);
  const { sex } = beside.person;
  const name = `${beside.person.name.charAt(0)}${variant(`stray/${serial}`, ['樣本', '示範', '誤植', '錯置'])}`;
  const id = makeIdentifier(random(`stray/${serial}`), 'national', sex, unique);
  return {
    ...beside,
    key: `${beside.key}/stray`,
    person: { uid: String(unique).padStart(7, '0'), name, sex, birth: '1988-05-17', id, idKind: 'national' },
    title,
    email: null,
    mobile: null,
    certificateNo: null,
  };
}

export const strangerCode = (code: string): string => (code === '064601' ? '064602' : '064601');
