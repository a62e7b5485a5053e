export { takeAppLock } from './app-lock.ts';
export { checkPorts, type WantedPort } from './check-ports.ts';
