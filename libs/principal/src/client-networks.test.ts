import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFromNetworks, isNetwork } from './client-networks.ts';

describe('a network', () => {
  test.each(['0.0.0.0/0', '192.0.2.0/24', '192.0.2.7/32', '2001:db8::/32', '::1/128', '::/0'])('%s is one', (text) => {
    expect(isNetwork(text)).toBe(true);
  });

  test.each([
    '',
    '192.0.2.0',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2/24',
    '2001:db8::/129',
    '::ffff:192.0.2.0/120',
    'fe80::1%eth0/64',
    ' 192.0.2.0/24',
    'localhost/8',
    '192.0.2.0/24,10.0.0.0/8',
  ])('"%s" is none', (text) => {
    expect(isNetwork(text)).toBe(false);
  });
});

describe('a key bound to networks', () => {
  test('works from inside and not from outside', () => {
    const networks = ['192.0.2.0/24', '2001:db8::/32'];
    for (const inside of ['192.0.2.0', '192.0.2.255', '::ffff:192.0.2.9', '2001:db8:1::5'])
      expect(isFromNetworks(networks, inside)).toBe(true);
    for (const outside of ['192.0.3.0', '::ffff:192.0.3.9', '2001:db9::1', '::1'])
      expect(isFromNetworks(networks, outside)).toBe(false);
  });

  test('works from nowhere without an address that can be read', () => {
    for (const unreadable of [undefined, '', 'unknown', '192.0.2', '192.0.2.7:443'])
      expect(isFromNetworks(['0.0.0.0/0', '::/0'], unreadable)).toBe(false);
  });

  test('compares just as many bits as it says', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const address = fc.tuple(octet, octet, octet, octet);
    const toNumber = (parts: readonly number[]) => parts.reduce((sum, part) => sum * 256 + part, 0);
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (network, client, length) => {
        const span = 2 ** (32 - length);
        const isSame = Math.floor(toNumber(network) / span) === Math.floor(toNumber(client) / span);
        expect(isFromNetworks([`${network.join('.')}/${length}`], client.join('.'))).toBe(isSame);
      }),
    );
  });
});

test('a key bound to no network works from everywhere', () => {
  for (const address of [undefined, '', '192.0.2.7']) expect(isFromNetworks([], address)).toBe(true);
});
