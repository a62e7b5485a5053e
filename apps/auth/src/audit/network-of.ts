import { isIPv4, isIPv6 } from 'node:net';

/**
 * The network of a client address, `192.0.2.0/24` or `2001:db8:1::/48`; an IPv4 address inside IPv6 is an IPv4 address. A
 * text that is a network already gives itself, one that is neither gives `''`.
 */
export function networkOf(address: string): string {
  if (address.includes('/')) return isNetwork(address) ? address : '';
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return '';
  const groups = groupsOf(plain);
  const [six = 0, seven = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return `${six >> 8}.${six & 255}.${seven >> 8}.0/24`;
  return `${groups
    .slice(0, 3)
    .map((group) => group.toString(16))
    .join(':')}::/48`;
}

function isNetwork(text: string): boolean {
  const [address = '', bits] = text.split('/');
  return (isIPv4(address) && bits === '24') || (isIPv6(address) && bits === '48');
}

/** The eight numbers of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser writes every address of IPv6 the same way (RFC 5952), an IPv4 tail as two groups.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...gap, ...right].map((group) => Number.parseInt(group, 16));
}
