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

  test('are held by one tenant up to a quarter, and given back', () => {
    const admission = createAdmission({ maxInFlight: 8, reservedShare: 0 });
    const leave = admission.enter(false, 'a');
    admission.enter(false, 'a');
    expect(() => admission.enter(false, 'a')).toThrow(full);
    admission.enter(false, 'b');
    leave();
    admission.enter(false, 'a');
    expect(admission.inFlight()).toBe(3);
    for (let call = 0; call < 5; call += 1) admission.enter(false);
    expect(() => admission.enter(false)).toThrow(full);
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
