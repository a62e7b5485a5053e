import { describe, expect, test } from '@jest/globals';
import { createAdmission } from './admission.ts';

const full = expect.objectContaining({ code: 'overloaded' });

describe('slots', () => {
  test('are bounded; the last fifth is for critical calls', () => {
    const admission = createAdmission({ maxInFlight: 10, reservedShare: 0.2 });
    const leave = Array.from({ length: 8 }, () => admission.enter(false));
    expect(() => admission.enter(false)).toThrow(full);
    admission.enter(true);
    admission.enter(true);
    expect(() => admission.enter(true)).toThrow(full);
    expect(admission.inFlight()).toBe(10);
    leave[0]?.();
    leave[0]?.();
    expect(admission.inFlight()).toBe(9);
    expect(() => admission.enter(false)).toThrow(full);
    leave[1]?.();
    leave[2]?.();
    admission.enter(false);
  });

  test('are for critical calls alone while the process is strained', () => {
    let isStrained = true;
    const admission = createAdmission({ maxInFlight: 10, reservedShare: 0.2, isStrained: () => isStrained });
    expect(() => admission.enter(false)).toThrow(full);
    admission.enter(true);
    isStrained = false;
    admission.enter(false);
  });
});
