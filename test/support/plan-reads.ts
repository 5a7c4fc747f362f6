/** What a statement went through, counted by PostgreSQL itself: tests of what a night pays for ask this and no clock. */
import type { Database, Transaction } from '../../warehouse/connect.ts';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Loops': number;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  Plans?: PlanNode[];
}

function add(node: PlanNode, into: Map<string, number>): Map<string, number> {
  const thrownAway = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Join Filter'] ?? 0);
  const name = node['Relation Name'] ?? node['Node Type'];
  into.set(name, (into.get(name) ?? 0) + (node['Actual Rows'] + thrownAway) * node['Actual Loops']);
  for (const child of node.Plans ?? []) add(child, into);
  return into;
}

/** @returns rows by relation, or by step where it reads none itself, those that a condition then threw away too. The statement is carried out. */
export async function planReads(
  db: Database | Transaction,
  sql: string,
  bindings: object,
): Promise<Map<string, number>> {
  const { rows } = await db.raw(`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${sql}`, bindings as never);
  return add(rows[0]['QUERY PLAN'][0].Plan, new Map());
}
