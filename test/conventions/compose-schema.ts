/**
 * The parts of a Compose file that ours uses, as JSON Schema: closed on every level, so that a misspelt key fails here and not at two in the
 * morning. Written for this project after the Compose Specification; what ours does not use is left out.
 */
const text = { type: 'string', minLength: 1 };
const words = { type: 'array', items: text, minItems: 1 };
const duration = { type: 'string', pattern: '^(\\d+(ms|s|m|h))+$' };
const size = { type: 'string', pattern: '^\\d+[kmg]b?$' };
const closed = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const named = (schema: object): object => ({
  type: 'object',
  propertyNames: { pattern: '^[a-z][a-z0-9_-]*$' },
  additionalProperties: schema,
});

const healthcheck = {
  oneOf: [
    closed({ disable: { const: true } }, ['disable']),
    closed(
      {
        test: {
          type: 'array',
          minItems: 2,
          prefixItems: [{ enum: ['CMD', 'CMD-SHELL'] }],
          items: text,
          if: { prefixItems: [{ const: 'CMD-SHELL' }] },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: { maxItems: 2 },
        },
        interval: duration,
        timeout: duration,
        retries: { type: 'integer', minimum: 1 },
        start_period: duration,
      },
      ['test', 'interval', 'timeout', 'retries', 'start_period'],
    ),
  ],
};

const volume = {
  oneOf: [
    { type: 'string', pattern: '^[a-z]+:/[^:]+$' },
    closed(
      {
        type: { const: 'bind' },
        source: text,
        target: { type: 'string', pattern: '^/' },
        read_only: { type: 'boolean' },
      },
      ['type', 'source', 'target'],
    ),
  ],
};

const service = closed(
  {
    build: { type: 'string' },
    image: { type: 'string', pattern: '^[a-z0-9./-]+:[\\w.-]+$' },
    user: { type: 'string', pattern: '^\\d+:\\d+$' },
    init: { type: 'boolean' },
    read_only: { type: 'boolean' },
    cap_drop: words,
    security_opt: words,
    tmpfs: words,
    shm_size: size,
    scale: { type: 'integer', minimum: 0 },
    environment: {
      type: 'object',
      propertyNames: { pattern: '^[A-Z][A-Z0-9_]*$' },
      additionalProperties: { type: 'string' },
    },
    env_file: { type: 'array', items: closed({ path: text, required: { type: 'boolean' } }, ['path']) },
    secrets: words,
    command: words,
    ports: words,
    volumes: { type: 'array', items: volume },
    networks: words,
    healthcheck,
    depends_on: named(
      closed({ condition: { enum: ['service_started', 'service_healthy', 'service_completed_successfully'] } }, [
        'condition',
      ]),
    ),
    restart: { type: 'string', pattern: '^(no|always|unless-stopped|on-failure(:\\d+)?)$' },
    stop_grace_period: duration,
    logging: closed({ driver: text, options: { type: 'object', additionalProperties: { type: 'string' } } }, [
      'driver',
    ]),
  },
  ['image', 'restart', 'healthcheck', 'networks'],
);

export const composeSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    services: named(service),
    networks: named(closed({ internal: { type: 'boolean' } })),
    volumes: named(closed({})),
    secrets: named(closed({ file: text }, ['file'])),
  },
  required: ['name', 'services', 'volumes'],
  patternProperties: { '^x-': {} },
  additionalProperties: false,
};
