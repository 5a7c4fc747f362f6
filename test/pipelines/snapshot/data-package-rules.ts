/** What the Data Package 2.0 standard demands of a descriptor with tables (datapackage.org: Data Package, Data Resource, Table Dialect, Table Schema), as a JSON Schema of our own. */

const FIELD_TYPES =
  'string number integer boolean object list datetime date time year yearmonth duration geopoint geojson any array'.split(
    ' ',
  );
const text = { type: 'string', minLength: 1 } as const;

const field = {
  type: 'object',
  required: ['name'],
  properties: {
    name: text,
    title: text,
    description: text,
    type: { enum: FIELD_TYPES },
    constraints: { type: 'object', properties: { required: { type: 'boolean' }, unique: { type: 'boolean' } } },
    categories: { type: 'array', minItems: 1 },
    missingValues: { type: 'array' },
  },
} as const;

const tableSchema = {
  type: 'object',
  required: ['fields'],
  properties: {
    $schema: { const: 'https://datapackage.org/profiles/2.0/tableschema.json' },
    fields: { type: 'array', minItems: 1, items: field },
    missingValues: { type: 'array', items: { type: ['string', 'object'] } },
    primaryKey: { type: 'array', minItems: 1, items: text, uniqueItems: true },
  },
} as const;

const resource = {
  type: 'object',
  required: ['name', 'path'],
  properties: {
    // Small letters, digits and a few marks; a path leads neither up nor to the root.
    name: { type: 'string', pattern: '^[a-z0-9._-]+$' },
    path: { type: 'string', pattern: '^(?![/~])(?!.*\\.\\.)[^\\\\]+$' },
    title: text,
    description: text,
    type: { const: 'table' },
    format: text,
    mediatype: { type: 'string', pattern: '^[^/]+/[^/]+$' },
    encoding: text,
    bytes: { type: 'integer', minimum: 0 },
    hash: { type: 'string', pattern: '^[a-z0-9]+:[a-f0-9]+$' },
    dialect: {
      type: 'object',
      properties: {
        $schema: { const: 'https://datapackage.org/profiles/2.0/tabledialect.json' },
        header: { type: 'boolean' },
        delimiter: text,
        lineTerminator: text,
      },
    },
    schema: tableSchema,
  },
  // A table says what is in it.
  if: { properties: { type: { const: 'table' } }, required: ['type'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['schema'] },
} as const;

export const DATA_PACKAGE = {
  type: 'object',
  required: ['resources'],
  properties: {
    $schema: { const: 'https://datapackage.org/profiles/2.0/datapackage.json' },
    name: { type: 'string', pattern: '^[a-z0-9._-]+$' },
    title: text,
    resources: { type: 'array', minItems: 1, items: resource },
  },
} as const;
