import { BlockList, isIP } from 'node:net';

const networkShape = /^([0-9A-Fa-f:.]{2,45})\/(\d{1,3})$/;
const bits = { 4: 32, 6: 128 } as const;
const mappedPrefix = /^::ffff:(?=\d{1,3}\.)/i;

/** An address without what a dual-stack socket puts before IPv4 (`::ffff:192.0.2.1`) and without its zone. */
function foldAddress(address: string): string {
  const [plain = ''] = address.split('%', 1);
  return plain.replace(mappedPrefix, '');
}

/** Whether a text is a network as `ip_allow` takes it: an address, `/`, a prefix length; IPv4 is never written as IPv6. */
export function isNetwork(text: string): boolean {
  const [, address = '', length = ''] = networkShape.exec(text) ?? [];
  const family = isIP(address);
  if (family !== 4 && family !== 6) return false;
  return Number(length) <= bits[family] && !mappedPrefix.test(address);
}

/**
 * Whether a key bound to these networks works from an address (platform.md 1.4). No networks: from everywhere. Networks,
 * but no address that can be read: from nowhere. Pure; the same function is used by `auth.VerifyKey` and by the gateway on
 * keys that it remembers.
 */
export function isFromNetworks(networks: readonly string[], address: string | undefined): boolean {
  if (networks.length === 0) return true;
  const folded = foldAddress(address ?? '');
  const family = isIP(folded);
  if (family === 0) return false;
  const allowed = new BlockList();
  for (const network of networks) {
    const [, base = '', length = ''] = networkShape.exec(network) ?? [];
    const ofNetwork = isIP(base);
    if (ofNetwork !== 0) allowed.addSubnet(base, Number(length), ofNetwork === 4 ? 'ipv4' : 'ipv6');
  }
  return allowed.check(folded, family === 4 ? 'ipv4' : 'ipv6');
}
