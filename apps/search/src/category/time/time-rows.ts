import { AppError } from '@universal-api/errors';
import { readField, timestampDate, timestampFromDate, type Timestamp } from '@universal-api/protos';
import { TimeService, type GetTimeRequest } from '@universal-api/protos/gen/uapi/search/v1/time_pb';
import type { TimeOperations, ZonedTime } from '@universal-api/providers-spec';
import type { CategoryCall } from '../category-call.ts';
import { categoryRow } from '../category-row.ts';
import { roundDegrees } from '../read-text.ts';
import { resolveWhere } from '../places/resolve-where.ts';
import { routedOperation } from '../routed-operation.ts';

const { getTime, convertTime, listTimeZones, getTimeZoneAt } = TimeService.method;

const nowOperation = routedOperation<TimeOperations, 'time.now'>('time.now', getTime, {
  toKey: ({ timezone, at }) => [timezone, at?.getTime()],
});
const convertOperation = routedOperation<TimeOperations, 'time.convert'>('time.convert', convertTime, {
  toKey: ({ time, from, to }) => [time, from, to],
});
const zonesOperation = routedOperation<TimeOperations, 'time.zones'>('time.zones', listTimeZones, {
  toKey: ({ countryCode, query }) => [countryCode, query?.toLowerCase()],
  nothing: [],
});
const zoneAtOperation = routedOperation<TimeOperations, 'time.zone_at'>('time.zone_at', getTimeZoneAt, {
  toKey: ({ lat, lon }) => [roundDegrees(lat, 5), roundDegrees(lon, 5)],
});

/** The methods of `TimeService`. */
export const timeRows = {
  getTime: categoryRow({
    method: getTime,
    operation: nowOperation,
    toQuestion: async (request, call) => ({ timezone: await findZone(request, call), at: readInstant(request.at) }),
    toBody: toZonedTimeMessage,
  }),
  convertTime: categoryRow({
    method: convertTime,
    operation: convertOperation,
    toQuestion: (request) => ({
      time: readField(request, 'time'),
      from: readField(request, 'from'),
      to: readField(request, 'to'),
    }),
    toBody: ({ from, to, ambiguous, skipped }) => ({
      from: toZonedTimeMessage(from),
      to: toZonedTimeMessage(to),
      ambiguous,
      skipped,
    }),
  }),
  listTimeZones: categoryRow({
    method: listTimeZones,
    operation: zonesOperation,
    toQuestion: ({ countryCode, query }) => ({ countryCode: countryCode?.toUpperCase(), query: query?.trim() }),
    toBody: (zones) => ({ zones: zones.map((zone) => ({ ...zone, countryCodes: [...zone.countryCodes] })) }),
  }),
  getTimeZoneAt: categoryRow({
    method: getTimeZoneAt,
    operation: zoneAtOperation,
    toQuestion: (request) => ({ lat: readField(request, 'lat'), lon: readField(request, 'lon') }),
    toBody: async ({ timezone, atSea }, { call }) => ({
      timezone,
      atSea,
      now: toZonedTimeMessage(await call.askFirst(nowOperation, { timezone })),
    }),
  }),
};

/** The zone that a request names, or that of the place it names, or UTC. */
async function findZone(request: GetTimeRequest, call: CategoryCall): Promise<string> {
  if (request.timezone !== undefined) return request.timezone;
  const location = await resolveWhere(request, call);
  if (!location) return 'UTC';
  const { lat, lon, timezone } = location;
  return timezone ?? (await call.askFirst(zoneAtOperation, { lat, lon })).timezone;
}

function readInstant(at: Timestamp | undefined): Date | undefined {
  const date = at && timestampDate(at);
  if (!date || !Number.isNaN(date.getTime())) return date;
  throw new AppError('invalid_request', { errors: [{ field: 'at', rule: 'must be a time of the years 1 to 9999' }] });
}

function toZonedTimeMessage({ utcTime, nextTransition, ...time }: ZonedTime) {
  return {
    ...time,
    utcTime: timestampFromDate(utcTime),
    nextTransition: nextTransition && timestampFromDate(nextTransition),
  };
}
