/** The product as a test speaks to it, whichever way it runs. */
export interface TestProduct {
  readonly url: string;
  /** The first key: tenant `default`, plan `unlimited`. */
  readonly key: string;
  /** The operations port of the gateway. */
  readonly operationsUrl: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** With the first key. */
  getWithKey(path: string, init?: RequestInit): Promise<Response>;
  /** The metrics of every process, one text after the other. */
  metrics(): Promise<string>;
  /** Events where their readers find them: in PostgreSQL, or on Kafka where there is one. */
  readonly events: PublishedEvents;
  /** Connections to PostgreSQL now, by what they call themselves, and how many there may be in all. */
  connections(): Promise<{ readonly open: Readonly<Record<string, number>>; readonly budget: number }>;
  /** All that it has stored, sent and logged so far, as text: where no secret may be found. */
  kept(): Promise<string>;
  /** The superuser's URL of its database, for set-up that no operation does. */
  readonly adminUrl: string;
  /** Ends it; rejects when a process of it had ended before, or does not end as it should. */
  stop(): Promise<void>;
}

/** An event as a test sees it. */
export interface SeenEvent {
  readonly type: string;
  readonly tenant: string;
  readonly subject: string | null;
  readonly correlation: string | null;
  readonly traceparent: string | null;
  readonly data: Record<string, unknown>;
}

/** Events that were published. */
export interface PublishedEvents {
  /** All of them so far, telemetry too; those of one subject in the order of their commits. */
  read(): Promise<readonly SeenEvent[]>;
  close(): Promise<void>;
}

/** Environment of the product, beside what the stack says itself. */
export type ProductEnvironment = Readonly<Record<string, string>>;

/** The first key in what a start or a command says. */
export const keyPattern = /uapi_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}/;

/** A product that runs; the calls are the same for every one. */
export type Stack = Omit<TestProduct, 'get' | 'getWithKey'>;
