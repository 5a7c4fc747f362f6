import type { InstitutionRef } from '../../schemas/outputs/institution-ref.ts';

/** An institution by its key; one that nothing knows by name is shown by its code. */
export const institutionOf = (refs: ReadonlyMap<string, InstitutionRef>, key: string): InstitutionRef =>
  refs.get(key) ?? {
    key,
    code: key.split(':')[1] ?? key,
    section: null,
    name: '（未知機構）',
    district: null,
    path: null,
  };
