/** What is told of a credential that works (RFC 7662 section 2.2). */
export interface Introspected {
  /** Separated by spaces. */
  readonly scope: string;
  /** Key (id12), or `uapi` for a token. */
  readonly clientId: string;
  /** Public id of the user, or of the key. */
  readonly sub: string;
  /** E-mail address of the user. */
  readonly username?: string;
  /** Seconds of the Unix epoch. */
  readonly exp?: number;
  /** Seconds of the Unix epoch. */
  readonly iat?: number;
  readonly aud?: string;
  readonly iss?: string;
  readonly jti?: string;
}
