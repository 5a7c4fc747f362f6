/** The people who may decide, for a terminal of 100 columns. */
import type { UserLine } from '../../schemas/outputs/user-list.ts';
import { minute } from './labels.ts';
import { type TextColumn, textTable } from './text-table.ts';

const WIDTH = 100;
const ROLE = { bureau: '教育局', ops: '維運', school: '學校' } as const;
const STATUS = { active: '使用中', locked: '暫時鎖定', idle: '久未使用', disabled: '已停用' } as const;

const remark = ({ status, disabledAt, disabledWhy, lockedUntil }: UserLine): string => {
  if (status === 'disabled') return `${minute(disabledAt ?? '')} ${disabledWhy}`;
  return lockedUntil === null ? '' : `至 ${minute(lockedUntil)}`;
};

export function renderUsers(users: readonly UserLine[]): string {
  if (users.length === 0) return '尚無使用者。 No user yet: "mingce users add NAME --role ops" makes the first.\n';
  const columns: TextColumn<UserLine>[] = [
    { title: '使用者', of: (u) => u.name },
    { title: '角色', of: (u) => `${ROLE[u.role]} ${u.role}` },
    { title: '機構', of: (u) => u.institutionCode ?? '-' },
    { title: '狀態', of: (u) => `${STATUS[u.status]} ${u.status}` },
    { title: '最近使用', of: (u) => (u.lastUsedAt === null ? '-' : minute(u.lastUsedAt)) },
    { title: '說明', of: remark, flexible: true },
  ];
  return `${textTable(columns, users, WIDTH, 0).join('\n')}\n`;
}
