import { withClient } from '../with-client.ts';
import { tenantRules } from './tenant-rules.ts';

/**
 * Asks the catalogue of a database whether every table with a `tenant_id` is guarded, over all schemas, and gives back
 * a sentence for each place that is not. An empty list is what a test wants; it says nothing about a database without tables.
 */
export async function checkTenantTables(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const complaints: string[] = [];
    for (const { sql } of tenantRules) {
      const { rows } = await client.query<{ complaint: string }>(`${sql} ORDER BY complaint`);
      complaints.push(...rows.map(({ complaint }) => complaint));
    }
    return complaints;
  });
}
