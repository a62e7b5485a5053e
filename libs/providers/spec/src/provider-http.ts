/** A GET as a provider's kit sends it. */
export interface HttpGet {
  /** Absolute, with its query. May hold a credential: never logged, never in an error. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the request at once when aborted. */
  readonly signal: AbortSignal;
  /** Largest body taken, bytes after decoding. */
  readonly maxBytes: number;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Decoded text. */
  readonly body: string;
}

/**
 * The way out to a provider; made by the kit, the only door to the network. Redirects are not followed. Rejects, with
 * an error that names no URL and no credential, when there was no whole answer: refused, cut off, too large, aborted.
 */
export interface ProviderHttp {
  get(request: HttpGet): Promise<HttpAnswer>;
}
