/** A process with one guarded server, for the test that kills it: prints the server's pid and stays. `guard-host.ts <folder>` */
import { join } from 'node:path';
import { startGuarded } from '../src/process/guarded-process.ts';
import { openFolder } from '../src/process/server-folder.ts';

const folder = openFolder('guarded', process.argv[2]);
const started = await startGuarded({ folder, command: 'sleep', words: ['60'], logFile: join(folder.path, 'log') });
process.stdout.write(`${started.pid}\n`);
setInterval(() => {}, 1_000);
