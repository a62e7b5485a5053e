import type { Dependency } from '@universal-api/service';
import type { OutboxStore } from './outbox-store.ts';

/** Mail, as deep health tells of it: there is no sender, so what is queued waits; that is worse once something does. */
export function mailDependency(outbox: Pick<OutboxStore, 'countWaiting'>): Dependency {
  return {
    name: 'mail',
    without: 'degraded',
    async probe() {
      const isWaiting = (await outbox.countWaiting()) > 0;
      return isWaiting
        ? { status: 'degraded', detailCode: 'no_sender_mail_waits' }
        : { status: 'healthy', detailCode: 'no_sender' };
    },
  };
}
