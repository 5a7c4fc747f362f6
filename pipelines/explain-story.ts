/** What happened to somebody, in words that they can read. Pure. */
import type { StoryLine } from '../schemas/outputs/explanation.ts';
import type { InstitutionRef } from '../schemas/outputs/institution-ref.ts';
import type { StoryRow } from '../warehouse/views/explain-story.ts';
import { differingTitles, titleFor } from './report/column-titles.ts';
import { institutionOf } from './report/institution-of.ts';

type Values = Record<string, unknown>;
const OPEN = 'infinity';
/** Of a spell of no day: it never was. */
const isNone = ({ valid_from: from, valid_to: to }: StoryRow): boolean => from !== null && from === to;

function spellWords(values: Values): string {
  const subjects = values.subjects as string[];
  return [
    (values.title as string | null) ?? '（無職稱）',
    values.is_primary ? '主聘' : '兼任',
    ...(values.on_leave ? ['留職停薪'] : []),
    ...(subjects.length > 0 ? [`任教${subjects.join('、')}`] : []),
  ].join('，');
}

/** Of what it was before only the names of the columns are told, for an account or a person may not want the old value shown. */
function changedWords(entity: StoryRow['entity'], before: Values | undefined, after: Values): string {
  if (before === undefined) return String(after.name ?? after.holder_name ?? '');
  const changed = differingTitles(before, after).map((title) => titleFor(entity, title));
  return changed.length > 0 ? `${changed.join('、')}變更` : '內容不變';
}

/** Two numbers turned out to be one person, or not to be. */
function joinLine(row: StoryRow): StoryLine {
  const { person, by, why } = row.values as { person: number; by: string | null; why: string | null };
  return {
    run: String(row.run_id),
    recordedAt: row.recorded_at,
    institution: null,
    spell: null,
    what: row.reason,
    from: null,
    to: null,
    detail: row.what === 'joined' ? `人員 ${person} 與此人為同一人` : `人員 ${person} 並非同一人，各自登錄`,
    rule: '',
    source: null,
    by,
    why,
  };
}

/** @param rows oldest first */
export function tellStory(rows: readonly StoryRow[], refs: ReadonlyMap<string, InstitutionRef>): StoryLine[] {
  const before = new Map<string, Values>();
  return rows.map((row): StoryLine => {
    if (row.what === 'joined' || row.what === 'parted') return joinLine(row);
    const thing = `${row.entity} ${row.entity_id}`;
    const { values } = row;
    const detail =
      values === null
        ? '登錄撤銷，視同未曾登錄'
        : row.entity === 'assignment'
          ? isNone(row)
            ? '視同未曾任職'
            : spellWords(values)
          : changedWords(row.entity, before.get(thing), values);
    if (values === null) before.delete(thing);
    else before.set(thing, values);
    const dated = row.entity === 'assignment' && values !== null && !isNone(row);
    return {
      run: String(row.run_id),
      recordedAt: row.recorded_at,
      institution: row.institution_key === null ? null : institutionOf(refs, row.institution_key),
      spell: row.spell,
      what: row.reason,
      from: dated ? row.valid_from : null,
      to: dated && row.valid_to !== OPEN ? row.valid_to : null,
      detail,
      rule: row.rule,
      source: row.source,
      by: row.asked_by,
      why: row.asked_why,
    };
  });
}
