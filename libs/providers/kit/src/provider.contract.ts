import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FailureClass } from '@universal-api/errors';
import type { CallContext, Provider, ProviderEntry } from '@universal-api/providers-spec';
import { checkAnswer } from './check-answer.ts';
import { checkManifest } from './check-manifest.ts';
import { hostSettings } from './host-settings.ts';
import { ProviderFailure } from './provider-failure.ts';
import { createProviderNetwork } from './provider-network.ts';
import { loadFixtures, serveFixtures, type Fixture, type FixturePlayer } from './serve-fixtures.ts';

export { checkAnswer } from './check-answer.ts';

/** What is particular to a provider under the suite. */
export interface ContractOptions {
  readonly entry: ProviderEntry;
  /** Folder of its fixtures, with a slash at its end. */
  readonly fixtures: URL;
  /** For each operation the question that its fixtures answer. All operations of the categories that are named stand here. */
  readonly questions: Readonly<Record<string, unknown>>;
  /** What `<operation>.<case>` ends with where it is not the usual class: all notices, and `empty` where it differs. */
  readonly expects?: Readonly<Record<string, FailureClass>>;
  /** Why a `<operation>.<case>` cannot be produced by this provider. */
  readonly absent?: Readonly<Record<string, string>>;
}

/** A call context that keeps what it was told. */
export interface RecordedContext extends CallContext {
  readonly degraded: { code: string; detail: string; from?: string; to?: string }[];
  readonly expiries: number[];
}

/** A context for tests; without a signal it never ends. */
export function recordContext(signal: AbortSignal = new AbortController().signal): RecordedContext {
  const degraded: RecordedContext['degraded'] = [];
  const expiries: number[] = [];
  return {
    signal,
    deadlineAt: Number.MAX_SAFE_INTEGER,
    language: 'en',
    degraded,
    expiries,
    degrade: (code, detail, from, to) => degraded.push({ code, detail, from, to }),
    expiresAt: (time) => expiries.push(time),
  };
}

/** Usual end of each case that every remote provider must have a fixture of, or a reason why not. */
const usualEnds: Readonly<Record<string, FailureClass | undefined>> = {
  success: undefined,
  empty: 'empty',
  'rate-limited': 'quota_exhausted',
  unauthorised: 'auth',
  'server-error': 'retry_elsewhere',
  malformed: 'malformed',
};
const testKey = 'test-key-0123456789';

/** The suite that every remote provider passes over its fixtures. */
export function describeProvider(options: ContractOptions): void {
  const { manifest } = options.entry;
  const categories = new Set(Object.keys(options.questions).map(categoryOf));
  // A provider of several categories passes once in each, over the fixtures that lie there.
  const operations = Object.keys(manifest.operations).filter((operation) => categories.has(categoryOf(operation)));
  describe(`conformance of ${manifest.id}`, () => {
    let player: FixturePlayer;
    let fixtures: readonly Fixture[] = [];
    let provider: Provider;
    const network = createProviderNetwork({ egress: 'all' });

    beforeAll(async () => {
      fixtures = await loadFixtures(options.fixtures);
      player = await serveFixtures({ [manifest.id]: fixtures });
      const key = manifest.auth.kind === 'none' ? {} : { [manifest.auth.variable]: testKey };
      const environment = { UAPI_SIMULATOR_URL: player.url, UAPI_CONTACT: 'ops@example.org', ...key };
      provider = options.entry.create(hostSettings(manifest, { environment, http: network.http, version: '0.0.0' }));
    });
    afterAll(async () => {
      await network.close();
      await player.close();
    });

    const ask = (operation: string, context: CallContext): Promise<unknown> => {
      const call = provider.operations[operation] as ((...given: unknown[]) => Promise<unknown>) | undefined;
      if (!call) throw new Error(`${operation} is in the manifest and not in the provider`);
      return call(options.questions[operation], context);
    };
    const failureOf = async (operation: string, context = recordContext()): Promise<ProviderFailure> => {
      const thrown = await ask(operation, context).then(
        (answer) => answer,
        (error: unknown) => error,
      );
      if (!ProviderFailure.is(thrown)) throw new Error(`no ProviderFailure but ${inspect(thrown)}`, { cause: thrown });
      expect(inspect(thrown, { depth: 10 })).not.toContain(testKey);
      expect(thrown.provider).toBe(manifest.id);
      return thrown;
    };

    test('the manifest has no complaints', () => {
      expect(checkManifest(manifest)).toEqual([]);
    });

    test('every fixture says where it comes from and is of an operation', () => {
      for (const { file, source, operation } of fixtures) {
        expect(`${file}: ${source}`).toMatch(/(https:\/\/|cut from ).*\d{4}-\d{2}-\d{2}/);
        expect(operations).toContain(operation);
      }
    });

    test('every operation has a fixture of every case, or a reason why not, and none has both', () => {
      const have = new Set(fixtures.map((fixture) => `${fixture.operation}.${fixture.case}`));
      const absent = options.absent ?? {};
      for (const operation of operations) {
        for (const usual of Object.keys(usualEnds)) {
          const name = `${operation}.${usual}`;
          expect([name, have.has(name) || Boolean(absent[name])]).toEqual([name, true]);
        }
      }
      expect(Object.keys(absent).filter((name) => have.has(name))).toEqual([]);
    });

    for (const operation of operations) {
      describeOperation(operation);
    }

    function describeOperation(operation: string): void {
      describe(operation, () => {
        test('success is an answer that keeps the rules of all operations, by an identified client', async () => {
          player.play('success', operation);
          const from = player.requests.length;
          expect(checkAnswer(await ask(operation, recordContext()))).toEqual([]);
          const played = player.requests.slice(from);
          expect(played.length).toBeGreaterThan(0);
          for (const { file, headers } of played) {
            expect(file).toBeDefined();
            expect(headers['user-agent']).toBe('universal-api/0.0.0 (ops@example.org)');
          }
        });

        test('every other fixture ends with its failure class', async () => {
          const others = fixtures.filter((fixture) => fixture.operation === operation && fixture.case !== 'success');
          expect(others.length).toBeGreaterThan(0);
          for (const { case: outcome, headers, file } of others) {
            player.play(outcome, operation);
            const { failure, until } = await failureOf(operation);
            const expected = options.expects?.[`${operation}.${outcome}`] ?? usualEnds[outcome];
            expect([file, failure]).toEqual([file, expected]);
            if (failure === 'quota_exhausted' && headers['retry-after']) expect(until).toBeInstanceOf(Date);
          }
        });

        test('an upstream that never answers is left when the signal says so', async () => {
          player.stall();
          const controller = new AbortController();
          const arrived = player.nextRequest();
          const failed = failureOf(operation, recordContext(controller.signal));
          await arrived;
          controller.abort(new Error('time is over'));
          expect((await failed).failure).toBe('retry_elsewhere');
        });
      });
    }
  });
}

function categoryOf(operation: string): string {
  return operation.slice(0, operation.indexOf('.'));
}
