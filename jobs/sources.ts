/** From configuration to the sources of a run: connector, path, kinds of record, and how institution codes read. A new source type is one row. */
import path from 'node:path';
import type { ConnectorEnvironment } from '../connectors/environment.ts';
import { openConnector } from '../connectors/registry.ts';
import type { SourceSpec } from '../pipelines/land.ts';
import type { Sources } from '../pipelines/nightly-run.ts';
import type { SourceConfig } from '../schemas/config.ts';
import { contractOf } from '../schemas/drift.ts';
import { configuredReading } from '../schemas/reading.ts';
import type { CodeSystem } from '../warehouse/matching/institutions.ts';

type Nature = Omit<SourceSpec, 'connector' | 'contract' | 'reading'>;

const NATURE: Readonly<Record<SourceConfig['type'], Nature>> = {
  'institution-list': { path: 'list', kinds: ['institution'] },
  'care-system': { path: 'kindergarten', kinds: ['institution', 'staff'] },
  'roster-files': { path: 'school', kinds: ['staff'] },
  'account-files': { path: 'school', kinds: ['account'] },
  cloudschool: { path: 'school', kinds: ['staff'] },
  'oneroster-files': { path: 'school', kinds: ['staff'] },
  'oneroster-api': { path: 'school', kinds: ['staff'] },
  'course-files': { path: 'school', kinds: ['course'] },
  'kindergarten-map': { path: 'kindergarten', kinds: ['institution'] },
};

function systemOf(config: SourceConfig): CodeSystem | null {
  if (config.type === 'care-system') return 'care';
  if (config.type === 'kindergarten-map') return 'map';
  if (config.type === 'institution-list') return config.layout === 'moe-kindergartens' ? 'moe-kindergarten' : 'school';
  return null;
}

/** Beside the inbox, never in it: what we write is not handed in. */
function receiptsFolder(config: SourceConfig, home: string): string | null {
  if (!('complete' in config)) return null;
  if (config.receipts !== undefined) return path.resolve(home, config.receipts);
  return config.inbox === undefined ? null : path.resolve(home, path.dirname(config.inbox), 'receipts');
}

export function makeSources(configs: readonly SourceConfig[], environment: ConnectorEnvironment): Sources {
  const specs = new Map<string, SourceSpec>();
  const systems: Record<string, CodeSystem> = {};
  for (const config of configs) {
    const contract = contractOf(config.type, config.contract);
    const courseStates = config.type === 'course-files' ? { courseStates: config.states } : {};
    specs.set(config.name, {
      connector: openConnector(config, environment),
      contract,
      reading: (source) => configuredReading(config, source.split('/')[1] ?? null),
      ...NATURE[config.type],
      ...courseStates,
      ...('complete' in config ? { complete: config.complete } : {}),
      receipts: receiptsFolder(config, environment.home),
      expectEveryDays: config.expectEveryDays ?? null,
    });
    const system = systemOf(config);
    if (system) systems[config.name] = system;
  }
  return { specs, systems };
}
