import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createClientAddresses } from './client-address.ts';

describe('the address of a client', () => {
  const behind = createClientAddresses(['10.0.0.0/8', '2001:db8::/32', '192.0.2.1']);
  test.each([
    ['203.0.113.1', undefined, '203.0.113.1'],
    ['203.0.113.1', '198.51.100.1', '203.0.113.1'],
    ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['2001:db8::1', '2a00::1', '2a00::1'],
    ['192.0.2.1', '2a00::1', '2a00::1'],
    ['192.0.2.2', '2a00::1', '192.0.2.2'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1, unknown, 10.0.0.2', '10.0.0.2'],
    ['10.0.0.1', '', '10.0.0.1'],
    [undefined, undefined, ''],
  ])('from %s, forwarded for %s, is %s', (socket, forwarded, address) => {
    expect(behind.of(socket, forwarded)).toBe(address);
  });

  test('is never what somebody outside wrote, whatever it is', () => {
    const hop = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string());
    fc.assert(
      fc.property(fc.array(hop, { maxLength: 5 }), (hops) => {
        expect(behind.of('10.0.0.1', [...hops, '203.0.113.7'].join(','))).toBe('203.0.113.7');
        expect(createClientAddresses([]).of('10.0.0.1', hops.join(','))).toBe('10.0.0.1');
      }),
    );
  });

  test.each(['10.0.0.0/33', '10.0.0.0/', 'x', '10.0.0/8', '::/129', '10.0.0.0/-1'])(
    'needs proxies that are some: %s',
    (entry) => {
      expect(() => createClientAddresses([entry])).toThrow('TRUSTED_PROXIES');
    },
  );
});
