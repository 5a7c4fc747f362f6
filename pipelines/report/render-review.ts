/** What waits for a judgement, and what was decided, for a terminal of 100 columns. */
import type { JudgementLine, ReviewList, ReviewMatter } from '../../schemas/outputs/review.ts';
import { exceptionTitle } from './exception-titles.ts';
import { minute, number, unitLabel } from './labels.ts';
import { paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

const WHY: Readonly<Record<string, string>> = {
  'no-exact-name': '名錄的幼兒園沒有完全同名者',
  'name-damaged': '名錄的園名有缺字',
};
const VERDICT = { same: '同一機構', different: '不是同一個', keep: '服務單位', ended: '已離開' } as const;
const STATUS = { 'in-force': '有效', undone: '已撤銷', superseded: '已另行裁定' } as const;

const whyTitle = (why: string): string => WHY[why] ?? exceptionTitle(why);

export function renderMatter(m: ReviewMatter): string {
  const of =
    m.listed === null
      ? `人員 ${m.person} ${m.name}`
      : [m.listed.code, m.name, m.listed.district, m.listed.address].filter(Boolean).join('　');
  const choices = m.choices.flatMap(({ institution, title, since, registeredAt }) => {
    const told = [title, since && `自 ${since}`, registeredAt && `登錄 ${minute(registeredAt)}`].filter(Boolean);
    return paragraph(`・${unitLabel(institution)}${told.length > 0 ? `　${told.join('，')}` : ''}`, 4);
  });
  return [
    ...paragraph(`● ${m.id}　${whyTitle(m.why)}`, 0),
    ...paragraph(of, 4),
    ...choices,
    ...(m.absent === null ? [] : paragraph(`自 ${m.absent.since} 起連續 ${m.absent.nights} 夜未列於完整名冊`, 4)),
    ...(m.otherPerson === null ? [] : paragraph(`該證號目前屬於人員 ${m.otherPerson.person} ${m.otherPerson.name}`, 4)),
    ...paragraph(
      m.decided === null
        ? `可裁定：${m.verdicts.map((v) => `mingce review decide ${m.id} ${v}`).join('　或　')}`
        : `已依第 ${m.decided} 號裁定，下次執行時生效`,
      4,
    ),
  ].join('\n');
}

const outcome = (j: JudgementLine): string =>
  `${j.kind === 'person' && j.verdict === 'same' ? `與人員 ${j.otherPerson} 為同一人` : VERDICT[j.verdict]}${j.institution ? ` ${unitLabel(j.institution)}` : ''}${j.ended ? ` ${j.ended.on} ${j.ended.reason}` : ''}`;

function judgements(list: readonly JudgementLine[]): string[] {
  if (list.length === 0) return [];
  const rows = textTable(
    [
      { title: '號', of: (j) => String(j.number), align: 'right' },
      { title: '對象', of: (j) => `${j.person === null ? '' : `人員 ${j.person} `}${j.name ?? ''}`, flexible: true },
      { title: '裁定', of: outcome, flexible: true },
      { title: '決定', of: (j) => `${minute(j.decidedAt)} ${j.by}：${j.reason}`, flexible: true },
      { title: '狀態', of: (j) => STATUS[j.status] },
    ],
    list,
    WIDTH,
    0,
  );
  return ['', `【裁定 Judgements】${number(list.length)} 件`, ...rows];
}

export function renderReview({ waiting, judgements: decided }: ReviewList): string {
  const head =
    waiting.length === 0 ? '沒有待裁定事項。 Nothing waits for a judgement.' : `待裁定 ${number(waiting.length)} 件`;
  return [head, ...waiting.flatMap((m) => ['', renderMatter(m)]), ...judgements(decided)].join('\n');
}

export const renderJudgement = (j: JudgementLine): string =>
  `第 ${j.number} 號裁定（${j.name ?? ''}）：${outcome(j)}，${STATUS[j.status]}`;
