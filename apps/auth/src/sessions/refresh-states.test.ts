import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '@universal-api/database';
import type { TestDatabase } from '@universal-api/database/testing';
import { fromPublicId } from '@universal-api/ids';
import fc from 'fast-check';
import { createAuthDatabase } from '../../test/auth-fixture.ts';
import { addPerson, callOf, createTestSessions, proofsOf, type TestPerson } from '../../test/session-fixture.ts';
import type { AuthTables } from '../store/auth-tables.ts';
import { sessionTimes } from './session-times.ts';
import type { TokenSet } from './tokens/replay-blob.ts';

let server: TestDatabase;
let database: Database<AuthTables>;
let person: TestPerson;
let sessions: ReturnType<typeof createTestSessions>;

beforeAll(async () => {
  server = await createAuthDatabase();
  database = server.database<AuthTables>('auth_app');
  person = await addPerson(database);
  sessions = createTestSessions(database, proofsOf([person]));
}, 60_000);
afterAll(() => server.drop());

/** What a family of tokens is, as platform.md 1.6 tells it; no clock but the one handed in, no database. */
class Family {
  readonly tokens: { readonly text: string; usedAt?: number; answer?: TokenSet }[];
  isLive = true;
  idleUntil: number;
  readonly absoluteUntil: number;

  constructor(first: TokenSet, now: number) {
    this.tokens = [{ text: first.refreshToken }];
    this.idleUntil = now + sessionTimes.idleMs;
    this.absoluteUntil = now + sessionTimes.absoluteMs;
  }

  /** What the use of a token has to give: new tokens, the answer of before, or nothing. */
  expected(at: number, now: number): 'new' | 'again' | 'refused' | 'stolen' {
    const token = this.tokens[at];
    if (!this.isLive || now >= this.idleUntil || now >= this.absoluteUntil) return 'refused';
    if (token?.usedAt === undefined) return 'new';
    return now < token.usedAt + sessionTimes.replayMs ? 'again' : 'stolen';
  }
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('use' as const), back: fc.nat(3), times: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 5_000, 9_999, 10_000, 86_400_000, 6 * 86_400_000, 7 * 86_400_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('logout' as const) }) },
);

async function use(family: Family, at: number, times: number): Promise<void> {
  const { clock, service } = sessions;
  const expected = family.expected(at, clock.now);
  const token = family.tokens[at];
  if (token === undefined) return;
  const call = () => service.refresh({ refreshToken: token.text } as never, callOf()) as Promise<TokenSet>;
  const outcomes = await Promise.allSettled(Array.from({ length: times }, call));
  for (const outcome of outcomes) {
    if (expected === 'refused' || expected === 'stolen') {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'invalid_grant' } });
      continue;
    }
    const answer = outcome.status === 'fulfilled' ? outcome.value : undefined;
    if (expected === 'again') expect(answer).toEqual(token.answer);
    if (expected === 'new' && token.answer !== undefined) expect(answer).toEqual(token.answer);
    if (expected === 'new' && token.answer === undefined && answer !== undefined) {
      Object.assign(token, { usedAt: clock.now, answer });
      expect(family.tokens.map(({ text }) => text)).not.toContain(answer.refreshToken);
      family.tokens.push({ text: answer.refreshToken });
      family.idleUntil = Math.min(clock.now + sessionTimes.idleMs, family.absoluteUntil);
    }
    expect(answer).toBeDefined();
  }
  if (expected === 'stolen') family.isLive = false;
}

test('whatever is done with the tokens of a family, and whenever, it answers as the specification says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
      const { clock, service } = sessions;
      const request = { email: person.email, password: person.password };
      const first = (await service.login(request as never, callOf())) as TokenSet;
      const sid = fromPublicId('session', first.sessionId);
      const family = new Family(first, clock.now);
      for (const one of steps) {
        if (one.kind === 'wait') clock.now += one.ms;
        if (one.kind === 'use') await use(family, Math.max(family.tokens.length - 1 - one.back, 0), one.times);
        if (one.kind === 'logout') {
          const call = callOf({ typ: 'user', sub: person.userId, sid, tid: person.tenantId });
          await service.logout({ all: false } as never, call);
          family.isLive = false;
        }
      }
      const rows = await database.asUser(person.userId, (tx) =>
        tx
          .selectFrom('refresh_tokens')
          .select('used_at')
          .where('session_id', '=', sid ?? '')
          .execute(),
      );
      expect(rows).toHaveLength(family.tokens.length);
      expect(rows.filter(({ used_at }) => used_at === null)).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
});
