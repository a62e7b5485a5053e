import { afterAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerAnswers } from './docker-answers.ts';

const folder = mkdtempSync(join(tmpdir(), 'uapi-docker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function askEngine(name: string, listener: RequestListener): Promise<boolean> {
  const path = join(folder, name);
  const engine = createServer(listener).listen(path);
  await once(engine, 'listening');
  try {
    return await dockerAnswers(`unix://${path}`);
  } finally {
    engine.closeAllConnections();
    engine.close();
  }
}

test('an engine that answers its ping is there', async () => {
  const asked: (string | undefined)[] = [];
  const isThere = await askEngine('alive', (request, answer) => {
    asked.push(request.url);
    answer.end('OK');
  });
  expect([isThere, asked]).toEqual([true, ['/_ping']]);
});

describe('no engine', () => {
  test('where there is no socket', async () => {
    expect(await dockerAnswers(`unix://${join(folder, 'absent')}`)).toBe(false);
  });

  test('where something else answers', async () => {
    expect(await askEngine('strange', (_request, answer) => answer.writeHead(404).end())).toBe(false);
  });

  test('where nothing ever answers: the question has an end', async () => {
    expect(await askEngine('silent', () => {})).toBe(false);
  });
});
