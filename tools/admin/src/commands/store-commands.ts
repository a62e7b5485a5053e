import { loadConfig } from '@universal-api/config';
import { createLogger } from '@universal-api/logging';
import { parseKeyRing } from '@universal-api/principal';
import { toBrokers } from '@universal-api/service';
import { migrateAll } from '@universal-api/standalone/migrate';
import { bootstrapVariables, databaseVariables, topicVariables } from '../config.ts';
import type { Command, Running } from '../running.ts';
import type { storeForms } from '../words/command-forms.ts';
import { textOption, UsageError } from '../words/parse-words.ts';
import { usualFolder } from '../words/usual-folder.ts';
import { applyProductTopics } from './apply-product-topics.ts';
import { bootstrapDatabase } from './bootstrap-database.ts';
import { initSecrets } from './init-secrets.ts';

/** Commands that work on the stores themselves. */
export const storeCommands: Readonly<Record<keyof typeof storeForms, Command<Running>>> = {
  async 'secrets init'({ invocation, say }) {
    const databaseUrl = textOption(invocation, 'database-url');
    if (databaseUrl !== undefined) checkDatabaseUrl(databaseUrl);
    const wanted = { folder: textOption(invocation, 'folder') ?? usualFolder, ...(databaseUrl ? { databaseUrl } : {}) };
    const { folder, made, kept } = initSecrets(wanted);
    const text = made.length > 0 ? `Made in ${folder}: ${made.join(', ')}.` : `Nothing was missing in ${folder}.`;
    await say({ text, fields: { folder, made, kept } });
  },

  async migrate({ environment, say }) {
    const applied = await migrateAll(loadConfig(databaseVariables, environment).DATABASE_URL);
    const text = applied.length > 0 ? `Applied: ${applied.join(', ')}.` : 'The database is up to date.';
    await say({ text, fields: { applied } });
  },

  async 'topics apply'({ environment, say }) {
    const { kafka } = toBrokers(loadConfig(topicVariables, environment));
    if (kafka === undefined) throw new UsageError('KAFKA_BROKERS is not set.');
    const { created } = await applyProductTopics({ ...kafka, service: 'admin', log: openLog() }, kafka.replication);
    const text = created.length > 0 ? `Created: ${created.join(', ')}.` : 'All topics are there.';
    await say({ text, fields: { created } });
  },

  async bootstrap({ environment, say }) {
    const config = loadConfig(bootstrapVariables, environment);
    const peppers = parseKeyRing('AUTH_KEY_PEPPER', config.AUTH_KEY_PEPPER);
    const found = await bootstrapDatabase({ databaseUrl: config.DATABASE_URL, peppers }, ({ key, id12 }) =>
      say({ text: keyText(key.reveal(), config.PUBLIC_BASE_URL), fields: { made: true, id12, key: key.reveal() } }),
    );
    if (found.kind === 'made') return;
    const { id12 } = found;
    const which = id12 === undefined ? 'It does not work any more' : `Its public part is ${id12}`;
    await say({ text: `The first key was shown before. ${which}.`, fields: { made: false, id12 } });
  },
};

function checkDatabaseUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol) || url.username === '') {
    throw new UsageError('--database-url is no URL such as postgresql://<login>@<host>:5432/<database>.');
  }
  // It would stand in the list of processes.
  if (url.password !== '') throw new UsageError('--database-url has a password; it is made by secrets init.');
}

function keyText(key: string, url: string): string {
  return `This installation's API key, shown this once; keep it:

  ${key}

  curl -H 'Authorization: Bearer ${key}' '${url}/api/v1/countries/PE'`;
}

/** On standard error, since standard output is the answer. */
function openLog() {
  const destination = { write: (line: string) => void process.stderr.write(line) };
  return createLogger({ service: 'admin', instance: String(process.pid), level: 'error', destination });
}
