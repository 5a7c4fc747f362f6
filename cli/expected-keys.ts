/** Which keys a configuration takes at a place of it: said when another one stands there. */
import { z } from 'zod';

interface Node {
  properties?: Record<string, Node>;
  /** Of a map whose keys the operator chooses. */
  additionalProperties?: Node | boolean;
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
  const?: unknown;
}

/** The member of a union whose constant keys (`type`) are those of the value. */
function member(node: Node, value: unknown): Node {
  const members = node.oneOf ?? node.anyOf;
  if (!members) return node;
  const fits = ({ properties = {} }: Node): boolean =>
    Object.entries(properties).every(
      ([key, { const: constant }]) =>
        constant === undefined || constant === (value as Record<string, unknown> | null)?.[key],
    );
  return members.find(fits) ?? node;
}

/** @returns the keys, as the schema orders them; empty where the schema names none */
export function expectedKeys(schema: z.ZodType, document: unknown, at: readonly PropertyKey[]): string[] {
  let value = document;
  let node = member(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node, value);
  for (const key of at) {
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
    const below = typeof key === 'number' ? node.items : (node.properties?.[String(key)] ?? node.additionalProperties);
    if (typeof below !== 'object') return [];
    node = member(below, value);
  }
  return Object.keys(node.properties ?? {});
}
