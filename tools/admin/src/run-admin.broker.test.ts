import { expect, test } from '@jest/globals';
import { topics } from '@universal-api/events';
import { describeWithBrokers, randomPrefix } from '@universal-api/testing/brokers';
import { runAdmin } from './run-admin.ts';

describeWithBrokers('topics apply', ({ kafkaBrokers }) => {
  test('makes every topic with its prefix, and nothing the second time', async () => {
    const prefix = randomPrefix();
    const run = async () => {
      let printed = '';
      const say = async (text: string) => void (printed += text);
      const code = await runAdmin({
        words: ['topics', 'apply', '--json'],
        environment: { KAFKA_BROKERS: kafkaBrokers.join(','), UAPI_PREFIX: prefix },
        user: 'ada',
        out: say,
        err: say,
      });
      return { code, answer: JSON.parse(printed) as { created: string[] } };
    };
    const names = [...topics, 'uapi.dlq.v1'].map((name) => name.replace(/^uapi/, prefix));
    const first = await run();
    expect(first.code).toBe(0);
    expect([...first.answer.created].sort()).toEqual(names.sort());
    expect(await run()).toEqual({ code: 0, answer: { command: 'topics apply', created: [] } });
  });
});
