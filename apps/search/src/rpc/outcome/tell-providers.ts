import { AppError } from '@universal-api/errors';
import type { MessageInitShape } from '@universal-api/protos';
import type { ProviderStatusSchema } from '@universal-api/protos/gen/uapi/search/v1/search_pb';
import type { Availability } from '@universal-api/providers-router';
import { isPlaceUnavailable } from '../operations/through-handler.ts';
import { candidatesOf, firstOf, type SearchEnd, type SlotEnd } from './slot-end.ts';
import type { SlotAnswer } from '../operations/slot-operation.ts';

/** One row of `providers[]`. */
export type ProviderRow = MessageInitShape<typeof ProviderStatusSchema> & {
  readonly name: string;
  readonly status: string;
};

/** Status of each failure class and each reason (search.md 9). */
const statuses: Readonly<Record<string, string>> = {
  timeout: 'timeout',
  quota_exhausted: 'rate_limited',
  quota: 'quota',
  auth: 'auth',
  breaker_open: 'breaker_open',
  no_credential: 'no_key',
  no_egress: 'no_network',
  offline: 'no_network',
  disabled: 'policy',
  not_in_only: 'policy',
  ignored: 'policy',
  keyless_only: 'policy',
  out_of_coverage: 'not_applicable',
  caller_error: 'not_applicable',
  empty: 'empty',
  not_found: 'empty',
};

/** The status that a failure class or a reason for leaving out stands for. */
export function statusOf(code: string): string {
  return statuses[code] ?? 'error';
}

/** Every provider that was asked or left out, by category; each once, with what came of it last. */
export function tellProviders({ ends, left }: SearchEnd): readonly ProviderRow[] {
  const rows = new Map<string, ProviderRow>();
  const add = (row: ProviderRow) => rows.set(`${row.category} ${row.name}`, row);
  for (const end of ends) {
    for (const row of rowsOf(end)) add(row);
    for (const other of end.available) {
      const isTold = rows.has(`${end.slot.category} ${other.provider}`);
      if (other.reason !== undefined && !isTold) add(leftOutRow(end.slot.category, other));
    }
  }
  for (const { left: category, available } of left) {
    for (const other of available) add(leftOutRow(category.category, other));
  }
  return [...rows.values()];
}

function rowsOf(end: SlotEnd): ProviderRow[] {
  const { slot, settled, wasTimeOver } = end;
  if (settled?.kind === 'answered') return answeredRows(end, settled.value, settled.ms);
  const first = firstOf(end);
  const row = (name: string, code: string, status: string): ProviderRow => ({
    name,
    category: slot.category,
    status,
    code,
    ms: Math.round(settled?.ms ?? 0),
    counted: end.isCounted && settled?.kind !== 'void',
  });
  if (!settled) return first === undefined ? [] : [row(first, '', wasTimeOver ? 'timeout' : 'late')];
  if (settled.kind === 'void') return first === undefined ? [] : [row(first, 'place_not_found', 'not_applicable')];
  const { error } = settled;
  const candidates = candidatesOf(end);
  if (isPlaceUnavailable(error)) {
    const lookUps = candidates.map(({ provider, reason }) => ({
      ...row(provider, reason, statusOf(reason)),
      counted: false,
    }));
    return first === undefined ? lookUps : [...lookUps, row(first, 'place_unavailable', 'error')];
  }
  if (candidates.length > 0) return candidates.map(({ provider, reason }) => row(provider, reason, statusOf(reason)));
  const isTimeout = AppError.is(error) && error.code === 'provider_timeout';
  return first === undefined ? [] : [row(first, isTimeout ? 'timeout' : 'failed', isTimeout ? 'timeout' : 'error')];
}

function answeredRows({ slot, available, isCounted }: SlotEnd, answer: SlotAnswer, ms: number): ProviderRow[] {
  const { meta, results, typed } = answer;
  const count = results.length || (typed ? 1 : 0);
  const base = { category: slot.category, counted: isCounted };
  if (!meta) {
    const asked = available.filter(({ reason }) => reason === undefined);
    return asked.map(({ provider }) => ({ ...base, name: provider, status: 'empty', ms: Math.round(ms) }));
  }
  const provider = meta.provider ?? '';
  if (meta.cached) return [{ ...base, name: provider, status: 'cached', count, cached: true }];
  return (meta.attempts ?? []).map(({ provider: name = '', outcome, code = '', ms: took = 0 }) => {
    const isAnswer = outcome === 'ok' && name === provider;
    const status = outcome === 'ok' ? (isAnswer && count === 0 ? 'empty' : 'ok') : statusOf(code);
    return { ...base, name, status, code, ms: took, count: isAnswer ? count : 0, counted: isCounted && isAnswer };
  });
}

function leftOutRow(category: string, { provider, reason }: Availability): ProviderRow {
  const code = reason ?? 'out_of_coverage';
  return { name: provider, category, status: statusOf(code), code, counted: false };
}
