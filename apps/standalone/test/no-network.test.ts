import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const inside = fileURLToPath(new URL('ask-without-network.mjs', import.meta.url));
/** SIOCSIFFLAGS with IFF_UP on `lo`: perl is on every Debian, the tools that set up networks are not. */
const bringUp = 'socket(S,2,2,0) or die; my $r = pack("a16 s x22", "lo", 0x41); ioctl(S,0x8914,$r) or die $!';
const namespace = process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net'];

/** Runs the product in a network namespace with nothing but loopback; what it answered, and what it tried to send out. */
function askInNamespace(egress: 'all' | 'none') {
  const folder = mkdtempSync(join(tmpdir(), 'uapi-alone-'));
  try {
    const script = `perl -e '${bringUp}' && exec "${process.execPath}" "${inside}"`;
    const { status, stdout, stderr } = spawnSync('unshare', [...namespace, 'sh', '-c', script], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, NODE_OPTIONS: '', DATA_DIR: join(folder, 'data'), UAPI_EGRESS: egress },
    });
    if (status !== 0) throw new Error(`the namespace ended with ${status}: ${stderr}${stdout}`);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
      answers: Record<string, number>;
      unroutable: number;
      datagrams: number;
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('in a network namespace of its own', () => {
  test('the product starts and answers, and with UAPI_EGRESS=none it sends nothing out', () => {
    const { answers, unroutable, datagrams } = askInNamespace('none');
    expect(answers).toEqual({ geocoding: 200, time: 200, countries: 200, dictionary: 200, weather: 503 });
    expect({ unroutable, datagrams }).toEqual({ unroutable: 0, datagrams: 0 });
  }, 90_000);

  test('what leaves would be seen: without that variable it looks names up', () => {
    const { answers, unroutable, datagrams } = askInNamespace('all');
    expect(answers).toMatchObject({ geocoding: 200, weather: 503 });
    expect(unroutable + datagrams).toBeGreaterThan(0);
  }, 90_000);
});
