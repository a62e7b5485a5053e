import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { networkOf } from './network-of.ts';

test.each([
  ['198.51.100.77', '198.51.100.0/24'],
  ['::ffff:198.51.100.77', '198.51.100.0/24'],
  ['2001:db8:1:2::3', '2001:db8:1::/48'],
  ['2001:0DB8:0001:0:0:0:0:1', '2001:db8:1::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['::1', '0:0:0::/48'],
  ['::5:6:7:8:9:a', '0:0:5::/48'],
  ['::ffff:c633:644d', '198.51.100.0/24'],
  ['198.51.100.0/24', '198.51.100.0/24'],
  ['198.51.100.77/32', ''],
  ['somebody', ''],
  ['', ''],
])('%s is in %s', (address, network) => expect(networkOf(address)).toBe(network));

test('two addresses are in one network exactly when their first 24 or 48 bits are the same', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), (a, b) => {
      const isSame = a.split('.').slice(0, 3).join() === b.split('.').slice(0, 3).join();
      expect(networkOf(a) === networkOf(b)).toBe(isSame);
    }),
  );
  fc.assert(fc.property(fc.ipV6(), (address) => expect(networkOf(address)).toMatch(/(::\/48|\.0\/24)$/)));
});
