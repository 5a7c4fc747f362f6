/** What was undone, and what was not, in words. */
import type { RunDetail } from '../../schemas/outputs/run-list.ts';
import { COLUMN_TITLES, titleFor } from './column-titles.ts';
import { unitLabel } from './labels.ts';

/** Reason of a change that undoes another run's. */
export const REVERTED = '撤銷執行';

type Revert = NonNullable<RunDetail['revert']>;
export type RevertConflict = Revert['conflicts'][number];

const FIELD: Readonly<Record<string, string>> = {
  ...COLUMN_TITLES,
  title: '職稱',
  titleCode: '職別',
  subjects: '任教科目',
  isPrimary: '主聘',
  onLeave: '留職停薪',
  validTo: '結束日',
  endReason: '結束原因',
  identifier: '身分證字號',
  id_hmac: '持有人身分證字號',
  people: '仍有人員或帳號',
  version: '其他欄位',
};

/** A column by its title; a change without one by its own name. */
export const conflictField = ({ field, person, account }: RevertConflict): string =>
  titleFor(person === null && account === null ? 'institution' : 'person', FIELD[field] ?? field);

export const conflictAbout = ({ institution, person, account }: RevertConflict): string =>
  [institution ? unitLabel(institution) : null, person === null ? null : `人員 ${person}`, account]
    .filter((part) => part !== null)
    .join(' ');

/** Why it was left: a later run, or what a person decided and must take back first. */
export const conflictWhy = ({ run, decided }: RevertConflict): string =>
  decided === null
    ? `第 ${run} 次執行又有異動`
    : decided.what === 'value'
      ? `人工指定第 ${decided.number} 號有效`
      : `第 ${decided.number} 號裁定有效`;

/** Who had what undone, and why. */
export const revertHead = ({ run, by, reason }: Revert): string =>
  run === null
    ? ''
    : `撤銷第 ${run} 次執行的異動${by === null ? '' : `；決定：${by}${reason === null ? '' : `，理由：${reason}`}`}`;
