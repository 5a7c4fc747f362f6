/** What readers are shown is in their words: every change has an English one, every column a Chinese one. */
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tellStory } from '../../../pipelines/explain-story.ts';
import { columnTitle } from '../../../pipelines/report/column-titles.ts';
import { groupEnglish } from '../../../pipelines/report/labels.ts';
import { conflictField } from '../../../pipelines/report/revert-labels.ts';
import { ACCOUNT_COLUMNS, COURSE_COLUMNS, INSTITUTION_COLUMNS, STAFF_COLUMNS } from '../../../schemas/columns.ts';
import { PERSON_GROUPS } from '../../../schemas/outputs/report.ts';
import { ACCOUNT_STATES } from '../../../schemas/records.ts';

/** Reasons that the rules give, and what the report makes of those that cover two things (`warehouse/views/report-changes.ts`). */
const code = globSync('pipelines/reconcile/*.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const literals = [...code.matchAll(/(?:reason: |[?:] |WITHDRAWN = |\[)'(\p{Script=Han}+)'(?=[, ;\n}])/gu)].map(
  ([, text]) => text!,
);
const SPLIT = ['留職停薪異動', '停辦或復辦', '準公共異動'];
const INTO = ['留職停薪', '復職', '停辦', '復辦', '改為準公共', '退出準公共'];
/** Never counted by name: the first picture of a source, and a person's own row beside the spell. */
const UNTOLD = ['首次登錄', '新增人員'];
const NO_REASONS = ['學校', '幼兒園', '主管機關', '開通', '異動', '刪除', '無', ...ACCOUNT_STATES];

it('every change of a plan has its English word in the summary', () => {
  expect(literals).toEqual(expect.arrayContaining(['異動撤銷', '任職撤銷', '起始日更正', '帳號刪除', '轉校']));
  const groups = new Set([...literals, ...PERSON_GROUPS, ...INTO]);
  const untranslated = [...groups].filter(
    (group) => ![...SPLIT, ...UNTOLD, ...NO_REASONS].includes(group) && /\p{Script=Han}/u.test(groupEnglish(group)),
  );
  expect(untranslated).toEqual([]);
});

it('every column of a source has its Chinese title', () => {
  const columns = [...INSTITUTION_COLUMNS, ...STAFF_COLUMNS, ...ACCOUNT_COLUMNS, ...COURSE_COLUMNS];
  expect(columns.filter((column) => /[A-Za-z]/.test(columnTitle(column)))).toEqual([]);
});

it('an institution has a 名稱 and a person a 姓名, in the story and among what was not undone', () => {
  const conflict = { field: 'name', run: '4', decided: null, account: null };
  expect(conflictField({ ...conflict, institution: null, person: null } as never)).toBe('名稱');
  expect(conflictField({ ...conflict, institution: null, person: 7 } as never)).toBe('姓名');
  const told = (entity: string) =>
    tellStory(
      ['甲', '乙'].map((name) => ({
        entity,
        entity_id: 1,
        what: 'said',
        values: { name },
        institution_key: null,
      })) as never,
      new Map(),
    );
  expect([told('institution')[1]?.detail, told('person')[1]?.detail]).toEqual(['名稱變更', '姓名變更']);
});
