import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findTotpStep, totpCodeAt } from './totp-codes.ts';
import { makeRecoveryCodes, readRecoveryCode } from './recovery-codes.ts';

const rfcSecret = Buffer.from('12345678901234567890');

// RFC 6238 appendix B, SHA-1, the last six of the eight digits there.
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at %i s the code is %s', (seconds, code) => {
  expect(totpCodeAt(rfcSecret, seconds * 1_000)).toBe(code);
  expect(findTotpStep(rfcSecret, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
});

const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes));
const times = fc.integer({ min: 60_000, max: 4_000_000_000_000 });

test('a code of a step is found one step away at most, as that step', () => {
  fc.assert(
    fc.property(secrets, times, fc.integer({ min: -1, max: 1 }), (secret, nowMs, away) => {
      const code = totpCodeAt(secret, nowMs + away * 30_000);
      const found = findTotpStep(secret, code, nowMs);
      const step = Math.floor(nowMs / 30_000) + away;
      // Two steps may have the same code by chance.
      expect(found === step || totpCodeAt(secret, (found ?? 0) * 30_000) === code).toBe(true);
    }),
  );
});

test('a recovery code comes back however it is typed; what cannot be one is none', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat(255)), fc.infiniteStream(fc.boolean()), (bytes, choices) => {
      const draw = (size: number) => Uint8Array.from({ length: size }, () => bytes.next().value ?? 0);
      const [code = ''] = makeRecoveryCodes(draw);
      const typed = [...code].map((sign) => {
        const isLower = choices.next().value;
        const plain = isLower ? sign.toLowerCase() : sign;
        return choices.next().value ? `${plain}-` : plain;
      });
      expect(readRecoveryCode(typed.join(' '))).toBe(code);
      expect(readRecoveryCode(code.slice(1))).toBeUndefined();
      expect(readRecoveryCode(`${code}0`)).toBeUndefined();
      expect(readRecoveryCode(`U${code.slice(1)}`)).toBeUndefined();
    }),
  );
});
