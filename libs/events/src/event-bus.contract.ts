import { describe, expect, test } from '@jest/globals';
import type { Transaction } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { setTimeout } from 'node:timers/promises';
import { PoisonRecord } from './dead-letter.ts';
import type { EventBus, Subscription } from './event-bus.ts';
import type { Event } from './event.ts';

/** One row that a handler wrote. */
export interface Effect {
  readonly eventId: string;
  readonly subject: string | null;
  readonly n: number;
}

/** A bus to be proved, and the world around it; the suite gives groups and subjects of its own to each test. */
export interface EventBusUnderTest {
  /** A bus as one process has it; two are two processes. */
  createBus(): EventBus;
  /** Commits events about a subject, in one transaction, numbered as given (`ms` of the payload); gives back their ids. */
  publish(subject: string, ...numbers: number[]): Promise<string[]>;
  /** The same, rolled back. */
  publishAndRollBack(subject: string, ...numbers: number[]): Promise<void>;
  /** Commits an event on another topic, `uapi.video.v1`. */
  publishElsewhere(subject: string, n: number): Promise<string>;
  /** Lets everything that the group has had come again. */
  redeliver(group: string): Promise<void>;
  /** Writes an effect in the transaction of a handler. */
  recordEffect(tx: Transaction<unknown>, consumer: string, event: Event): Promise<void>;
  /** Effects of a consumer in the order they were written. */
  effectsOf(consumer: string): Promise<readonly Effect[]>;
  /** Dead letters of a consumer; `bytes` as text. */
  deadLettersOf(consumer: string): Promise<readonly { eventId: string; reason: string; bytes: string }[]>;
}

const deadlineMs = 20_000;

