/** Takes the lock of each folder it is sent, as fast as it can, and tells which it got; lives on, so that it holds them. */
import { takeAppLock } from '../src/app-lock.ts';

process.on('message', (folders) => {
  const won = folders.flatMap((folder, index) => {
    try {
      takeAppLock(folder, 'u');
      return [index];
    } catch {
      return []; // Refused: somebody else holds it.
    }
  });
  process.send(won);
});
process.send('ready');
