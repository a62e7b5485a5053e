import { expect, test } from '@jest/globals';
import { checkEvictionPolicy } from './check-eviction-policy.ts';
import { RedisFailure } from './redis-failure.ts';

const info = (policy: string) => async () =>
  `# Memory\r\nused_memory:1000\r\nmaxmemory:2000\r\nmaxmemory_policy:${policy}\r\n`;
const forbidden = async () => {
  throw new RedisFailure('refused', new Error("NOPERM this user has no permissions to run 'config'"));
};

test('noeviction passes, by CONFIG GET or, where that is forbidden, by INFO', async () => {
  await checkEvictionPolicy({ setting: async () => 'noeviction', info: info('') });
  await checkEvictionPolicy({ setting: forbidden, info: info('noeviction') });
});

test('any other policy is refused in a sentence that names the setting', async () => {
  const sentence = /maxmemory-policy allkeys-lru .* set maxmemory-policy to noeviction\./;
  const refusal = { code: 'service_unavailable', message: expect.stringMatching(sentence) };
  await expect(checkEvictionPolicy({ setting: async () => 'allkeys-lru', info: info('') })).rejects.toMatchObject(
    refusal,
  );
  await expect(checkEvictionPolicy({ setting: forbidden, info: info('allkeys-lru') })).rejects.toMatchObject(refusal);
});

test('a server out of reach is not taken for one with a wrong setting', async () => {
  const setting = async () => {
    throw new RedisFailure('timeout', 'no answer');
  };
  await expect(checkEvictionPolicy({ setting, info: info('') })).rejects.toMatchObject({ kind: 'timeout' });
});
