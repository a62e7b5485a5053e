import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../process/run-command.ts';
import { brokerSettings, toProperties } from './broker-settings.ts';

/** How Java is called for a program of the broker. */
export interface JavaCall {
  readonly java: string;
  /** Options of the virtual machine, class path included. */
  readonly options: readonly string[];
}

const unfinishedPrefix = 'data.unfinished-';

/**
 * Makes the broker's data folder `data` in its folder, whole or not at all: it is formatted under another name and renamed,
 * so a kill in between leaves nothing that a broker would start on. One that is there is left as it is.
 */
export async function formatStorage(folder: string, { java, options }: JavaCall): Promise<string> {
  const data = join(folder, 'data');
  if (existsSync(data)) return data;
  const unfinished = mkdtempSync(join(folder, unfinishedPrefix));
  try {
    const log = join(unfinished, 'log');
    mkdirSync(log);
    const file = join(unfinished, 'format.properties');
    writeFileSync(file, toProperties(brokerSettings({ port: 9092, controllerPort: 9093, data: log }, {})));
    const cluster = randomBytes(16).toString('base64url').replace(/^-/, 'A');
    const words = ['kafka.tools.StorageTool', 'format', '-t', cluster, '-c', file];
    await runCommand(java, [...options, ...words], { cwd: folder, deadlineMs: 60_000 });
    renameSync(log, data);
  } catch (error) {
    if (!existsSync(data)) throw error;
    // Another start was faster: the folder's lock decides which of the two runs.
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return data;
}

/** Removes what a killed format left behind; called by the server that holds the folder. */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(unfinishedPrefix))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
