import { openDatabase } from '@universal-api/database';
import { AppError } from '@universal-api/errors';
import { asReader, findDatabase, type DatabaseEnvironment } from './find-database.ts';
import { followEvents } from './follow-events.ts';
import { toJsonLine, toLine } from './format-event.ts';
import { readWords, usage, type TailWishes } from './read-words.ts';

/** What the program speaks with. */
export interface TailParts {
  readonly environment: DatabaseEnvironment;
  /** Writes one line, the event. */
  readonly write: (line: string) => void;
  /** Says something that is not an event. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** `npm run events:tail`: writes events until the signal ends it. Gives back the exit code. */
export async function tailEvents(words: readonly string[], parts: TailParts): Promise<number> {
  let wishes: TailWishes;
  let url: string;
  try {
    wishes = readWords(words, new Date());
    if (wishes.isHelp) {
      parts.say(usage);
      return 0;
    }
    url = asReader(findDatabase(parts.environment));
  } catch (error) {
    parts.say(reasonOf(error));
    return 2;
  }
  const database = openDatabase<unknown>({ url, role: 'events_ingest', poolSize: 2, applicationName: 'events_tail' });
  try {
    return await tail(wishes, database, parts);
  } finally {
    await database.close();
  }
}

type Opened = Parameters<typeof followEvents>[0]['database'];

async function tail(wishes: TailWishes, database: Opened, { write, say, signal }: TailParts): Promise<number> {
  const { filter, from, isJson, isFollowing } = wishes;
  const onAway = () => say('The database is away; waiting for it.');
  try {
    for await (const event of followEvents({ database, filter, from, isFollowing, signal, onAway })) {
      write(isJson ? toJsonLine(event) : toLine(event));
    }
    return 0;
  } catch (error) {
    const reason =
      AppError.is(error) && error.code === 'service_unavailable' ? 'the database is away' : reasonOf(error);
    say(`The events cannot be read: ${reason}.`);
    return 1;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
