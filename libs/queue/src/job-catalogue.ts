import type { z } from '@universal-api/config';
import { AppError } from '@universal-api/errors';

/** A queue, and how many of its jobs one process runs at a time. */
export interface QueueDefinition {
  /** `uapi-<service>-<purpose>`, the same on every backend. */
  readonly name: string;
  readonly concurrency: number;
}

/**
 * A kind of work that can be rung for. There are no attempts, no backoff and no delay: what is not done stays due in its table,
 * and the tick rings again.
 */
export interface JobDefinition<Field extends string = string> {
  /** A verb and its object, such as `drain-endpoint`. */
  readonly name: string;
  readonly queue: QueueDefinition;
  /** The one field of its data. */
  readonly field: Field;
  /** What a run is given for a key. Errors: `internal` when the key does not have the shape that the schema asks for. */
  toData(key: string): JobData<Field>;
}

/** What a run is given: the key, under the name of its field. */
export type JobData<Field extends string> = Readonly<Record<Field, string>>;

/** How a job is declared. */
export interface JobDeclaration<Field extends string> {
  readonly name: string;
  readonly queue: QueueDefinition;
  /** Exactly one field, a string, which is the key: wakes of one key become one run, and anything beside it would be lost. */
  readonly data: z.ZodObject<Record<Field, z.ZodType<string>>>;
}

const nameShape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const queueShape = /^uapi-([a-z][a-z0-9]*)-[a-z][a-z0-9-]*$/;
/** The stores give `:` a meaning of their own. */
const keyShape = /^[A-Za-z0-9._-]{1,200}$/;
const queuesPerService = 2;

/** Declares a queue. Errors: `internal` for a name or a concurrency that cannot be. */
export function defineQueue(queue: QueueDefinition): QueueDefinition {
  if (!queueShape.test(queue.name))
    throw refuse(`"${queue.name}" is not the name of a queue (uapi-<service>-<purpose>).`);
  if (!Number.isInteger(queue.concurrency) || queue.concurrency < 1) {
    throw refuse(`The concurrency of ${queue.name} is not a whole number of at least 1.`);
  }
  return queue;
}

/** Declares a job. Errors: `internal` for a name or data that cannot be. */
export function defineJob<Field extends string>({ name, queue, data }: JobDeclaration<Field>): JobDefinition<Field> {
  if (!nameShape.test(name)) throw refuse(`"${name}" is not the name of a job.`);
  const [field, ...more] = Object.keys(data.shape) as Field[];
  if (field === undefined || more.length > 0) throw refuse(`The data of job ${name} must have exactly one field.`);
  return {
    name,
    queue,
    field,
    toData(key) {
      const wanted = { [field]: key } as JobData<Field>;
      const parsed = data.safeParse(wanted);
      // Nothing of the key is told: it may have come from outside.
      if (!keyShape.test(key) || !parsed.success) throw refuse(`A key of job ${name} is malformed.`);
      return wanted;
    },
  };
}

/**
 * The jobs of a product or a service, on one page. Gives them back.
 * Errors: `internal` for a name that comes twice, a queue declared in two ways, and more than two queues of one service.
 */
export function createJobCatalogue<const Jobs extends readonly JobDefinition[]>(jobs: Jobs): Jobs {
  const names = jobs.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refuse(`Job ${twice} is declared twice.`);
  const queues = new Map<string, QueueDefinition>();
  const services = new Map<string, number>();
  for (const { queue } of jobs) {
    const known = queues.get(queue.name);
    if (known && known.concurrency !== queue.concurrency) throw refuse(`Queue ${queue.name} is declared in two ways.`);
    if (known) continue;
    queues.set(queue.name, queue);
    const service = queueShape.exec(queue.name)?.[1] ?? '';
    const count = (services.get(service) ?? 0) + 1;
    if (count > queuesPerService) throw refuse(`Service ${service} has more than ${queuesPerService} queues.`);
    services.set(service, count);
  }
  return jobs;
}

/** The queues of jobs, each once. */
export function queuesOf(jobs: readonly JobDefinition[]): QueueDefinition[] {
  return [...new Map(jobs.map(({ queue }) => [queue.name, queue])).values()];
}

function refuse(internal: string): AppError {
  return new AppError('internal', { internal });
}
