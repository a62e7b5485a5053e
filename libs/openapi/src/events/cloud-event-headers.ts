import type { Schema } from '../schema/well-known-schemas.ts';

const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });

/**
 * Headers of every Kafka record, CloudEvents 1.0 in binary mode (Kafka protocol binding, section 3.2): names exact and
 * lower-case, values UTF-8. Nothing of the envelope is in the value.
 */
export const cloudEventHeaders: Schema = {
  type: 'object',
  properties: {
    ce_specversion: text('Version of CloudEvents.', { const: '1.0' }),
    ce_id: text('The event, the same in every delivery, retry and replay.', { pattern: '^evt_[0-9a-f]{32}$' }),
    ce_type: text('Type and version.', { pattern: '^[a-z0-9_]+(\\.[a-z0-9_]+)+\\.v[1-9][0-9]*$' }),
    ce_source: text('Service that owns the fact.', { pattern: '^urn:uapi:[a-z][a-z0-9_-]*$' }),
    ce_subject: text('Public id of what it is about.'),
    ce_time: text('When it was appended, UTC, to the millisecond.', { format: 'date-time' }),
    ce_dataschema: text('Path of the schema of the data.', { format: 'uri-reference' }),
    ce_tenantid: text('Tenant; all zeros for facts about the platform.', { format: 'uuid' }),
    ce_partitionkey: text('Key of the record: the tenant.', { format: 'uuid' }),
    ce_sequence: text('Grows within one subject.', { pattern: '^[0-9]{20}$' }),
    ce_traceparent: text('W3C Trace Context.'),
    ce_correlationid: text('Request or run behind it.'),
    ce_causationid: text('Event that led here.'),
    ce_channels: text('Channels, joined by commas.'),
    ce_test: text('There only for an event that a test key caused.', { const: 'true' }),
    'content-type': text('Media type of the value.', { const: 'application/json' }),
  },
  required: [
    ...['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_dataschema', 'ce_tenantid'],
    ...['ce_partitionkey', 'ce_sequence', 'content-type'],
  ],
};
