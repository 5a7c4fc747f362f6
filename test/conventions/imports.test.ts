import { expect, it } from 'vitest';
import { PACKAGES, within, ZONES, zoneOf } from './import-rules.ts';
import { type Import, importsIn, importsOf } from './imports.ts';
import { CODE_FOLDERS, typescript } from './source-files.ts';

const ALL = typescript();
const IMPORTS = ALL.flatMap(importsOf);

function complaint({ from, to, own, typeOnly }: Import): string | null {
  const zone = zoneOf(from);
  if (zone === undefined) return null;
  const rule = ZONES[zone]!;
  const said = `${from} (${zone}) imports ${to}`;
  if (own) {
    if (within(to, [zone, ...rule.own]) || (typeOnly && within(to, rule.types ?? []))) return null;
    const types = within(to, rule.types ?? []) ? ', of which it may take types only' : '';
    return `${said}${types}; it may import ${rule.own.join(', ') || 'no other folder'}`;
  }
  if (zone === 'test' || typeOnly) return null;
  if (rule.packages && !rule.packages.includes(to)) return `${said}; it may use ${rule.packages.join(', ')}`;
  const home = PACKAGES.find(({ packages }) => packages.includes(to));
  if (home && !within(from, home.zones)) return `${said}, which belongs to ${home.zones.join(', ')}: ${home.why}`;
  return null;
}

it('every import goes in a direction that the table allows', () => {
  expect(IMPORTS.length).toBeGreaterThan(500);
  expect(IMPORTS.map(complaint).filter((said) => said !== null)).toEqual([]);
});

it('no file needs itself to start: no cycles but of types, which are erased', () => {
  const needs = Map.groupBy(
    IMPORTS.filter((i) => i.own && !i.typeOnly),
    (i) => i.from,
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const { to } of needs.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of ALL) visit(file, []);
  expect(cycles).toEqual([]);
});

it('every folder with code has its row in the table', () => {
  expect(CODE_FOLDERS.filter((folder) => !(folder in ZONES))).toEqual([]);
  const elsewhere = ALL.filter((file) => file.includes('/') && !within(file, CODE_FOLDERS));
  expect(elsewhere).toEqual([]);
});

it('the parser sees every form of import, and the guard complains of what it should', () => {
  const text = [
    "import { a } from '../warehouse/connect.ts';",
    "import type { b } from '../connectors/contract.ts';",
    "import {\n  type C,\n  type D,\n} from '../connectors/registry.ts';",
    "export { e } from '../jobs/queue.ts';",
    "import 'pg';",
    "const f = await import('../web/server.ts');",
    "const g = new URL('../cli/main.ts', import.meta.url);",
    "// import { h } from '../test/support/until.ts';",
  ].join('\n');
  const found = importsIn('schemas/made-up.ts', text);
  expect(found.map((i) => [i.to, i.typeOnly])).toEqual([
    ['warehouse/connect.ts', false],
    ['connectors/contract.ts', true],
    ['connectors/registry.ts', true],
    ['jobs/queue.ts', false],
    ['pg', false],
    ['web/server.ts', false],
    ['cli/main.ts', false],
  ]);
  expect(found.map(complaint)).not.toContain(null);
  const fromPipeline = importsIn('pipelines/made-up.ts', text).map(complaint);
  expect(fromPipeline.map((said) => said === null)).toEqual([true, true, false, false, false, false, false]);
});
