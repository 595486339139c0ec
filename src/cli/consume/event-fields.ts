import type { ConsumeEvent } from '../../consume/events.js';
import { REQUEST_TOPIC } from '../../coupon/topics.js';
import type { LogFields } from '../../output/log-format.js';
import type { Traceparent } from '../../records/traceparent.js';

/** What `--log-format json` says of an event beside its line: docs/metrics.md. */
export function fieldsOf(event: ConsumeEvent): LogFields {
  switch (event.kind) {
    case 'retry':
    case 'dead-letter': {
      const { kind, position, traceparent, ...rest } = event;
      const { topic, partition, offset } = position;
      return { kind, topic, partition, offset, ...rest, ...traceFields(traceparent) };
    }
    case 'assigned': {
      const starts = event.partitions.map(({ partition, offset }) => ({ partition, offset }));
      return { ...event, partitions: starts };
    }
    case 'records-lost':
      return { ...inTopic(event), records: Number(event.records) };
    case 'applied':
    case 'fenced':
      return inTopic(event);
    default:
      return event;
  }
}

function inTopic({ kind, ...event }: ConsumeEvent): LogFields {
  return { kind, topic: REQUEST_TOPIC, ...event };
}

/** As OpenTelemetry names them in logs that are no OTLP. */
function traceFields(traceparent: Traceparent | null): LogFields {
  if (traceparent === null) return {};
  return { trace_id: traceparent.traceId, span_id: traceparent.spanId };
}
