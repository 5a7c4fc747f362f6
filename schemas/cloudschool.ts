/**
 * Wire shapes of the CloudSchool-format API (`semester-data`). Only what makes an answer readable is checked: the values of a field are the
 * normaliser's business. Numbers come as numbers or as text, by version.
 */
import { z } from 'zod';

const said = z.union([z.string(), z.number()]).nullish();

export const semesterData = z.looseObject({
  學年: said,
  學期: said,
  學期開始日期: said,
  學期結束日期: said,
  更新時間: z.string().min(1),
  /** Where given: how many 學期教職員 there are. */
  教職員人數: z.int().nonnegative().nullish(),
  單位資料: z.array(z.unknown()).nullish(),
  學期教職員: z.array(z.unknown()),
});
export type SemesterData = z.infer<typeof semesterData>;

export const cloudUnit = z.looseObject({
  處室名稱: z.string(),
  單位職稱: z.array(z.looseObject({ 職稱: z.string(), 職別: z.union([z.string(), z.number()]) })),
});

export const cloudSubject = z.looseObject({ 年級: said, 班序: said, 科目: said, 時數: said });

export const cloudStaff = z.looseObject({
  姓名: z.string(),
  性別: said,
  帳號: said,
  /** The system's own stable id of a person. */
  UID: z.union([z.string().min(1), z.int()]),
  UID2: said,
  身分證編碼: z.string().nullish(),
  處室: said,
  職稱: said,
  任教科目: z.array(cloudSubject).nullish(),
});
