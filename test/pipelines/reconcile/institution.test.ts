import { expect, it } from 'vitest';
import { reconcileInstitution } from '../../../pipelines/reconcile/institution.ts';
import { sameOwnName } from '../../../pipelines/reconcile/own-name.ts';
import type { InstitutionRow } from '../../../schemas/plan.ts';

const NAME = '臺中市私立西屯四季藝術幼兒園';
const FACTS = {
  name: NAME,
  section: '幼兒園',
  ownership: '私立',
  legal_class: null,
  quasi_public: false,
  district: '西屯區',
  address: null,
  phone: null,
  principal: null,
  parent_school_code: null,
  status: '營業中',
};
const row = (changes: Partial<InstitutionRow> = {}): InstitutionRow => ({
  source: 'map/407',
  key: '0940700036',
  path: 'kindergarten',
  system: 'care',
  code: '0940700036',
  ...FACTS,
  registered_at: '2024-08-02T10:00:00+08:00',
  object_id: 1,
  row_no: 1,
  current: FACTS,
  set_aside: false,
  institution_id: 5,
  known_as: 'map/407:0940700036',
  ...changes,
});
const reason = (changes: Partial<InstitutionRow>): string | null => reconcileInstitution(row(changes))?.reason ?? null;

it('names what changed: closing before name, name before status', () => {
  expect(reason({})).toBeNull();
  expect(reason({ current: null, institution_id: null, known_as: null })).toBe('新增機構');
  expect(reason({ name: '臺中市私立春天幼兒園' })).toBe('更名');
  expect(reason({ quasi_public: true })).toBe('準公共異動');
  expect(reason({ quasi_public: true, name: '臺中市私立春天幼兒園' })).toBe('更名');
  expect(reason({ status: '停辦', name: '臺中市私立春天幼兒園' })).toBe('停辦或復辦');
  expect(reason({ phone: '(04)22334455' })).toBe('機構資料更正');
});

it('tells a new operator under the old name from a new name', () => {
  expect(reason({ name: `四季西屯教育事業股份有限公司附設${NAME}` })).toBe('設立主體異動');
  expect(sameOwnName('臺中市中山非營利幼兒園(委託甲基金會辦理)', '臺中市中山非營利幼兒園（委託乙基金會辦理）')).toBe(
    true,
  );
  expect(sameOwnName('財團法人某傳教修女會附設臺中市私立德育幼兒園', '臺中市私立育德幼兒園')).toBe(false);
  expect(sameOwnName('臺中市大甲區大甲國民小學附設幼兒園', '臺中市大甲區文昌國民小學附設幼兒園')).toBe(false);
});

it('is taken over, with its id, by a source that has more of a word', () => {
  const change = reconcileInstitution(row({ source: 'care' }));
  expect(change).toMatchObject({
    action: 'change',
    reason: '改由上位來源認定',
    entityId: 5,
    institutionKey: 'care:0940700036',
  });
  expect(reason({ source: 'care', name: '臺中市私立春天幼兒園' })).toBe('更名');
});
