import type { WeatherAlert } from '@universal-api/providers-spec';
import { httpsUrl, plainText } from './plain-text.ts';

/** A warning in the terms of the Common Alerting Protocol 1.2, as a provider gives it; any text may be missing. */
export interface CapWarning {
  readonly id: string;
  readonly event?: string | null;
  readonly severity?: string | null;
  readonly urgency?: string | null;
  readonly certainty?: string | null;
  readonly headline?: string | null;
  readonly description?: string | null;
  readonly instruction?: string | null;
  readonly area?: string | null;
  /** ISO 8601 with offset. */
  readonly startsAt?: string | null;
  readonly endsAt?: string | null;
  readonly issuer?: string | null;
  readonly language?: string | null;
  readonly url?: string | null;
}

const severities = ['extreme', 'severe', 'moderate', 'minor', 'unknown'] as const;

/**
 * Warnings of a provider as answers carry them: those that have not ended, each id once, the most severe first.
 * `now` is ms since the epoch. Without an event and an area a warning says nothing, and is left out.
 */
export function toAlerts(provider: string, issuer: string, warnings: readonly CapWarning[], now: number) {
  const byId = new Map<string, WeatherAlert>();
  for (const warning of warnings) {
    const alert = toAlert(provider, issuer, warning);
    if (alert && !(alert.endsAt && alert.endsAt.getTime() <= now) && !byId.has(alert.id)) byId.set(alert.id, alert);
  }
  return [...byId.values()].sort((one, other) => rank(one) - rank(other));
}

function rank({ severity }: WeatherAlert): number {
  return severities.indexOf(severity);
}

function toAlert(provider: string, issuer: string, warning: CapWarning): WeatherAlert | undefined {
  const id = plainText(warning.id);
  const area = plainText(warning.area);
  const event = plainText(warning.event) ?? plainText(warning.headline);
  if (!id || !area || !event) return undefined;
  return {
    id: `${provider}:${id}`,
    event,
    severity: toSeverity(warning.severity),
    urgency: toWord(warning.urgency),
    certainty: toWord(warning.certainty),
    headline: plainText(warning.headline) ?? event,
    description: plainText(warning.description),
    instruction: plainText(warning.instruction),
    area,
    startsAt: toDate(warning.startsAt),
    endsAt: toDate(warning.endsAt),
    issuer: plainText(warning.issuer) ?? issuer,
    language: toLanguage(warning.language),
    url: httpsUrl(warning.url),
  };
}

function toSeverity(text: string | null | undefined): WeatherAlert['severity'] {
  const word = text?.trim().toLowerCase();
  return severities.find((severity) => severity === word) ?? 'unknown';
}

/** `Unknown` is a value of the protocol; here unknown is absent. */
function toWord(text: string | null | undefined): string | undefined {
  const word = plainText(text)?.toLowerCase();
  return word === 'unknown' ? undefined : word;
}

function toDate(text: string | null | undefined): Date | undefined {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function toLanguage(text: string | null | undefined): string | undefined {
  try {
    return text ? Intl.getCanonicalLocales(text)[0] : undefined;
  } catch {
    return undefined; // What is no tag names no language.
  }
}
