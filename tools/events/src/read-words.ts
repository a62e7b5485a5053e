import { topics, type Topic } from '@universal-api/events';
import { fromPublicId } from '@universal-api/ids';
import { parseArgs } from 'node:util';
import type { EventFilter } from './event-filter.ts';

/** What a person asked for. */
export interface TailWishes {
  readonly filter: EventFilter;
  /** Events from then on; absent: from now on. */
  readonly from?: Date;
  readonly isJson: boolean;
  /** Whether to wait for what is yet to happen. */
  readonly isFollowing: boolean;
  readonly isHelp: boolean;
}

/** What can be asked for. */
export const usage = `npm run events:tail -- [options]
  --type <name>      only this type; search.* takes all that begin so; may be repeated, also with commas
  --topic <topic>    only this topic; may be repeated, also with commas
  --tenant <id>      only this tenant, as UUID or ten_…
  --subject <id>     only about this
  --from <time>      from a time on (2026-11-24T10:00:00Z) or from so long ago (90s, 10m, 2h, 1d); else from now on
  --json             one JSON object per line
  --no-follow        end when everything up to now is written
  --help             this text`;

/** Reads the words of a command line. Throws an `Error` whose message says what is wrong. */
export function readWords(words: readonly string[], now: Date): TailWishes {
  const { values } = parseArgs({
    args: [...words],
    allowPositionals: false,
    allowNegative: true,
    options: {
      type: { type: 'string', multiple: true, default: [] },
      topic: { type: 'string', multiple: true, default: [] },
      tenant: { type: 'string' },
      subject: { type: 'string' },
      from: { type: 'string' },
      json: { type: 'boolean', default: false },
      follow: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = items(values.topic).map(toTopic);
  return {
    filter: {
      types: items(values.type),
      topics: chosen.length > 0 ? chosen : topics,
      tenantId: values.tenant === undefined ? undefined : toTenantId(values.tenant),
      subject: values.subject,
    },
    from: values.from === undefined ? undefined : toTime(values.from, now),
    isJson: values.json,
    isFollowing: values.follow,
    isHelp: values.help,
  };
}

function items(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(',')).filter((text) => text !== '');
}

function toTopic(text: string): Topic {
  const topic = topics.find((known) => known === text);
  if (!topic) throw new Error(`--topic: there is no ${text}; there are ${topics.join(', ')}`);
  return topic;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function toTenantId(text: string): string {
  const id = fromPublicId('tenant', text) ?? text;
  if (!uuid.test(id)) throw new Error(`--tenant: ${text} is no id of a tenant`);
  return id;
}

const ago = /^(\d{1,6})([smhd])$/;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const rfc3339 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

function toTime(text: string, now: Date): Date {
  const [, count, unit = ''] = ago.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (unitMs[unit] ?? 0));
  const time = new Date(text);
  if (!rfc3339.test(text) || Number.isNaN(time.getTime())) throw new Error(`--from: ${text} is no time`);
  return time;
}
