import { isIP } from 'node:net';

/** The names of a hosts file (hosts(5)) in lower case, each with its addresses in the order of the file. */
export function readHostsFile(text: string): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (!address || isIP(address) === 0) continue;
    for (const name of names) {
      const addresses = byName.get(name.toLowerCase());
      if (addresses) addresses.push(address);
      else byName.set(name.toLowerCase(), [address]);
    }
  }
  return byName;
}
