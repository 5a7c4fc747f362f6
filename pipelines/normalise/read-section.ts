import type { Section } from '../../schemas/records.ts';
import { cleanCell, saysNothing } from './clean-text.ts';
import type { RowIssues } from './row-issues.ts';

const NAMES: Readonly<Record<Section, string>> = {
  國小: '國小,國民小學,國小部,小學,小學部,國民小學部,國(中)小',
  國中: '國中,國民中學,國中部,國民中學部,國中(小)',
  高中: '高中,高中部,高級中學,高級中等學校,高級中等學校部,高職,高職部,高中職,高級職業學校,綜合高中',
  特教: '特教,特殊教育,特殊教育學校,特教學校,特殊學校,特教部',
  幼兒園: '幼兒園,幼稚園,附設幼兒園,附幼,幼兒部,幼教,學前,幼',
};
const SECTION_OF: ReadonlyMap<string, Section> = new Map(
  Object.entries(NAMES).flatMap(([section, names]) =>
    names.split(',').map((name) => [name, section as Section] as const),
  ),
);

const sectionOf = (text: string): Section | undefined => SECTION_OF.get(text.normalize('NFKC').replace(/\s+/gu, ''));
export const knowsSection = (text: string): boolean => sectionOf(text) !== undefined;

/** 學制. null when the cell says none; an unknown one is dropped with a warning, as a code with one section needs none. */
export function readSection(raw: string | undefined, issues: RowIssues): Section | null {
  if (raw === undefined || raw === '') return null;
  const known = SECTION_OF.get(raw);
  if (known !== undefined) return known;
  const text = cleanCell(raw, 'section', issues);
  if (saysNothing(text)) return null;
  const section = sectionOf(text);
  if (section === undefined) issues.warn('section-unknown', 'section', text);
  return section ?? null;
}
