import { describe, expect, it } from 'vitest';
import { isReason, ReasonsSeen } from '../../../src/dead-letters/reason-codes.js';

describe('a reason that is asked for', () => {
  it.each([
    ['PROCESSING_FAILED', 'processing_failed'],
    ['PROCESSING_FAILED', 'processing-failed'],
    ['PROCESSING_FAILED', 'ProcessingFailed'],
    ['JSON_PARSE_EXCEPTION', 'com.fasterxml.jackson.core.JsonParseException'],
    ['my-own code', 'MY_OWN CODE'],
  ])('%s is %s', (code, asked) => {
    expect(isReason(code, asked)).toBe(true);
  });

  it.each([
    ['PROCESSING_FAILED', 'PROCESSING'],
    ['', 'x'],
    [null, ''],
  ])('%s is not %s', (code, asked) => {
    expect(isReason(code, asked)).toBe(false);
  });

  it('is unknown where neither coupons nor a letter has it, and what there is is listed', () => {
    const seen = new ReasonsSeen();
    for (const code of ['MALFORMED_JSON', 'JSON_PARSE_EXCEPTION', null, 'JSON_PARSE_EXCEPTION']) {
      seen.add(code);
    }
    expect(() => {
      seen.assertKnown('missing-field');
      seen.assertKnown('JsonParseException');
    }).not.toThrow();
    const unknown = () => {
      seen.assertKnown('MALFORMD_JSON');
    };
    expect(unknown).toThrow('No dead letter has the reason MALFORMD_JSON');
    expect(unknown).toThrow(
      expect.objectContaining({
        exitCode: 2,
        hint: expect.stringMatching(
          /^Did you mean MALFORMED_JSON\? Reasons are EMPTY_VALUE, .*PROCESSING_FAILED; in this DLQ also JSON_PARSE_EXCEPTION\.$/,
        ) as string,
      }),
    );
  });
});
