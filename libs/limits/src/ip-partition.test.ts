import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toIpPartition } from './ip-partition.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1::', '1:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, partition) => {
  expect(toIpPartition(address)).toBe(partition);
});

test('addresses of one /64 share a bucket, and only those', () => {
  const half = fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 4, maxLength: 4 });
  const toText = (groups: number[]) => groups.map((group) => group.toString(16)).join(':');
  fc.assert(
    fc.property(half, half, half, (network, host, other) => {
      const one = toIpPartition(toText([...network, ...host]));
      expect(toIpPartition(toText([...network, ...other]))).toBe(one);
      expect(toIpPartition(toText([...other, ...host])) === one).toBe(toText(other) === toText(network));
    }),
  );
});
