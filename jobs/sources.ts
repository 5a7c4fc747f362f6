/** From configuration to the sources of a run: connector, path, kinds of record, and how institution codes read. A new source type is one row. */
import type { ConnectorEnvironment } from '../connectors/environment.ts';
import { openConnector } from '../connectors/registry.ts';
import type { SourceSpec } from '../pipelines/land.ts';
import type { Sources } from '../pipelines/nightly-run.ts';
import type { SourceConfig } from '../schemas/config.ts';
import type { CodeSystem } from '../warehouse/matching/institutions.ts';

type Nature = Omit<SourceSpec, 'connector'>;

const NATURE: Readonly<Record<SourceConfig['type'], Nature>> = {
  'institution-list': { path: 'list', kinds: ['institution'] },
  'care-system': { path: 'kindergarten', kinds: ['institution', 'staff'] },
  'roster-files': { path: 'school', kinds: ['staff'] },
  'account-files': { path: 'school', kinds: ['account'] },
};

function systemOf(config: SourceConfig): CodeSystem | null {
  if (config.type === 'care-system') return 'care';
  if (config.type === 'institution-list') return config.layout === 'schools' ? 'school' : 'moe-kindergarten';
  return null;
}

export function makeSources(configs: readonly SourceConfig[], environment: ConnectorEnvironment): Sources {
  const specs = new Map<string, SourceSpec>();
  const systems: Record<string, CodeSystem> = {};
  for (const config of configs) {
    specs.set(config.name, { connector: openConnector(config, environment), ...NATURE[config.type] });
    const system = systemOf(config);
    if (system) systems[config.name] = system;
  }
  return { specs, systems };
}
