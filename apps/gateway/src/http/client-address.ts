import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Says where a request comes from. */
export interface ClientAddresses {
  /**
   * The client's address: the socket's, or, when the peer is a trusted proxy, the first untrusted hop of `X-Forwarded-For` read
   * from right to left. IPv4-mapped IPv6 is folded.
   */
  of(socketAddress: string | undefined, forwardedFor: string | undefined): string;
  isTrusted(address: string): boolean;
}

/** Addresses behind the trusted proxies, given as CIDRs or single addresses. Throws on anything else. */
export function createClientAddresses(trustedProxies: readonly string[]): ClientAddresses {
  const trusted = new BlockList();
  for (const entry of trustedProxies) addEntry(trusted, entry);
  const hasTrusted = trustedProxies.length > 0;
  const isTrusted = (address: string) =>
    hasTrusted && isIP(address) !== 0 && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return {
    isTrusted,
    of(socketAddress, forwardedFor) {
      let address = foldMapped(socketAddress ?? '');
      if (!hasTrusted || forwardedFor === undefined || !isTrusted(address)) return address;
      const hops = forwardedFor.split(',');
      for (let index = hops.length - 1; index >= 0; index -= 1) {
        const hop = foldMapped((hops[index] ?? '').trim());
        // What a proxy of ours wrote is an address; anything else was sent by somebody behind it.
        if (isIP(hop) === 0) return address;
        address = hop;
        if (!isTrusted(hop)) return address;
      }
      return address;
    },
  };
}

function foldMapped(address: string): string {
  if (!address.startsWith('::ffff:')) return address;
  const rest = address.slice(7);
  return isIPv4(rest) ? rest : address;
}

function addEntry(list: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const longest = family === 'ipv6' ? 128 : 32;
  const bits = prefix === undefined ? longest : Number(prefix);
  if (isIP(address) === 0 || !Number.isInteger(bits) || bits < 0 || bits > longest || prefix === '') {
    throw new Error(`TRUSTED_PROXIES: ${entry} is neither an address nor a CIDR`);
  }
  list.addSubnet(address, bits, family);
}
