import { runAdmin } from './run-admin.ts';

/** `npm run admin -- <command>`: what has to be done before a service runs; `--help` says which. */
const writeTo = (stream: NodeJS.WriteStream) => (text: string) =>
  new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });

process.exitCode = await runAdmin({
  words: process.argv.slice(2),
  environment: process.env,
  out: writeTo(process.stdout),
  err: writeTo(process.stderr),
});
process.exit();
