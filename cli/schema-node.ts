/** The configuration's JSON Schema, walked beside a document: what stands below a key, and which member of a union a value is. */
import { z } from 'zod';

export interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  /** Of a map whose keys the operator chooses. */
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  const?: unknown;
  /** `schemas/config.ts` marks what names a secret. */
  secret?: 'variable' | 'file';
}

/** The member of a union whose constant keys (`type`) are those of the value. */
function member(node: SchemaNode, value: unknown): SchemaNode {
  const members = node.oneOf ?? node.anyOf;
  if (!members) return node;
  const fits = ({ properties = {} }: SchemaNode): boolean =>
    Object.entries(properties).every(
      ([key, { const: constant }]) =>
        constant === undefined || constant === (value as Record<string, unknown> | null)?.[key],
    );
  return members.find(fits) ?? node;
}

/** @param document what the schema is of: unions are told apart by it */
export const schemaNode = (schema: z.ZodType, document: unknown): SchemaNode =>
  member(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode, document);

/** @param value what stands at the key. @returns null where the schema names nothing there */
export function nodeBelow(node: SchemaNode, key: PropertyKey, value: unknown): SchemaNode | null {
  const below = typeof key === 'number' ? node.items : (node.properties?.[String(key)] ?? node.additionalProperties);
  return typeof below === 'object' ? member(below, value) : null;
}
