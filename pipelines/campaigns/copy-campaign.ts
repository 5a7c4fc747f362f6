/**
 * The file of a later planning year from that of an earlier one, comments and all: days moved by whole years, the year's number in names exchanged, and what only the new letter can say
 * marked 待補, so that the file is refused until somebody has filled it in (R01). Pure.
 */
import { isScalar, isSeq, parseDocument } from 'yaml';
import { PENDING } from '../../schemas/campaign.ts';
import { DEADLINES } from '../../schemas/deadlines.ts';
import { plusYears } from '../../schemas/plus-years.ts';

export interface CopyNote {
  zh: string;
  en: string;
}

type Place = readonly (string | number)[];

const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六'] as const;
const PLANS = ['school-plan', 'teacher-plan'] as const;
const DATES: readonly Place[] = [
  ['schoolYear', 'from'],
  ['schoolYear', 'through'],
  ['rosterUpdates', 'from'],
  ...PLANS.map((plan) => ['plans', plan, 'keepUntil']),
  ...DEADLINES.map((what) => what.split('.')),
];
/** A school year and a purpose end on any weekday, and what was sent since a letter's date is no deadline. */
const ANY_DAY: ReadonlySet<string> = new Set([
  'schoolYear.from',
  'schoolYear.through',
  'rosterUpdates.from',
  ...PLANS.map((plan) => `plans.${plan}.keepUntil`),
]);

const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** @param text the earlier year's file, well-formed. @param from its three digits. @param to those of the later year */
export function copyCampaign(text: string, from: string, to: string): { text: string; notes: CopyNote[] } {
  const document = parseDocument(text);
  const years = Number(to) - Number(from);
  const notes: CopyNote[] = [];
  const scalar = (at: Place) => {
    const node = document.getIn(at, true);
    return isScalar(node) && typeof node.value === 'string' ? (node as { value: string }) : null;
  };
  const rename = (at: Place): void => {
    const node = scalar(at);
    if (node) node.value = node.value.replaceAll(new RegExp(`(?<!\\d)${from}(?!\\d)`, 'g'), to);
  };
  const length = (at: Place): number => {
    const node = document.getIn(at);
    return isSeq(node) ? node.items.length : 0;
  };

  const id = scalar(['id']);
  if (id) id.value = to;
  rename(['name']);
  for (const at of DATES) {
    const node = scalar(at);
    if (!node) continue;
    const was = node.value.slice(0, 10);
    node.value = plusYears(node.value, years);
    const is = node.value.slice(0, 10);
    const place = at.join('.');
    const [before, after] = [weekday(was), weekday(is)];
    if (ANY_DAY.has(place) || (after !== 0 && after !== 6)) continue;
    notes.push({
      zh: `${place}：${is} 為星期${WEEKDAYS[after]}（${was} 為星期${WEEKDAYS[before]}），請確認日期`,
      en: `${place}: ${is} is a ${after === 6 ? 'Saturday' : 'Sunday'}; look at the date`,
    });
  }
  for (let i = 0; i < length(['legalBasis']); i += 1)
    for (const key of ['document', 'date']) document.setIn(['legalBasis', i, key], PENDING);
  for (const plan of PLANS) {
    rename(['plans', plan, 'purpose']);
    for (let i = 0; i < length(['plans', plan, 'consumers']); i += 1) {
      const consumer = ['plans', plan, 'consumers', i];
      for (const key of ['name', 'purpose']) rename([...consumer, key]);
      document.setIn([...consumer, 'legalGround'], PENDING);
    }
  }
  for (const key of ['moved', 'documents']) document.deleteIn([key]);
  notes.push(
    {
      zh: `legalBasis、consumers 的 legalGround 為${PENDING}：填入 ${to} 年度函文後方能使用（R01、R30）`,
      en: `legalBasis and legalGround are ${PENDING}: the file is refused until the letter of year ${to} is filled in (R01, R30)`,
    },
    {
      zh: '正本名單（addressed）、欄位、附件與註解仍為前一年度內容，請與新函核對（R04）',
      en: 'addressed, columns and comments are those of the earlier year, and its papers are left out: compare them with the new letter (R04)',
    },
  );
  const head = `# Planning year ${to}, copied from ${from}: what is marked ${PENDING} is to be filled in, and comments below speak of the letter of year ${from}.\n`;
  return { text: head + document.toString({ lineWidth: 0 }), notes };
}
