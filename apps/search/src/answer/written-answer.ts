/** What a typed answer says in words; the whole object stands beside it. */
export interface WrittenAnswer {
  readonly text: string;
  /** The value alone, such as `Lima`. */
  readonly value: string;
  /** Empty: none. */
  readonly unit: string;
  readonly exact: boolean;
}