/** The suite that every adapter of `EventBus` passes; `create` is called once per test. */
export function eventBusContract(name: string, create: () => Promise<EventBusUnderTest> | EventBusUnderTest): void {
  let nextName = 0;
  const fresh = (what: string) => `${what}-${process.pid}-${++nextName}`;

  /** A group that records each event, after whatever a test does before. */
  const recorder = (
    world: EventBusUnderTest,
    group: string,
    before?: (events: readonly Event[]) => void | Promise<void>,
  ): Subscription => ({
    group,
    topics: ['uapi.search.v1'],
    async handle(tx, events) {
      for (const event of events) await world.recordEffect(tx, group, event);
      await before?.(events);
    },
  });
  const numbersAbout = async (world: EventBusUnderTest, group: string, subject: string) =>
    (await world.effectsOf(group)).filter((effect) => effect.subject === subject).map(({ n }) => n);
  const untilNumbers = (world: EventBusUnderTest, group: string, subject: string, count: number) =>
    until(async () => (await numbersAbout(world, group, subject)).length >= count);
  const firstTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  describe(`${name} keeps the law of EventBus`, () => {
    test('every committed event comes to each group, in the order of its subject, and none that was rolled back', async () => {
      const world = await create();
      const [subject, other] = [fresh('s'), fresh('s')];
      const groups = [fresh('g'), fresh('g')];
      await world.publish(subject, 1, 2);
      const running = groups.map((group) => world.createBus().subscribe(recorder(world, group)));
      await world.publishAndRollBack(subject, 99);
      for (const n of [3, 4, 5]) {
        await world.publish(subject, n);
        await world.publish(other, n);
      }
      for (const group of groups) {
        await untilNumbers(world, group, subject, 5);
        await untilNumbers(world, group, other, 3);
      }
      await Promise.all(running.map((group) => group.stop()));
      for (const group of groups) {
        expect(await numbersAbout(world, group, subject)).toEqual([1, 2, 3, 4, 5]);
        expect(await numbersAbout(world, group, other)).toEqual([3, 4, 5]);
      }
    });

    test('an event comes with its envelope and its payload', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      const got: Event[] = [];
      const running = world.createBus().subscribe(recorder(world, group, (events) => void got.push(...events)));
      const [id] = await world.publish(subject, 7);
      await untilNumbers(world, group, subject, 1);
      await running.stop();
      const event = got.find((candidate) => candidate.id === id);
      expect(event).toMatchObject({ version: 1, topic: 'uapi.search.v1', subject, data: { ms: 7 }, isTest: false });
      expect(event?.key).toBe(event?.tenantId);
      expect(event?.time).toBeInstanceOf(Date);
    });

    test('a group gets its topics and no others', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      await world.publishElsewhere(subject, 1);
      await world.publish(subject, 2);
      const running = world.createBus().subscribe(recorder(world, group));
      await untilNumbers(world, group, subject, 1);
      await running.stop();
      expect(await numbersAbout(world, group, subject)).toEqual([2]);
    });

    test('two processes of one group share the work: each event has one effect', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      const running = [1, 2].map(() => world.createBus().subscribe(recorder(world, group)));
      for (const n of firstTo(20)) await world.publish(subject, n);
      await untilNumbers(world, group, subject, 20);
      await Promise.all(running.map((process) => process.stop()));
      expect(await numbersAbout(world, group, subject)).toEqual(firstTo(20));
    });

    test('a group goes on where it stopped', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      await world.publish(subject, 1);
      const first = world.createBus().subscribe(recorder(world, group));
      await untilNumbers(world, group, subject, 1);
      await first.stop();
      await world.publish(subject, 2);
      const second = world.createBus().subscribe(recorder(world, group));
      await untilNumbers(world, group, subject, 2);
      await second.stop();
      expect(await numbersAbout(world, group, subject)).toEqual([1, 2]);
    });

    test('what comes again changes nothing', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      await world.publish(subject, 1, 2);
      const first = world.createBus().subscribe(recorder(world, group));
      await untilNumbers(world, group, subject, 2);
      await first.stop();
      await world.redeliver(group);
      await world.publish(subject, 3);
      const second = world.createBus().subscribe(recorder(world, group));
      await untilNumbers(world, group, subject, 3);
      await second.stop();
      expect(await numbersAbout(world, group, subject)).toEqual([1, 2, 3]);
    });

    test('a handler that fails leaves nothing of that try, and the next one has the effect', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      let failures = 3;
      const failing = recorder(world, group, () => {
        if (failures-- > 0) throw new Error('not yet');
      });
      await world.publish(subject, 1);
      const running = world.createBus().subscribe(failing);
      await untilNumbers(world, group, subject, 1);
      await running.stop();
      expect(await numbersAbout(world, group, subject)).toEqual([1]);
      expect(await world.deadLettersOf(group)).toEqual([]);
    });

    test('a record that always fails is set aside with its bytes, and all around it have their effect', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      const tries: number[] = [];
      const poisoned = recorder(world, group, (events) => {
        const isPoison = ({ subject: about, data }: Event) => about === subject && data['ms'] === 13;
        if (!events.some(isPoison)) return;
        if (events.length === 1) tries.push(Date.now());
        throw new TypeError('thirteen');
      });
      const ids = await world.publish(subject, ...firstTo(40));
      const running = world.createBus().subscribe(poisoned);
      await untilNumbers(world, group, subject, 39);
      await running.stop();
      expect(await numbersAbout(world, group, subject)).toEqual(firstTo(40).filter((n) => n !== 13));
      expect(tries).toHaveLength(5);
      const letters = await world.deadLettersOf(group);
      expect(letters).toEqual([{ eventId: ids[12], reason: 'handler_error', bytes: expect.any(String) }]);
      expect(JSON.parse(letters[0]?.bytes ?? '')).toMatchObject({ ms: 13 });
    });

    test('a record that its handler knows to be poison is set aside at once, with that reason, and never twice', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      let tries = 0;
      const refusing = recorder(world, group, (events) => {
        if (!events.some((event) => event.subject === subject && event.data['ms'] === 2)) return;
        if (events.length === 1) tries++;
        throw new PoisonRecord('unknown_tenant', 'nobody knows it');
      });
      const [, id] = await world.publish(subject, 1, 2, 3);
      const first = world.createBus().subscribe(refusing);
      await untilNumbers(world, group, subject, 2);
      await first.stop();
      await world.redeliver(group);
      await world.publish(subject, 4);
      const second = world.createBus().subscribe(refusing);
      await untilNumbers(world, group, subject, 3);
      await second.stop();
      expect(tries).toBe(1);
      expect(await world.deadLettersOf(group)).toMatchObject([{ eventId: id, reason: 'unknown_tenant' }]);
      expect(await numbersAbout(world, group, subject)).toEqual([1, 3, 4]);
    });

    test('a batch that takes longer than it may is made smaller until it has its effect, and no record is blamed', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      const slow = recorder(world, group, (events) => {
        if (events.length > 25) throw new AppError('deadline_exceeded', { internal: 'statement timeout' });
      });
      await world.publish(subject, ...firstTo(60));
      const running = world.createBus().subscribe(slow);
      await untilNumbers(world, group, subject, 60);
      await running.stop();
      expect(await numbersAbout(world, group, subject)).toEqual(firstTo(60));
      expect(await world.deadLettersOf(group)).toEqual([]);
    });

    test('a record of which no subject can be locked is set aside, and all around it have their effect', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      const locking: Subscription = {
        ...recorder(world, group),
        // PostgreSQL's text has no room for NUL.
        subjectsOf: (events) =>
          events.map((event) => (event.subject === subject && event.data['ms'] === 3 ? 'a\0b' : 'a')),
      };
      const ids = await world.publish(subject, ...firstTo(5));
      const running = world.createBus().subscribe(locking);
      await untilNumbers(world, group, subject, 4);
      await running.stop();
      expect(await numbersAbout(world, group, subject)).toEqual([1, 2, 4, 5]);
      expect(await world.deadLettersOf(group)).toMatchObject([{ eventId: ids[2], reason: 'handler_error' }]);
    });

    test('stopping waits for the batch in work, and no other begins', async () => {
      const world = await create();
      const [group, subject] = [fresh('g'), fresh('s')];
      const begun = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      let calls = 0;
      const held = recorder(world, group, async () => {
        calls++;
        begun.resolve();
        await gate.promise;
      });
      await world.publish(subject, 1);
      const running = world.createBus().subscribe(held);
      await begun.promise;
      const stopped = running.stop();
      gate.resolve();
      await stopped;
      const after = calls;
      await world.publish(subject, 2);
      expect(await numbersAbout(world, group, subject)).toEqual([1]);
      expect(calls).toBe(after);
    });
  });
}

/** Waits for a condition; throws when it has not come true in time. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + deadlineMs; Date.now() < end; await setTimeout(10)) if (await condition()) return;
  throw new Error(`what was waited for did not happen in ${deadlineMs} ms`);
}
