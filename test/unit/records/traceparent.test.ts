import { describe, expect, it } from 'vitest';
import { traceparentOf } from '../../../src/records/traceparent.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';
const VALID = `00-${TRACE_ID}-${SPAN_ID}-01`;

const read = (...values: readonly string[]) =>
  traceparentOf({ traceparent: values.map((value) => Buffer.from(value)) });

describe('the trace of a record', () => {
  it('is read from its header', () => {
    expect(traceparentOf({ traceparent: Buffer.from(VALID) })).toEqual({
      text: VALID,
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      isSampled: true,
    });
    expect(read(`00-${TRACE_ID}-${SPAN_ID}-00`)).toMatchObject({ isSampled: false });
  });

  it('is that of the last header where there are several', () => {
    expect(read('rubbish', VALID)).toMatchObject({ text: VALID });
    expect(read(VALID, 'rubbish')).toBeNull();
  });

  it('is none where there is no header', () => {
    expect(traceparentOf({})).toBeNull();
    expect(read()).toBeNull();
  });

  it('may be of a later version, which may have more fields', () => {
    expect(read(`cc-${TRACE_ID}-${SPAN_ID}-01`)).toMatchObject({ traceId: TRACE_ID });
    expect(read(`cc-${TRACE_ID}-${SPAN_ID}-01-more`)).toMatchObject({ traceId: TRACE_ID });
  });

  it.each([
    ['version ff', `ff-${TRACE_ID}-${SPAN_ID}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['a span id of zeros', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['upper case', VALID.toUpperCase()],
    ['more fields in version 00', `${VALID}-more`],
    ['more digits', `cc-${TRACE_ID}-${SPAN_ID}-011`],
    ['fewer digits', `00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`],
    ['a line break', `${VALID}\n`],
    ['white space', ` ${VALID}`],
    ['an empty value', ''],
    ['a huge value', `cc-${TRACE_ID}-${SPAN_ID}-01-${'a'.repeat(1_000_000)}`],
  ])('is none for %s', (_what, text) => {
    expect(read(text)).toBeNull();
  });
});
