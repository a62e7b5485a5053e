/** Every field that a log line may have; anything else is dropped and counted. */
export const logFields = [
  'code',
  'request_id',
  'call_id',
  'trace_id',
  'tenant',
  'key',
  'route',
  'method',
  'status',
  'ms',
  'provider',
  'operation',
  'outcome',
  'err',
  'reason',
  'variable',
  'port',
  'pid',
  'signal',
  'part',
  'state',
  'count',
  'schema',
  'migration',
  'names',
] as const;

/** A field of the allow-list. */
export type LogField = (typeof logFields)[number];

/** What a log line carries beside its fixed message. */
export type LogFields = { readonly [Field in LogField]?: unknown };
