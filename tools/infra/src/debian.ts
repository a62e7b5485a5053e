import { findProgram } from './process/find-program.ts';
import { runCommand } from './process/run-command.ts';

const deadlineMs = 300_000;
/** Another package manager may be at work; it is waited for. */
const wait = ['-o', 'DPkg::Lock::Timeout=120'];

/** Whether this process may install packages of Debian. */
export function mayInstall(): boolean {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

/** Installs packages of Debian; nothing is started. Errors: what apt-get said. */
export async function installPackages(...names: string[]): Promise<void> {
  const install = () =>
    runCommand('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...names], { deadlineMs });
  try {
    await install();
  } catch {
    // The lists of a fresh machine are missing or old.
    await runCommand('apt-get', [...wait, 'update'], { deadlineMs });
    await install();
  }
}

/** Unpacks packages of Debian into a folder without installing them. Errors: what apt-get or dpkg said. */
export async function unpackPackages(folder: string, ...names: string[]): Promise<void> {
  await runCommand('apt-get', ['download', ...names], { cwd: folder, deadlineMs });
  await runCommand('/bin/sh', ['-c', 'for file in *.deb; do dpkg -x "$file" . || exit 1; done; rm -f *.deb'], {
    cwd: folder,
    deadlineMs,
  });
}
