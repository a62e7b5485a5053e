/** Tells the time in ms, from any origin; `performance` in the product (it never steps back), a fake in tests. */
export interface Clock {
  now(): number;
}
