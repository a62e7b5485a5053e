import { type Database, sql } from '@universal-api/database';
import { pageQuery, type PageRequest } from '../src/log/read-log.ts';

/** Rows that the scans of one poll touch, kept or not, by the server's own account. */
export async function countRowsRead(reader: Database<unknown>, request: PageRequest): Promise<number> {
  return reader.instance(async (tx) => {
    const query = pageQuery(request);
    const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>`EXPLAIN (ANALYZE, FORMAT JSON) ${query}`.execute(
      tx,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    return plan ? touched(plan) : Number.NaN;
  });
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

function touched(node: PlanNode): number {
  const own = node['Relation Name']
    ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
    : 0;
  return own + (node.Plans ?? []).reduce((sum, child) => sum + touched(child), 0);
}
