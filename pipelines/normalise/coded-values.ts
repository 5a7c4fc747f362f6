/** Cells of few values, each with the spellings seen. Keys are NFKC, lower case, without spaces. Adding a spelling is adding a line. */
import type {
  AccountRecord,
  InstitutionRecord,
  LegalClass,
  Ownership,
  ReviewState,
  StaffRecord,
} from '../../schemas/records.ts';
import { cleanCell, saysNothing } from './clean-text.ts';
import type { RowIssues } from './row-issues.ts';

type Spellings<T> = ReadonlyMap<string, T>;
const spellings = <T>(...groups: (readonly [T, string])[]): Spellings<T> =>
  new Map(groups.flatMap(([value, texts]) => texts.split(',').map((text) => [text, value] as const)));

/** 1/0 of one vendor's export (男=1 女=0) is that vendor's profile's business: 0 is not read here. */
export const SEX: Spellings<Exclude<StaffRecord['sex'], null>> = spellings(
  ['男', '男,1,m,male,男性'],
  ['女', '女,2,f,female,女性'],
);
export const YES_NO: Spellings<boolean> = spellings(
  [true, '是,y,yes,1,true,v,主聘'],
  [false, '否,n,no,0,false,非主聘,非'],
);
export const REVIEW: Spellings<ReviewState> = spellings(
  ['核定', '核定,已核定,通過,審核通過'],
  ['異動待審', '異動待審,待審,待審核,審核中'],
  ['退件', '退件,退回,已退件'],
);
export const ACCOUNT_STATE: Spellings<AccountRecord['state']> = spellings(
  ['申請中', '申請中,申請,待審,審核中'],
  ['啟用', '啟用,啓用,啟用中,啓用中,已啟用,使用中,有效'],
  ['停用', '停用,停用中,已停用,停權'],
  ['刪除', '刪除,已刪除,註銷,已註銷'],
);
export const INSTITUTION_STATUS: Spellings<InstitutionRecord['status']> = spellings(
  ['營業中', '營業中,營業,正常,招生中'],
  ['停辦', '停辦,停業,歇業,停招,裁撤,廢止'],
);
/** 市立 and 準公共 say more than ownership; 準公共 is a status of private ones. `spub` values are the public map's. */
export const OWNERSHIP: Spellings<Ownership> = spellings(
  ['公立', '公立,公,市立,直轄市立,縣市立,spub0'],
  ['私立', '私立,私,準公共,私立(準公共),準公共化,spub1,spub3'],
  ['非營利', '非營利,非營利幼兒園,spub2'],
  ['國立', '國立'],
);
export const QUASI_PUBLIC_TEXTS: ReadonlySet<string> = new Set(['準公共', '私立(準公共)', '準公共化', 'spub3']);
export const LEGAL_CLASS: Spellings<LegalClass> = spellings(
  ['直轄市立', '直轄市立'],
  ['鄉鎮市立', '鄉鎮市立'],
  ['直轄市山地原住民區立', '直轄市山地原住民區立'],
  ['公立學校附設', '公立學校附設'],
  ['私立', '私立'],
);

export const codedText = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/gu, '')
    .replace(/^(\d+)\.0+$/, '$1');

/** The value of a cell; undefined when it holds nothing; null when no spelling matches (the caller says what that means). */
export function readCoded<T>(
  raw: string | undefined,
  column: string,
  values: Spellings<T>,
  issues: RowIssues,
): T | null | undefined {
  if (raw === undefined || raw === '') return undefined;
  const known = values.get(raw);
  if (known !== undefined) return known;
  const text = cleanCell(raw, column, issues);
  if (saysNothing(text)) return undefined;
  return values.get(codedText(text)) ?? null;
}
