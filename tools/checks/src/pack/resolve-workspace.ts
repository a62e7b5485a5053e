import type { Workspace } from '../workspaces.ts';

/** What `package.json` of a workspace lets others import. */
type Exports = Readonly<Record<string, string>>;

/** File of a workspace behind a specifier such as `@universal-api/events/log`, relative to the root; undefined for a vendor's. */
export function resolveWorkspace(workspaces: readonly Workspace[], specifier: string): string | undefined {
  const workspace = workspaces.find(({ manifest }) => `${specifier}/`.startsWith(`${manifest.name}/`));
  if (workspace === undefined) return undefined;
  const door = `.${specifier.slice(workspace.manifest.name.length)}`;
  const target = findTarget(workspace.manifest.exports ?? {}, door);
  if (target === undefined) throw new Error(`${workspace.manifest.name} has no door ${door}.`);
  return `${workspace.folder}/${target.replace(/^\.\//, '')}`;
}

function findTarget(exports: Exports, door: string): string | undefined {
  if (exports[door] !== undefined) return exports[door];
  for (const [pattern, target] of Object.entries(exports)) {
    const [start, end] = pattern.split('*');
    if (start === undefined || end === undefined || !door.startsWith(start) || !door.endsWith(end)) continue;
    return target.replace('*', door.slice(start.length, door.length - end.length));
  }
  return undefined;
}
