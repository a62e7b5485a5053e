/** The same server and login, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

/**
 * The same URL with server settings that hold from the first moment of each connection (`-c name=value`).
 * They go into the URL, after those it already has: `pg` lets a URL win over its other options, and a pool must not lose its role.
 */
export function withSettings(url: string, settings: Readonly<Record<string, string>>): string {
  const changed = new URL(url);
  const words = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, '\\$&')}`);
  const before = changed.searchParams.get('options');
  changed.searchParams.set('options', [...(before ? [before] : []), ...words].join(' '));
  return changed.href;
}

/** The database that a URL names; `postgres` when it names none. */
export function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres';
}
