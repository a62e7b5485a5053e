/** Loaded before an app: it ends when the process that started it does, however that one ends. */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
