import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createGzip } from 'node:zlib';

/** Bytes of a folder as a layer of an image: packed by tar, compressed by gzip. */
export async function measureFolder(folder: string): Promise<number> {
  const tar = spawn('tar', ['-C', folder, '-cf', '-', '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(tar, 'close');
  let size = 0;
  for await (const chunk of tar.stdout.pipe(createGzip())) size += (chunk as Buffer).length;
  const [code] = (await ended) as [number];
  if (code !== 0) throw new Error(`tar ended with ${code}`);
  return size;
}
