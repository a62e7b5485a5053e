import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filledOnce } from '../cache-folder.ts';
import { installPackages, mayInstall } from '../debian.ts';
import { findProgram } from '../process/find-program.ts';
import { runCommand } from '../process/run-command.ts';
import { checkJars } from './check-jars.ts';
import { kafkaArtifacts, kafkaJars, kafkaVersion } from './kafka-jars.ts';

const copyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/**
 * The folder of the broker's jars: from the cache, else resolved by Maven and compared with the pinned list. Another list is
 * another folder. Errors: one sentence when Maven cannot be had or a jar is not the pinned one.
 */
export async function fetchKafka(): Promise<string> {
  const list = createHash('sha256').update(JSON.stringify(kafkaJars)).digest('hex').slice(0, 12);
  return filledOnce(`kafka-${kafkaVersion}-${list}`, async (unfinished) => {
    const maven = await findMaven();
    const work = await mkdtemp(join(tmpdir(), 'uapi-maven-'));
    try {
      await writeFile(join(work, 'pom.xml'), projectFile());
      await runCommand(
        maven,
        [
          '-q',
          '-B',
          '-f',
          join(work, 'pom.xml'),
          copyPlugin,
          `-DoutputDirectory=${unfinished}`,
          '-DincludeScope=runtime',
        ],
        { cwd: work, deadlineMs: 300_000 },
      );
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    await checkJars(unfinished, kafkaJars);
  });
}

async function findMaven(): Promise<string> {
  const found = findProgram('mvn');
  if (found) return found;
  if (!mayInstall()) throw new Error("Kafka's jars need Maven once: install it (mvn), it is not on the path.");
  await installPackages('maven');
  return findProgram('mvn') ?? '/usr/bin/mvn';
}

function projectFile(): string {
  const dependencies = kafkaArtifacts.map(
    ({ group, name, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version><scope>runtime</scope></dependency>`,
  );
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>universal-api</groupId><artifactId>kafka-server</artifactId><version>1</version><packaging>pom</packaging>',
    `<dependencies>${dependencies.join('')}</dependencies></project>`,
  ].join('\n');
}
