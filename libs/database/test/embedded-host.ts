/**
 * A process with an embedded PostgreSQL, for tests that kill it: `node embedded-host.ts <folder> [port] [no-namespace]`.
 * Prints one line of JSON once the server runs, or the sentence of its refusal, and stops on SIGTERM.
 */
import { startEmbeddedPostgres } from '../src/index.ts';

const [folder = '', port = '0', mode = ''] = process.argv.slice(2);
const isRefused = mode === 'no-namespace';
try {
  const postgres = await startEmbeddedPostgres(
    { folder, port: Number(port) },
    isRefused ? async () => false : undefined,
  );
  const alive = setInterval(() => {}, 1_000);
  process.once('SIGTERM', () => {
    clearInterval(alive);
    void postgres.stop();
  });
  process.stdout.write(`${JSON.stringify({ adminUrl: postgres.adminUrl(), port: postgres.port })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ refusal: error instanceof Error ? error.message : String(error) })}\n`);
  process.exitCode = 1;
}
