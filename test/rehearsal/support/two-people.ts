/** What the stories of two people who are one have in common. */
import { joinPersons, undoJudgement } from '../../../pipelines/review.ts';
import { openSmallInstallation, type SmallInstallation } from '../../support/small-installation.ts';
import { addBureau, LIN } from '../../support/users.ts';

export const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
export const REASON = '兩校人事均確認為同一人';
export const UNDONE = '查證後並非同一人';

export async function openWithBureau(): Promise<SmallInstallation> {
  const small = await openSmallInstallation();
  await addBureau(small.db, ['lin']);
  return small;
}

/** @param small the installation of the story that is told just now */
export const wordsOf = (small: () => SmallInstallation) => ({
  /** A whole list of one school, at 10:00 of its day. */
  list: (school: string, day: string, ...people: string[]) =>
    small().send(`${school}-${day}.csv`, `${day}T10:00:00+08:00`, [HEAD, ...people.map((p) => `${school},${p}`)]),
  night: (day: string) => small().night(`${day}T23:00:00+08:00`),
  join: (one: number, other: number, day: string) =>
    joinPersons(small().db, { people: [one, other], reason: REASON, by: LIN, when: `${day}T09:00:00+08:00` }),
  undo: (number: number, day: string) =>
    undoJudgement(small().db, { number, reason: UNDONE, by: LIN, when: `${day}T09:00:00+08:00` }),
});
