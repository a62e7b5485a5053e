import { system } from '@universal-api/standalone/system';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the documents say of the system is what the system is: apps, ports, commands, length of the README. */
export function checkDocuments(root: string): string[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const complaints: string[] = [];
  if (readme.split('\n').length > 150) complaints.push('README.md has more than 150 lines');
  for (const part of system) {
    const port = 'grpcPort' in part ? part.grpcPort : part.httpPort;
    const row = readme.split('\n').find((line) => line.startsWith(`| [\`${part.name}\`]`));
    if (!row?.includes(String(port))) complaints.push(`README.md has no row for ${part.name} with port ${port}`);
  }
  for (const name of Object.keys(scripts).filter((name) => name !== 'start' && name !== 'test')) {
    if (!contributing.includes(`npm run ${name}`)) complaints.push(`CONTRIBUTING.md does not explain npm run ${name}`);
  }
  const commands = `${readme}\n${contributing}`.matchAll(/npm run ([a-z][\w:-]*)/g);
  for (const [, name] of commands)
    if (name && !(name in scripts)) complaints.push(`npm run ${name} is written of, but does not exist`);
  return complaints;
}
