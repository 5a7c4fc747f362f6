/** Who may import whom: the table of docs/architecture.md, as data. Paths are prefixes; the longest that fits a file is its zone. */

export interface Zone {
  /** Prefixes of own paths, beside the zone itself. */
  own: readonly string[];
  /** Own paths of which only types may be taken. */
  types?: readonly string[];
  /** Packages and `node:` modules; absent means any but those that a rule of PACKAGES keeps elsewhere. */
  packages?: readonly string[];
}

export const ZONES: Readonly<Record<string, Zone>> = {
  schemas: { own: [], packages: ['zod'] },
  connectors: { own: ['schemas'] },
  warehouse: { own: ['schemas'] },
  pipelines: { own: ['schemas', 'warehouse'], types: ['connectors/contract.ts'] },
  // The pure parts: no database, no file, no clock. A type of the warehouse is a shape, not a way to reach it.
  'pipelines/normalise': { own: ['schemas'] },
  'pipelines/reconcile/': { own: ['schemas'] },
  jobs: { own: ['pipelines', 'schemas', 'warehouse', 'connectors'] },
  web: { own: ['pipelines', 'schemas', 'warehouse', 'jobs/queue.ts', 'jobs/start-run.ts'] },
  cli: {
    own: ['pipelines', 'schemas', 'warehouse', 'connectors', 'jobs', 'web/server.ts', 'samples/rehearsal.ts'],
  },
  // A sample that used the project's own reading of names and dates would agree with every mistake in it.
  samples: { own: ['schemas'] },
  bench: { own: ['cli', 'jobs', 'pipelines', 'schemas', 'warehouse', 'connectors', 'samples'] },
  test: {
    own: ['bench', 'cli', 'jobs', 'pipelines', 'schemas', 'warehouse', 'connectors', 'samples', 'web'],
  },
};

/** Packages that belong in one place. Tests may use any. */
export const PACKAGES: readonly { packages: readonly string[]; zones: readonly string[]; why: string }[] = [
  {
    packages: ['pg', 'knex', 'pg-copy-streams'],
    zones: ['warehouse', 'bench'],
    why: 'SQL lives in warehouse/; the bench measures a bare COPY against it',
  },
  { packages: ['bullmq'], zones: ['jobs', 'warehouse/migrate.ts'], why: 'the queue is reached through jobs/' },
  { packages: ['commander', 'cli-progress'], zones: ['cli'], why: 'the command line is a shell around pipelines/' },
  { packages: ['p-retry'], zones: ['connectors'], why: 'only a source is fetched over the network' },
  {
    packages: ['axios'],
    zones: ['connectors', 'bench'],
    why: 'only a source is fetched over the network; bench has it bare',
  },
  { packages: ['eta'], zones: ['web', 'pipelines/report'], why: 'pages and the report in HTML' },
  {
    packages: ['pdfkit', 'harfbuzzjs', '@noto-pdf-ts/fonts-cjk'],
    zones: ['pipelines/report'],
    why: 'the report as PDF',
  },
  { packages: ['standardwebhooks'], zones: ['pipelines/notices'], why: 'notices to consumers' },
  { packages: ['jose'], zones: ['pipelines/snapshot'], why: 'signatures of snapshots' },
  {
    packages: [
      'fastify',
      '@fastify/helmet',
      '@fastify/rate-limit',
      '@fastify/swagger',
      'fastify-type-provider-zod',
      'negotiator',
    ],
    zones: ['web', 'samples'],
    why: 'servers',
  },
];

const fits = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

export const zoneOf = (path: string): string | undefined =>
  Object.keys(ZONES)
    .filter((zone) => fits(path, zone))
    .sort((a, b) => b.length - a.length)[0];

export const within = (path: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => fits(path, prefix));
