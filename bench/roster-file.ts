/** A seeded roster file of any size, written as a stream: the same rows for every run, people made up. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const SURNAMES = [...'陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐'];
const GIVEN = [...'家豪志明建宏俊傑淑芬美玲雅婷怡君承恩宗翰欣怡佳穎詩涵柏翰冠宇'];
/** 職稱 and the 職別 of each. */
const TITLES = [
  ['教師', '專任教師'],
  ['導師', '導師'],
  ['組長', '組長'],
  ['教師兼主任', '教師兼主任'],
  ['專任教師', '專任教師'],
  ['代理教師', '代理教師'],
] as const;
const SUBJECTS = ['國語', '數學', '英語', '自然', '社會', '體育', '音樂', '國語、數學'];
const LETTERS: readonly (readonly [string, number])[] = [
  ['A', 10],
  ['B', 11],
  ['F', 15],
  ['H', 17],
  ['L', 20],
  ['N', 22],
  ['Q', 24],
];
const WEIGHTS = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1];

/** The n-th valid made-up national id: distinct for distinct n below 7 × 2 × 10^7. */
export function nationalId(n: number): string {
  const [letter, value] = LETTERS[n % LETTERS.length] as [string, number];
  const body = `${1 + (Math.floor(n / LETTERS.length) % 2)}${String(Math.floor(n / (LETTERS.length * 2))).padStart(7, '0')}`;
  const digits = [Math.floor(value / 10), value % 10, ...[...body].map(Number)];
  const sum = digits.reduce((total, digit, i) => total + digit * (WEIGHTS[i] as number), 0);
  return `${letter}${body}${(10 - (sum % 10)) % 10}`;
}

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

function line(code: string, n: number): string {
  const name = `${pick(SURNAMES, n * 7 + 3)}${pick(GIVEN, n * 13 + 5)}${pick(GIVEN, n * 29 + 11)}`;
  const birth = `${50 + (n % 40)}/${String(1 + (n % 12)).padStart(2, '0')}/${String(1 + (n % 28)).padStart(2, '0')}`;
  const phone = `0912${String(n % 1_000_000).padStart(6, '0')}`;
  const [title, kind] = pick(TITLES, n);
  const registered = `2024-07-${String(1 + (n % 28)).padStart(2, '0')} 09:${String(n % 60).padStart(2, '0')}:00`;
  return `${code},國小,${nationalId(n)},${name},${n % 2 === 0 ? '女' : '男'},${birth},${title},${kind},${pick(SUBJECTS, n * 3)},是,,,${registered},t${n}@tc.edu.tw,${phone},國小教字第${String(n).padStart(8, '0')}號\n`;
}

/** Every column of the roster contract. */
export const HEADER =
  '學校代碼,學制,身分證字號,姓名,性別,出生日期,職稱,職別,任教科目,主聘,異動別,異動日期,登錄時間,電子郵件,聯絡電話,教師證字號\n';
const LINES_PER_WRITE = 2000;

/** @param rows how many people. @param changedEvery every so many-th of them has another telephone; 0 for nobody. @param from number of the first of them */
export async function writeRosterFile(
  file: string,
  code: string,
  rows: number,
  changedEvery = 0,
  from = 0,
): Promise<void> {
  const out = createWriteStream(file);
  let block = HEADER;
  for (let n = from; n < from + rows; n += 1) {
    const told = line(code, n);
    block += changedEvery > 0 && n % changedEvery === 0 ? told.replace(',0912', ',0933') : told;
    if (n % LINES_PER_WRITE !== LINES_PER_WRITE - 1) continue;
    if (!out.write(block)) await once(out, 'drain');
    block = '';
  }
  out.end(block);
  await once(out, 'finish');
}
