/** The roster of an institution as tables of the report's kind, and for a terminal. */
import type { Roster } from '../../schemas/outputs/roster.ts';
import { minute, number } from './labels.ts';
import { day, type ReportTable, tableOf } from './tables/table-model.ts';
import { paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

type Person = Roster['people'][number];
type Account = Roster['accounts'][number];

export const rosterTitle = ({ institution, on }: Roster): string =>
  `${institution.code} ${institution.name}（${institution.section}）${on} 名冊`;

/** Of which day it is, and as recorded when. */
export const rosterMoment = ({ asOf, on }: Roster): string =>
  `${on} 當日在冊，${asOf === null ? '依目前紀錄' : `依 ${minute(asOf)} 以前之紀錄`}`;

const post = ({ primary }: Person): string => (primary ? '服務單位' : '兼任、巡迴或支援');
const remark = ({ onLeave, until, endReason }: Person): string =>
  [onLeave ? '留職停薪' : '', until === null ? '' : `${until} 起${endReason ?? '離開'}`].filter(Boolean).join('；');

export const rosterTables = (roster: Roster): ReportTable[] => [
  tableOf(
    '人員',
    [
      { title: '人員編號', of: (p: Person) => p.person, kind: 'number' },
      { title: '姓名', of: (p) => p.name },
      { title: '職稱', of: (p) => p.title },
      { title: '職別', of: (p) => p.titleCode, kind: 'number' },
      { title: '任教科目', of: (p) => p.subjects.join('、') },
      { title: '關係', of: post },
      { title: '到職日', of: (p) => day(p.since), kind: 'date' },
      { title: '備註', of: remark },
    ],
    roster.people,
    { note: `${rosterTitle(roster)}：${rosterMoment(roster)}` },
  ),
  tableOf(
    '業務帳號',
    [
      { title: '帳號', of: (a: Account) => a.account },
      { title: '類別', of: (a) => a.kind },
      { title: '持有人', of: (a) => a.holder },
      { title: '狀態', of: (a) => a.state },
      { title: '開通日', of: (a) => (a.enabledOn === null ? null : day(a.enabledOn)), kind: 'date' },
    ],
    roster.accounts,
  ),
];

/** What is known of the institution, in one line. */
export const factsOf = ({ institution: i }: Roster): string =>
  [
    i.ownership,
    i.legalClass,
    i.quasiPublic ? '準公共' : null,
    i.district,
    i.address,
    i.phone,
    i.principal === null ? null : `負責人 ${i.principal}`,
    i.status,
  ]
    .filter((part) => part !== null && part !== '')
    .join('　');

export function renderRoster(roster: Roster): string {
  const { people, accounts } = roster;
  const units = people.filter(({ primary }) => primary).length;
  return [
    `【${rosterTitle(roster)}】${number(people.length)} 人，其中服務單位在此 ${number(units)} 人`,
    `${rosterMoment(roster)} · ${people.length} people, ${units} of them with their service unit here`,
    ...paragraph(factsOf(roster), 0),
    '',
    ...(people.length === 0
      ? ['當日無人在冊。 Nobody is on the roster.']
      : textTable(
          [
            { title: '編號', of: (p: Person) => String(p.person), align: 'right' },
            { title: '姓名', of: (p) => p.name, flexible: true },
            { title: '職稱', of: (p) => p.title ?? '－', flexible: true },
            { title: '任教科目', of: (p) => p.subjects.join('、') || '－', flexible: true },
            { title: '關係', of: (p) => (p.primary ? '專任' : '兼任') },
            { title: '到職日', of: (p) => p.since },
            { title: '備註', of: (p) => remark(p) || '－', flexible: true },
          ],
          people,
          WIDTH,
          0,
        )),
    ...(accounts.length === 0
      ? []
      : [
          '',
          ...textTable(
            [
              { title: '業務帳號', of: (a: Account) => a.account, flexible: true },
              { title: '類別', of: (a) => a.kind },
              { title: '持有人', of: (a) => a.holder ?? '－' },
              { title: '狀態', of: (a) => a.state },
              { title: '開通日', of: (a) => a.enabledOn ?? '－' },
            ],
            accounts,
            WIDTH,
            0,
          ),
        ]),
  ].join('\n');
}
