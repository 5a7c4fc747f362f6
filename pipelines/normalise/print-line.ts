import { nfkc } from './clean-text.ts';

/** Words of the lines that a printed register has around its people, and the title row that a page break repeats. */
const WORDS = /^(?:教師|教職員)?姓名$|合計|共計|總計|小計|填表|製表|承辦|核章|主管:|校長:|以下空白|資料確認|備註/u;
/** No name has a colon or a number: 填表人：王小明, 5人. */
const MARKS = /[:\d]/u;

/**
 * Whether a row without an identifier, an id of its source and a birth date is a line of the form rather than a person: 合計, 填表人：, 以下空白, the titles
 * once more. Whoever has any of the three is a person, however the name is written.
 */
export function isPrintLine(name: string, title: string): boolean {
  const text = nfkc(name);
  return WORDS.test(text) || MARKS.test(text) || /:$/u.test(nfkc(title));
}
