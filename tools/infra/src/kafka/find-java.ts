import { join } from 'node:path';
import { installPackages, mayInstall } from '../debian.ts';
import { findProgram } from '../process/find-program.ts';
import { runCommand } from '../process/run-command.ts';

const oldest = 17;

/** Java 17 or newer: of `JAVA_HOME`, of the path, or Debian's when root may install it. Errors: one sentence. */
export async function findJava(home: string | undefined = process.env['JAVA_HOME']): Promise<string> {
  for (const java of [home ? join(home, 'bin/java') : undefined, findProgram('java')]) {
    if (java !== undefined && (await versionOf(java)) >= oldest) return java;
  }
  if (!mayInstall()) throw new Error(`Kafka needs Java ${oldest} or newer, and there is none on the path.`);
  await installPackages('openjdk-17-jre-headless');
  return findProgram('java') ?? '/usr/bin/java';
}

async function versionOf(java: string): Promise<number> {
  try {
    const text = await runCommand(java, ['-version'], { deadlineMs: 10_000 });
    return Number(/version "(\d+)/.exec(text)?.[1] ?? 0);
  } catch {
    // Not a Java that runs: as good as none.
    return 0;
  }
}
