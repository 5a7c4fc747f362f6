/** Which keys a configuration takes at a place of it: said when another one stands there. */
import type { z } from 'zod';
import { nodeBelow, schemaNode } from './schema-node.ts';

/** @returns the keys, as the schema orders them; empty where the schema names none */
export function expectedKeys(schema: z.ZodType, document: unknown, at: readonly PropertyKey[]): string[] {
  let value = document;
  let node = schemaNode(schema, value);
  for (const key of at) {
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
    const below = nodeBelow(node, key, value);
    if (below === null) return [];
    node = below;
  }
  return Object.keys(node.properties ?? {});
}
