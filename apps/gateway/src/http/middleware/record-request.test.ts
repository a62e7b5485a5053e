import { afterEach, describe, expect, test } from '@jest/globals';
import { silentLogger, type LogFields, type Logger } from '@universal-api/logging';
import { startTestGateway, type TestGateway } from '../../../test/start-test-gateway.ts';

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

/** A logger that keeps its lines. */
function keepingLogger() {
  const lines: { level: string; message: string; fields?: LogFields }[] = [];
  const keep = (level: string) => (message: string, fields?: LogFields) => void lines.push({ level, message, fields });
  const log: Logger = { ...silentLogger, warn: keep('warn'), error: keep('error') };
  return { log, lines };
}

async function finishedAfter(paths: readonly string[], log?: Logger) {
  const { fetch, finished } = (gateway = await startTestGateway({ log }));
  for (const path of paths) await (await fetch(path)).arrayBuffer();
  while (finished.length < paths.length) await new Promise(setImmediate);
  return finished;
}

describe('a finished request', () => {
  test('is told with its template and outcome, never with its path', async () => {
    const finished = await finishedAfter(['/api/v1/testing/things/t1', '/api/testing/things/missing', '/secret/path']);
    expect(finished).toEqual([
      expect.objectContaining({
        operation: 'testing.get',
        verb: 'GET',
        route: '/testing/things/{id}',
        status: 200,
        code: 'ok',
      }),
      expect.objectContaining({
        operation: 'testing.get',
        route: '/testing/things/{id}',
        status: 404,
        code: 'not_found',
      }),
      expect.objectContaining({ operation: '', route: '', status: 404, code: 'route_not_found' }),
    ]);
    expect(finished.every(({ ms }) => ms > 0)).toBe(true);
  });

  test('is logged when it failed by our fault, with what happened inside', async () => {
    const { log, lines } = keepingLogger();
    const paths = ['fail', 'fail?code=provider_timeout', 'fail?code=not_found', 'names'];
    const finished = await finishedAfter(
      paths.map((path) => `/api/v1/testing/${path}`),
      log,
    );
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'request failed',
        fields: expect.objectContaining({
          code: 'internal',
          request_id: finished[0]?.call.requestId,
          err: expect.any(Error),
        }),
      },
      { level: 'warn', message: 'request failed', fields: expect.objectContaining({ code: 'provider_timeout' }) },
    ]);
  });
});
