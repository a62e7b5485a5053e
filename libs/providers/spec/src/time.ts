import type { Point } from './place.ts';
import type { ProviderOperation } from './provider.ts';

/** An instant in a zone; fields as in `uapi.search.v1.ZonedTime`. */
export interface ZonedTime {
  readonly timezone: string;
  /** ISO 8601 with offset. */
  readonly localTime: string;
  readonly utcTime: Date;
  readonly utcOffsetS: number;
  readonly abbreviation?: string;
  readonly isDst: boolean;
  readonly nextTransition?: Date;
  readonly isoWeek: number;
  readonly dayOfYear: number;
  readonly unixS: number;
}

/** Answer of `time.convert`. */
export interface ConvertedTime {
  readonly from: ZonedTime;
  readonly to: ZonedTime;
  /** The local time happens twice; the first is taken. */
  readonly ambiguous: boolean;
  /** The local time does not exist; the clock after the jump is taken. */
  readonly skipped: boolean;
}

/** One zone of `time.zones`. */
export interface TimeZoneFacts {
  readonly id: string;
  readonly utcOffsetS: number;
  readonly isDst: boolean;
  readonly countryCodes: readonly string[];
}

/** The operations of the category. An unknown zone or time is the failure `caller_error` with the field's name. */
export interface TimeOperations {
  readonly 'time.now'?: ProviderOperation<{ readonly timezone: string; readonly at?: Date }, ZonedTime>;
  readonly 'time.convert'?: ProviderOperation<
    { readonly time: string; readonly from: string; readonly to: string },
    ConvertedTime
  >;
  readonly 'time.zones'?: ProviderOperation<
    { readonly countryCode?: string; readonly query?: string },
    readonly TimeZoneFacts[]
  >;
  readonly 'time.zone_at'?: ProviderOperation<Point, { readonly timezone: string; readonly atSea: boolean }>;
}
