import { describe, test } from '@jest/globals';

/**
 * `describe` for fault tests that start servers of their own. Where the run found that servers cannot be had
 * (`UAPI_TEST_INFRA=none`) each of its tests counts as skipped, or, with `INFRA=required`, the suite fails.
 */
export function describeWithInfra(name: string, body: () => void): void {
  if (process.env['UAPI_TEST_INFRA'] !== 'none') return describe(name, body);
  if (process.env['INFRA'] !== 'required') return describe.skip(name, body);
  describe(name, () => {
    test('starts servers of its own', () => {
      throw new Error('INFRA=required, and this machine has no Kafka or no Redis; the run said why.');
    });
  });
}
