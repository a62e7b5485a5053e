import { userInfo } from 'node:os';
import { osUser } from './auth/os-user.ts';
import { runAdmin } from './run-admin.ts';

/** `npm run admin -- <command>`: an installation from the outside; `--help` says which commands there are. */
const writeTo = (stream: NodeJS.WriteStream) => (text: string) =>
  new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });

process.exitCode = await runAdmin({
  words: process.argv.slice(2),
  environment: process.env,
  user: osUser(userInfo, process.getuid?.()),
  out: writeTo(process.stdout),
  err: writeTo(process.stderr),
});
process.exit();
