/** Hosts that show the same page under another name. */
const hostPrefix = /^(?:www|m|amp|mobile)\./;
/** Query parameters that say where a visitor came from, and not which page is meant. */
const tracking =
  /^(?:utm_.*|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|oly_enc_id|oly_anon_id|vero_id|wickedid|ref|ref_src|ref_url|referrer|cmpid|ocid|spm|scid|s_cid|at_medium|at_campaign|xtor)$/i;
/** Redirectors whose target stands in their own address: host, path, parameter. */
const redirectors: readonly (readonly [host: RegExp, path: RegExp, parameter: string])[] = [
  [/(?:^|\.)google\.[a-z.]+$/, /^\/url$/, 'url'],
  [/(?:^|\.)google\.[a-z.]+$/, /^\/url$/, 'q'],
  [/(?:^|\.)duckduckgo\.com$/, /^\/l\/?$/, 'uddg'],
  [/(?:^|\.)facebook\.com$/, /^\/l\.php$/, 'u'],
  [/(?:^|\.)youtube\.com$/, /^\/redirect$/, 'q'],
  [/(?:^|\.)linkedin\.com$/, /^\/redir\/redirect$/, 'url'],
  [/(?:^|\.)bing\.com$/, /^\/link$/, 'url'],
  [/^out\.reddit\.com$/, /^\//, 'url'],
  [/^steamcommunity\.com$/, /^\/linkfilter\/?$/, 'url'],
];
const mostRedirects = 2;

/**
 * A page's address as it is compared: no scheme, host in ASCII without `www.` and the like, no tracking parameters, the
 * others sorted, no fragment (but `#!`), no slash at the end, known redirectors unwrapped without a call. Pure
 * (search.md 7). Undefined for what is no http address.
 */
export function canonicalUrl(text: string): string | undefined {
  const url = unwrap(text);
  if (!url) return undefined;
  const ampCache = /^\/c\/(?:s\/)?(.+)$/.exec(url.pathname);
  if (ampCache?.[1] && /(?:^|\.)cdn\.ampproject\.org$/.test(url.hostname)) {
    return canonicalUrl(`https://${ampCache[1]}${url.search}`);
  }
  let host = url.hostname.replace(/\.$/, '');
  while (hostPrefix.test(host) && host.split('.').length > 2) host = host.replace(hostPrefix, '');
  const kept = [...url.searchParams].filter(([name, value]) => !tracking.test(name) && !isAmpFlag(name, value));
  const query = kept
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const fragment = url.hash.startsWith('#!') ? url.hash : '';
  return `${host}${url.port && `:${url.port}`}${canonicalPath(url.pathname)}${query && `?${query}`}${fragment}`;
}

function unwrap(text: string): URL | undefined {
  let url = readUrl(text);
  for (let level = 0; level < mostRedirects && url; level += 1) {
    const { hostname, pathname, searchParams } = url;
    const known = redirectors.find(
      ([host, path, name]) => host.test(hostname) && path.test(pathname) && readUrl(searchParams.get(name) ?? ''),
    );
    const target = known && readUrl(searchParams.get(known[2]) ?? '');
    if (!target) break;
    url = target;
  }
  return url;
}

function readUrl(text: string): URL | undefined {
  const url = URL.parse(text.trim());
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}

function canonicalPath(path: string): string {
  const plain = path
    .replace(/\/{2,}/g, '/')
    .replace(/\/amp\/?$/i, '/')
    .replace(/\.amp(?=$|\.html?$)/i, '')
    .replace(/^\/amp\/(?=.)/i, '/')
    .replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase())
    .replace(/\/+$/, '');
  return plain;
}

function isAmpFlag(name: string, value: string): boolean {
  return (name === 'amp' && /^(?:1|true|)$/.test(value)) || (name === 'outputType' && value === 'amp');
}
