/** The tokens of consumers, for a terminal of 100 columns. */
import type { TokenLine } from '../../schemas/outputs/consumers.ts';
import { minute } from './labels.ts';
import { type TextColumn, textTable } from './text-table.ts';

const WIDTH = 100;
const STATUS = { active: '有效', expired: '已到期', revoked: '已撤銷' } as const;

const remark = ({ revokedAt, revokedBy, revokedWhy }: TokenLine): string =>
  revokedAt === null ? '' : `${minute(revokedAt)} ${revokedBy} ${revokedWhy}`;

export function renderTokens(tokens: readonly TokenLine[]): string {
  if (tokens.length === 0)
    return '尚無存取權杖。 No token yet: "mingce tokens add CONSUMER --kind teacher-plan --expires DAY --as USER".\n';
  const columns: TextColumn<TokenLine>[] = [
    { title: '編號', of: (t) => String(t.token), align: 'right' },
    { title: '取用系統', of: (t) => t.consumer },
    { title: '快照', of: (t) => t.kinds.join(',') },
    { title: '狀態', of: (t) => `${STATUS[t.status]} ${t.status}` },
    { title: '到期', of: (t) => minute(t.expiresAt) },
    { title: '最近使用', of: (t) => (t.lastUsedAt === null ? '-' : minute(t.lastUsedAt)) },
    { title: '說明', of: remark, flexible: true },
  ];
  return `${textTable(columns, tokens, WIDTH, 0).join('\n')}\n`;
}
