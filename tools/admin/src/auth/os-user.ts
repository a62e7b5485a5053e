/**
 * The user of the operating system, in letters that a log can show; `uid-<number>` for one without a name. `read` is `userInfo`
 * of `node:os`, which throws where the number has no name.
 */
export function osUser(read: () => { readonly username: string }, uid: number | undefined): string {
  return (
    nameOf(read, uid)
      .replace(/[^A-Za-z0-9._-]/g, '_')
      .slice(0, 32) || 'unknown'
  );
}

function nameOf(read: () => { readonly username: string }, uid: number | undefined): string {
  try {
    return read().username;
  } catch {
    // A container may run under a number that no list of users has.
    return uid === undefined ? '' : `uid-${uid}`;
  }
}
