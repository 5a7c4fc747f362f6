import { describe, expect, it } from 'vitest';
import { scopeOf } from '../../../pipelines/snapshot/scope.ts';
import type { SnapshotInstitution } from '../../../warehouse/views/snapshot-institutions.ts';
import { CAMPAIGN } from './world.ts';

const institution = (given: Partial<SnapshotInstitution>): SnapshotInstitution => ({
  id: 1,
  path: given.section === '幼兒園' ? 'kindergarten' : 'school',
  code: '064601',
  section: '國小',
  moe_code: null,
  name: '某機構',
  ownership: '公立',
  legal_class: null,
  district: '西屯區',
  status: '營業中',
  ...given,
});

const place = (given: Partial<SnapshotInstitution>, kind: 'school-plan' | 'teacher-plan' = 'teacher-plan'): string => {
  const scope = scopeOf(CAMPAIGN, kind, [institution(given)]);
  const [out] = [...scope.excluded, ...scope.notAddressed];
  const [placed] = [...scope.inside, ...scope.excluded, ...scope.notAddressed];
  return [out?.reason ?? 'in', ...(placed?.notes ?? [])].join(' ');
};
const kindergarten = (given: Partial<SnapshotInstitution>) => ({ section: '幼兒園' as const, ...given });

describe('who a campaign addresses (R04)', () => {
  it('addresses public primaries and not private ones, but those named by code', () => {
    expect(place({})).toBe('in');
    expect(place({ ownership: '私立' })).toBe('not-addressed');
    expect(place({ ownership: '私立', code: '191604' })).toBe('in');
  });

  it('holds a named code to the rule’s other conditions', () => {
    expect(place({ ownership: '私立', code: '191604', section: '國中' })).toBe('not-addressed');
  });

  it('addresses private senior high schools, and no national one', () => {
    expect(place({ section: '高中', ownership: '私立' })).toBe('in');
    expect(place({ section: '高中', ownership: '國立' })).toBe('not-addressed');
  });

  it('leaves out the kindergartens of 和平區 and keeps its schools', () => {
    expect(place(kindergarten({ legal_class: '直轄市立', district: '和平區' }))).toBe('excepted-district');
    expect(place(kindergarten({ legal_class: '直轄市山地原住民區立', district: '和平區' }))).toBe('not-addressed');
    expect(place({ district: '和平區' })).toBe('in');
  });

  it('leaves out what is closed', () => {
    expect(place({ status: '停辦' })).toBe('closed');
  });

  it('takes 非營利 and 準公共 kindergartens as private', () => {
    expect(place(kindergarten({ ownership: '非營利', legal_class: '私立' }))).toBe('not-addressed');
    expect(place(kindergarten({ ownership: '非營利' }))).toBe('not-addressed legal-class-unknown');
  });
});

describe('the school plan (R26)', () => {
  it('excludes public kindergartens, an attached one of a public school too', () => {
    expect(place(kindergarten({ legal_class: '直轄市立' }), 'school-plan')).toBe('public-kindergarten');
    expect(place(kindergarten({ legal_class: '公立學校附設' }), 'school-plan')).toBe('public-kindergarten');
    expect(place(kindergarten({ legal_class: '公立學校附設' }))).toBe('in');
  });

  it('judges an unknown legal class by ownership and says so', () => {
    expect(place(kindergarten({}))).toBe('in legal-class-unknown');
    expect(place(kindergarten({}), 'school-plan')).toBe('public-kindergarten legal-class-unknown');
  });
});
