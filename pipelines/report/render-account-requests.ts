/** The request list for 本市教師研習中心 as a table of the report's kind, and for a terminal. */
import type { AccountRequest } from '../../schemas/outputs/account-requests.ts';
import { minute, number, unitLabel } from './labels.ts';
import { institutionColumns } from './tables/institution-columns.ts';
import { moment, type ReportTable, tableOf } from './tables/table-model.ts';
import { paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

export const REQUESTS_TITLE = '總負責人帳號申請清單';

/** Whether the centre can do it, or did. */
function standing({ blocked, recorded }: AccountRequest): string {
  if (blocked !== null) return '尚不可';
  return recorded === null ? '可' : '已登記辦妥';
}

/** What must happen next. */
const RECORDED = '待下次執行採用；申請中者待學校帳號檔案改報啟用。';
const next = ({ blocked, recorded }: AccountRequest): string | null =>
  blocked?.zh ?? (recorded === null ? null : RECORDED);

export const requestsTable = (requests: readonly AccountRequest[]): ReportTable =>
  tableOf(
    REQUESTS_TITLE,
    [
      { title: '編號', of: (r) => r.number, kind: 'number' },
      { title: '申請事項', of: (r) => r.asked },
      ...institutionColumns((r: AccountRequest) => r.institution),
      { title: '帳號', of: (r) => r.account },
      { title: '持有人', of: (r) => r.holder },
      { title: '事由', of: (r) => r.reason.zh },
      { title: '核對碼', of: (r) => r.digest },
      { title: '自', of: (r) => moment(r.since), kind: 'moment' },
      { title: '可否辦理', of: standing },
      { title: '待辦', of: next },
    ],
    requests,
    { note: '總負責人帳號之開通、異動、刪除由本市教師研習中心辦理（R18）。' },
  );

export function renderRequests(requests: readonly AccountRequest[]): string {
  if (requests.length === 0) return '沒有待本市教師研習中心辦理的總負責人帳號。\nNothing is asked of 本市教師研習中心.';
  const ready = requests.filter(({ blocked, recorded }) => blocked === null && recorded === null).length;
  return [
    `【${REQUESTS_TITLE}】${number(requests.length)} 件，可辦理 ${number(ready)} 件`,
    `${requests.length} requests to 本市教師研習中心 (R18), ${ready} can be done`,
    '',
    ...textTable(
      [
        { title: '編號', of: (r) => String(r.number), align: 'right' },
        { title: '申請', of: (r) => r.asked },
        { title: '學校', of: (r) => unitLabel(r.institution), flexible: true },
        { title: '帳號', of: (r) => r.account ?? '（無）' },
        { title: '持有人', of: (r) => r.holder ?? '（未載）' },
        { title: '核對碼', of: (r) => r.digest ?? '' },
        {
          title: '事由',
          of: (r) => [r.reason.zh, r.recorded && standing(r), next(r)].filter((part) => part).join('；'),
          flexible: true,
        },
        { title: '自', of: (r) => minute(r.since).slice(0, 10) },
      ],
      requests,
      WIDTH,
      0,
    ),
    '',
    ...paragraph('辦妥後登記：npx mingce accounts done 編號 開通|異動|刪除 核對碼 --reason 事由 --as 使用者', 0),
  ].join('\n');
}
