/** Versions told as a plan tells of a change: SQL over alias `v` of a version table. */
import { INSTITUTION_FIELDS } from '../../schemas/plan.ts';
import type { RevertedEntity } from './plan-revert.ts';

/** Known now. */
export const STANDS = (v: string): string => `${v}.recorded_to = 'infinity'`;
/** Known just before the recorded moment of the undone run. @param at SQL */
export const STOOD = (v: string, at: string): string => `${v}.recorded_from < ${at} AND ${v}.recorded_to >= ${at}`;

const FIELDS: Readonly<Record<Exclude<RevertedEntity, 'assignment'>, readonly string[]>> = {
  institution: INSTITUTION_FIELDS,
  person: ['name', 'name_key', 'sex', 'birth_date', 'email', 'phone', 'certificate_no'],
  account: ['account_kind', 'holder_name', 'state', 'enabled_on', 'last_login_at'],
};

/** Columns by the names that a plan gives them. @param v alias */
export const valuesOf = (entity: Exclude<RevertedEntity, 'assignment'>, v: string): string =>
  [
    ...FIELDS[entity].map((field) => `${v}.${field}`),
    ...(entity === 'account' ? [`encode(${v}.id_hmac, 'hex') AS id_hmac`] : []),
  ].join(', ');

/** A 職別 changes with its title. */
const SPELL = ['title', 'subjects', 'isPrimary', 'onLeave', 'endReason', 'validTo'] as const;
/** SQL: whether a key of `before` and `after` is a field that people know. */
export const hasFields = (key: string): string => {
  const known = [...Object.values(FIELDS).flat(), ...SPELL].filter((name) => name !== 'name_key');
  return `${key} IN (${known.map((name) => `'${name}'`).join(', ')})`;
};

const spell = (v: string): string =>
  `'title', ${v}.title, 'titleCode', ${v}.title_code, 'subjects', ${v}.subjects, 'isPrimary', ${v}.is_primary, 'onLeave', ${v}.on_leave`;
const newest = (value: string): string => `(array_agg(${value} ORDER BY v.valid_to DESC, v.valid_from DESC))[1]`;

/** SQL aggregate over versions `v` of one entity: what they say, newest day first; null where there is none. A spell comes with its line of days. */
export const LINE = (entity: RevertedEntity): string =>
  entity === 'assignment'
    ? `${newest(`jsonb_build_object(${spell('v')}) || CASE WHEN v.end_reason IS NOT NULL THEN jsonb_build_object('validTo', v.valid_to, 'endReason', v.end_reason) ELSE '{}' END`)}
       || jsonb_build_object('stretches', jsonb_agg(jsonb_build_object('from', v.valid_from, 'to', v.valid_to, ${spell('v')}, 'endReason', v.end_reason, 'began', v.began) ORDER BY v.valid_from))`
    : newest(`(SELECT to_jsonb(f) FROM (SELECT ${valuesOf(entity, 'v')}) AS f)`);

/** SQL: what a plan says of an entity that is taken back; for a spell a line of no day, since it never was. */
export const NOTHING = (entity: RevertedEntity): string =>
  entity === 'assignment'
    ? `jsonb_build_object('endReason', '任職撤銷', 'stretches', jsonb_build_array(jsonb_build_object('from', c.effective, 'to', c.effective, 'endReason', '任職撤銷')))`
    : `'{}'::jsonb`;
