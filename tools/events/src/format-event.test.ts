import { describe, expect, test } from '@jest/globals';
import type { Event } from '@universal-api/events';
import { toJsonLine, toLine } from './format-event.ts';

const event: Event = {
  id: '0190b5c2-7a10-7000-8000-00000000000a',
  type: 'search.completed',
  version: 1,
  topic: 'uapi.search.v1',
  key: '00000000-0000-0000-0000-000000000001',
  source: 'urn:uapi:search',
  subject: 'srch_1',
  time: new Date('2026-01-02T03:04:05.678Z'),
  tenantId: '00000000-0000-0000-0000-000000000001',
  position: 42n,
  channels: ['a', 'b'],
  isTest: false,
  data: { ms: 7 },
};

describe('one line', () => {
  test('for people', () => {
    expect(toLine(event)).toBe(
      '2026-01-02T03:04:05.678Z search.completed.v1 tenant=00000000-0000-0000-0000-000000000001 subject=srch_1 {"ms":7}',
    );
  });

  test('stays one, whatever a caller put into it', () => {
    const line = toLine({
      ...event,
      subject: 'a\n\u001b[2Jb c',
      correlationId: '\r',
      isTest: true,
      data: { text: 'x\ny' },
    });
    expect(line).toContain('subject=a%0A%1B[2Jb%20c request=%0D test {"text":"x\\ny"}');
    expect(line).not.toMatch(/[\u0000-\u001f]/);
  });

  test('for programs: the names of CloudEvents, nothing that is not there', () => {
    expect(JSON.parse(toJsonLine(event))).toEqual({
      id: 'evt_0190b5c27a1070008000' + '00000000000a',
      type: 'search.completed.v1',
      topic: 'uapi.search.v1',
      source: 'urn:uapi:search',
      subject: 'srch_1',
      time: '2026-01-02T03:04:05.678Z',
      tenantid: '00000000-0000-0000-0000-000000000001',
      sequence: '00000000000000000042',
      channels: 'a,b',
      data: { ms: 7 },
    });
  });
});
