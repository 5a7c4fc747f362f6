import { cloudUnit, type SemesterData, semesterData } from '../../schemas/cloudschool.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { failApi } from '../http/api-codes.ts';
import { escapeControls } from '../http/escape-controls.ts';
import { parseJson } from '../http/parse-json.ts';
import { taipeiMoment } from '../taipei-time.ts';

export interface Semester {
  data: SemesterData;
  /** 更新時間 as ISO with offset. */
  asOf: string;
}

export const PAGE = 'semester-data';

/**
 * The answer of one school. A whole JSON text is a whole answer, so a cut one cannot pass; where the number of people is given, it must be theirs.
 * @throws SourceError `api-json-…`, `api-shape`, `api-total`, `api-empty` (a school without anybody is an outage, not news)
 */
export function parseSemester(body: Uint8Array, source: string): Semester {
  const fail = failApi(source);
  const parsed = semesterData.safeParse(parseJson(body, PAGE, fail, escapeControls));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fail('shape', { page: PAGE, field: issue!.path.join('.') || '(root)', problem: issue!.message });
  }
  const { data } = parsed;
  const asOf = taipeiMoment(data.更新時間);
  if (asOf === null) throw fail('shape', { page: PAGE, field: '更新時間', problem: 'not a moment' });
  const count = data.學期教職員.length;
  const total = data.教職員人數 ?? count;
  if (total !== count) throw new SourceError('api-total', { source, what: '學期教職員', count, total });
  if (count === 0) throw new SourceError('api-empty', { source, what: '學期教職員' });
  return { data, asOf };
}

/** 職別 by 處室 and 職稱; a title that the school gave two kinds in one office has none. Units of another shape say nothing. */
export function kindsOf(units: readonly unknown[]): (office: string, title: string) => string | undefined {
  const kinds = new Map<string, string | null>();
  for (const unit of units) {
    const parsed = cloudUnit.safeParse(unit);
    if (!parsed.success) continue;
    for (const { 職稱: title, 職別: kind } of parsed.data.單位職稱) {
      const key = `${parsed.data.處室名稱}\0${title}`;
      const before = kinds.get(key);
      kinds.set(key, before === undefined || before === String(kind) ? String(kind) : null);
    }
  }
  return (office, title) => kinds.get(`${office}\0${title}`) ?? undefined;
}
