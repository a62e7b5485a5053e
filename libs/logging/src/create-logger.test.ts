import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '@universal-api/errors';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createLogger, openLogStream, type LogFields } from './index.ts';

let lines: string[];
let dropped: string[];
beforeEach(() => {
  lines = [];
  dropped = [];
});

const make = () =>
  createLogger({
    service: 'test',
    instance: 'one',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
    onDropped: (name) => dropped.push(name),
  });
const last = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;

describe('a line', () => {
  test('is one JSON object with time, level, service and message', () => {
    make().info('started', { port: 8000 });
    expect(last()).toMatchObject({ level: 'info', service: 'test', instance: 'one', msg: 'started', port: 8000 });
    expect(new Date(String(last().time)).getTime()).toBeGreaterThan(0);
  });

  test('drops and counts fields outside the allow-list', () => {
    make().info('call', { password: 'hush', request_id: 'r' } as LogFields);
    expect(lines.join()).not.toContain('hush');
    expect(dropped).toEqual(['password']);
    expect(last().request_id).toBe('r');
  });

  test('stays one line whatever a value holds, and cuts it at 2 KiB', () => {
    make().info('call', { reason: `a\r\nb\u001b[31m${'x'.repeat(10_000)}` });
    expect(lines.join('').trimEnd().split('\n')).toHaveLength(1);
    expect(lines.join('')).not.toContain('\u001b');
    expect(String(last().reason).length).toBeLessThan(2_100);
  });

  test('shows the message of our errors, and hides that of others', () => {
    const foreign = new Error('GET https://api.example/?key=hush failed');
    make().error('failed', { err: new AppError('internal', { internal: 'the disk is full', cause: foreign }) });
    expect(last().err).toMatchObject({ type: 'AppError', code: 'internal', message: 'the disk is full' });
    expect(lines.join()).not.toContain('hush');
  });
});

describe('levels', () => {
  test('change while running', () => {
    const logger = make();
    logger.debug('quiet');
    expect(lines).toHaveLength(0);
    logger.setLevel('debug');
    logger.debug('loud');
    expect(last().msg).toBe('loud');
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'uapi-logs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('carry the service, the day and a number in their names', async () => {
    const stream = await openLogStream({ service: 'gateway', folder, keep: 2 });
    createLogger({ service: 'gateway', instance: 'i', level: 'info', destination: stream.destination }).info('kept');
    stream.flush();
    const [name] = readdirSync(folder);
    expect(name).toMatch(/^gateway\.\d{4}-\d{2}-\d{2}\.1\.log$/);
    expect(readFileSync(join(folder, name ?? ''), 'utf8')).toContain('"msg":"kept"');
  });

  test('that take nothing any more, like standard output, fail nobody who logs; what is lost is counted', async () => {
    const file = join(folder, 'closed.log');
    writeFileSync(file, '');
    const descriptor = openSync(file, 'r');
    let lost = 0;
    const onLost = () => (lost += 1);
    type Options = { readonly sync: boolean; readonly maxLength: number };
    const refuse = ({ sync, maxLength }: Options) => pino.destination({ dest: descriptor, sync, maxLength });
    const devices = { openOut: refuse, openFile: (options: Options) => Promise.resolve(refuse(options)) };
    const stream = await openLogStream({ service: 'gateway', folder, keep: 2, onLost }, devices);
    const log = createLogger({ service: 'gateway', instance: 'i', level: 'info', destination: stream.destination });
    for (let line = 0; line < 200; line += 1) log.info('call', { reason: 'x'.repeat(2_000) });
    expect(lost).toBeGreaterThan(100);
    expect(lost).toBeLessThan(200);
    stream.flush();
    closeSync(descriptor);
  });
});
