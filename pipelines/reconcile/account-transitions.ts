/**
 * The life of a business account, one line a transition, read from top to bottom: 申請中 → 啟用 ⇄ 停用 → 刪除, and once more for the same person. The guards are asked in their order, and the first
 * that refuses is told. What has no line here is refused too.
 */
import type { AccountState } from '../../schemas/records.ts';
import {
  type AccountGuard,
  coursesThrough,
  type KnownState,
  nameNotFreed,
  notHandedOver,
  throughCentre,
  throughCentreOnceGranted,
} from './account-guards.ts';

export interface Transition {
  from: KnownState;
  to: AccountState;
  action: 'add' | 'change' | 'end';
  reason: '新增帳號' | '帳號異動' | '帳號刪除' | '帳號恢復';
  /** The rule that the change is made by; of an account of a 總負責人 that 本市教師研習中心 changed, R18 stands in its place. */
  rule: 'R16' | 'R19' | 'R20' | 'R22';
  guards: readonly AccountGuard[];
}

const OWN = [notHandedOver, throughCentre] as const;
/** An application is nobody's account until the centre grants it: whoever it is for, the school may take it back. */
const APPLIED = [notHandedOver, throughCentreOnceGranted] as const;

const added = { action: 'add', reason: '新增帳號' } as const;
/** The same person's once more: what was known of it until it was deleted stays, and it begins anew. */
const again = { action: 'add', reason: '帳號恢復' } as const;
const changed = { action: 'change', reason: '帳號異動' } as const;
const deleted = { action: 'end', reason: '帳號刪除', rule: 'R22' } as const;

export const TRANSITIONS: readonly Transition[] = [
  { from: '無', to: '申請中', ...added, rule: 'R20', guards: [] },
  { from: '無', to: '啟用', ...added, rule: 'R16', guards: [throughCentre] },
  { from: '無', to: '停用', ...added, rule: 'R16', guards: [] },

  { from: '申請中', to: '申請中', ...changed, rule: 'R20', guards: APPLIED },
  { from: '申請中', to: '啟用', ...changed, rule: 'R20', guards: OWN },
  { from: '申請中', to: '停用', ...changed, rule: 'R20', guards: APPLIED },
  { from: '申請中', to: '刪除', ...deleted, guards: [coursesThrough, throughCentreOnceGranted] },

  { from: '啟用', to: '啟用', ...changed, rule: 'R16', guards: OWN },
  { from: '啟用', to: '停用', ...changed, rule: 'R16', guards: OWN },
  { from: '啟用', to: '刪除', ...deleted, guards: [coursesThrough, throughCentre] },

  { from: '停用', to: '停用', ...changed, rule: 'R16', guards: OWN },
  { from: '停用', to: '啟用', ...changed, rule: 'R16', guards: OWN },
  { from: '停用', to: '申請中', ...changed, rule: 'R20', guards: OWN },
  { from: '停用', to: '刪除', ...deleted, guards: [coursesThrough, throughCentre] },

  { from: '刪除', to: '申請中', ...again, rule: 'R20', guards: [nameNotFreed] },
  { from: '刪除', to: '啟用', ...again, rule: 'R19', guards: [nameNotFreed, throughCentre] },
  { from: '刪除', to: '停用', ...again, rule: 'R19', guards: [nameNotFreed, throughCentre] },
];

export const transitionOf = (from: KnownState, to: AccountState): Transition | null =>
  TRANSITIONS.find((transition) => transition.from === from && transition.to === to) ?? null;
