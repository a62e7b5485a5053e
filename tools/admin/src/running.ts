import type { Environment } from '@universal-api/config';
import type { AuthLine } from './auth/open-auth-line.ts';
import type { End } from './exit-code.ts';
import type { Invocation } from './words/parse-words.ts';

/** What a command says: one sentence or more for people, fields for programs. */
export interface Said {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a command runs with. */
export interface Running {
  readonly invocation: Invocation;
  readonly environment: Environment;
  say(said: Said): Promise<void>;
}

/** What a command that speaks to the auth service runs with. */
export interface RunningWithAuth extends Running {
  readonly auth: AuthLine;
}

/** A command; it ends as `done` unless it says otherwise or throws. */
export type Command<Parts> = (running: Parts) => Promise<End | void>;
