/** The roster of the warehouse as it stands: every person with every spell of service, day by day. In the shape of the generator's books. */
import type { PersonOnRoster, Spell, Stretch } from '../../../samples/truth/roster.ts';
import type { Database } from '../../../warehouse/connect.ts';

const SQL = `
  SELECT a.person_id::text, i.source || ':' || i.source_key AS unit, a.id::text AS spell, n.name, to_jsonb(p) AS stretch
  FROM warehouse.assignment a
  JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to
  JOIN warehouse.institution i ON i.id = a.institution_id
  JOIN warehouse.person_version n ON n.person_id = a.person_id AND n.recorded_to = 'infinity' AND n.valid_to = 'infinity'
  CROSS JOIN LATERAL (SELECT v.valid_from::text AS "from", nullif(v.valid_to, 'infinity')::text AS "to", v.title, v.subjects, v.is_primary AS "primary",
                             v.on_leave AS "onLeave", v.end_reason AS "endReason") AS p
  ORDER BY a.person_id, v.valid_from, a.id`;

interface Row {
  person_id: string;
  unit: string;
  spell: string;
  name: string;
  stretch: Stretch;
}

/** By person id; names without spaces. */
export async function warehouseRoster(db: Database): Promise<Map<string, PersonOnRoster>> {
  const { rows } = (await db.raw(SQL)) as { rows: Row[] };
  const spells = new Map<string, Spell>();
  const roster = new Map<string, PersonOnRoster>();
  for (const { person_id: person, unit, spell: id, name, stretch } of rows) {
    let spell = spells.get(id);
    if (!spell) {
      spell = { unit: unit.slice(unit.indexOf(':') + 1), stretches: [] };
      spells.set(id, spell);
      const known = roster.get(person)?.spells ?? [];
      roster.set(person, { name: name.replaceAll(/\s/g, ''), spells: [...known, spell] });
    }
    spell.stretches.push(stretch);
  }
  return roster;
}

/** What a school calls 資訊 is the subject 資訊科技. */
const SUBJECTS: Readonly<Record<string, string>> = { 資訊: '資訊科技' };
const subjectOf = (name: string): string => SUBJECTS[name] ?? name;
/** A text that names subjects, with those names that the roster has. */
export const subjectsOf = (text: string): string =>
  text
    .split(/(、| → )/)
    .map(subjectOf)
    .join('');

const lineOf = ({ from, to, title, subjects, primary, onLeave, endReason }: Stretch): string =>
  [
    `${from}..${to ?? ''}`,
    title,
    subjects.map(subjectOf).sort().join('、'),
    primary ? '' : '兼任',
    onLeave ? '留職停薪' : '',
    endReason ?? '',
  ].join(' ');

/** Everything that stands of one person, in one line. */
export const personLine = ({ name, spells }: PersonOnRoster): string =>
  [name, ...spells.map(({ unit, stretches }) => `${unit}: ${stretches.map(lineOf).join('; ')}`).sort()].join(' | ');
