import { AppError } from '@universal-api/errors';
import type { DescMessage, MessageInitShape } from '@universal-api/protos';

/** The topics there are (`webhooks.md` 5.1); on the log a topic is a column, on Kafka a topic. */
export const topics = [
  'uapi.search.v1',
  'uapi.video.v1',
  'uapi.assistant.v1',
  'uapi.analytics.v1',
  'uapi.auth.v1',
  'uapi.webhook.v1',
  'uapi.telemetry.v1',
] as const;

/** A topic. */
export type Topic = (typeof topics)[number];

/** Who may see an event: endpoints of its tenant, endpoints of any tenant (nothing of a tenant inside), the operator. */
export type Visibility = 'tenant' | 'public' | 'operator';

/** `tx`: in the transaction of the change; `buffered`: no change to be atomic with; `telemetry`: never in the log. */
export type Durability = 'tx' | 'buffered' | 'telemetry';

/** One type of event: everything but the payload's shape, which is its message's. */
export interface EventDefinition<Schema extends DescMessage = DescMessage> {
  /** Dotted lower-case words, `video.job.succeeded`; without the version. */
  readonly name: string;
  /** From 1; a new meaning is a new version. */
  readonly version: number;
  readonly topic: Topic;
  /** The payload. No 64-bit integers inside: JSON cannot carry them. */
  readonly messageSchema: Schema;
  readonly durability: Durability;
  /** Whether events of one subject are read in the order of their commits; `append` then asks for the subject's lock. */
  readonly ordered: boolean;
  readonly visibility: Visibility;
  /** Whether webhooks may carry it. */
  readonly deliverable: boolean;
  /** Not matched by `*`: an endpoint has to name it. */
  readonly sensitive: boolean;
  /** A payload as it really is; the documentation shows it. */
  readonly example: MessageInitShape<Schema>;
}

/** The types of event that a publisher and a reader know, by name and version. */
export interface Catalogue {
  /** In the order they were given. */
  readonly entries: readonly EventDefinition[];
  /** By `name` and version; undefined for a type that is not in it. */
  find(name: string, version: number): EventDefinition | undefined;
}

const eventName = /^[a-z0-9_]+(\.[a-z0-9_]+)+$/;

/** Types an entry by its message and checks it. Errors: `internal`, naming the entry, for one that breaks a rule. */
export function defineEvent<Schema extends DescMessage>(entry: EventDefinition<Schema>): EventDefinition<Schema> {
  const complaint = complaintAbout(entry);
  if (complaint) throw new AppError('internal', { internal: `Event ${entry.name}.v${entry.version} ${complaint}.` });
  return Object.freeze(entry);
}

function complaintAbout(entry: Omit<EventDefinition, 'example'>): string | undefined {
  if (!eventName.test(entry.name)) return 'has a name that is not two or more dotted lower-case words';
  if (!Number.isInteger(entry.version) || entry.version < 1) return 'has a version that is not 1, 2, …';
  if (!topics.includes(entry.topic)) return `is on ${entry.topic}, which is no topic`;
  if ((entry.durability === 'telemetry') !== (entry.topic === 'uapi.telemetry.v1')) {
    return 'is telemetry by its durability or by its topic, but not by both';
  }
  if (entry.ordered && entry.durability !== 'tx') return 'is ordered, which only an event in a transaction can be';
  if (entry.deliverable && entry.durability === 'telemetry') return 'is telemetry, which no webhook carries by itself';
  const wide = findWideField(entry.messageSchema);
  if (wide) return `has ${wide}, an integer of 64 bits`;
  return undefined;
}

/** `ScalarType` of protobuf: int64, uint64, fixed64, sfixed64, sint64. */
const wideScalars: readonly number[] = [3, 4, 6, 16, 18];

function findWideField(schema: DescMessage, seen = new Set<string>()): string | undefined {
  if (seen.has(schema.typeName)) return undefined;
  seen.add(schema.typeName);
  for (const field of schema.fields) {
    if (field.scalar !== undefined && wideScalars.includes(field.scalar)) return `${schema.typeName}.${field.name}`;
    const below = field.message && findWideField(field.message, seen);
    if (below) return below;
  }
  return undefined;
}

/** A catalogue of these types. Errors: `internal` for a name and version that come twice. */
export function createCatalogue(entries: readonly EventDefinition[]): Catalogue {
  const byKey = new Map<string, EventDefinition>();
  for (const entry of entries) {
    const key = keyOf(entry.name, entry.version);
    if (byKey.has(key)) throw new AppError('internal', { internal: `Event ${key} is in the catalogue twice.` });
    byKey.set(key, entry);
  }
  return { entries: [...entries], find: (name, version) => byKey.get(keyOf(name, version)) };
}

function keyOf(name: string, version: number): string {
  return `${name}.v${version}`;
}
