import { tailEvents } from './tail-events.ts';

/** `npm run events:tail`: what happens, as it happens. Ends with Ctrl-C, with the program that started it, or with its reader. */
const end = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end.abort());
process.once('disconnect', () => end.abort());
process.channel?.unref();
// Whoever read the lines, such as `head`, has enough.
process.stdout.once('error', () => end.abort());

process.exitCode = await tailEvents(process.argv.slice(2), {
  environment: process.env,
  write: (line) => process.stdout.write(`${line}\n`),
  say: (line) => process.stderr.write(`${line}\n`),
  signal: end.signal,
});
