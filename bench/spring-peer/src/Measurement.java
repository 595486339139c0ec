package peer;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** From the first record received to the last commit, as `coupons consume` measures itself. */
class Measurement {
  private static final int PARTITIONS = 3;
  private static final long LIMIT_MINUTES = 10;

  private final long[] latencyMs;
  private final long[] nextOffset = new long[PARTITIONS];
  private final CountDownLatch done = new CountDownLatch(1);
  private int committed;
  private long firstNs;
  private long lastNs;

  Measurement(int requests) {
    latencyMs = new long[requests];
  }

  synchronized void received() {
    if (firstNs == 0) firstNs = System.nanoTime();
  }

  /** A record that is delivered again, after a rebalance, counts once. */
  synchronized void committed(ConsumerRecord<String, CouponRequest> record) {
    if (record.offset() < nextOffset[record.partition()]) return;
    nextOffset[record.partition()] = record.offset() + 1;
    latencyMs[committed++] = System.currentTimeMillis() - record.timestamp();
    if (committed == latencyMs.length) {
      lastNs = System.nanoTime();
      done.countDown();
    }
  }

  Measurement await() throws InterruptedException {
    if (done.await(LIMIT_MINUTES, TimeUnit.MINUTES)) return this;
    throw new IllegalStateException("not all requests arrived within ten minutes");
  }

  /** `warm` leaves out the first tenth, in which the JVM still compiles. */
  synchronized String toJson(long issued) {
    double elapsedMs = (lastNs - firstNs) / 1e6;
    long[] warm = Arrays.copyOfRange(latencyMs, committed / 10, committed);
    return String.format(
        Locale.ROOT,
        "{\"records\":%d,\"issued\":%d,\"elapsedMs\":%.0f,\"perSecond\":%.0f,"
            + "\"latencyMs\":%s,\"warmLatencyMs\":%s}",
        committed, issued, elapsedMs, committed / elapsedMs * 1000, shares(latencyMs), shares(warm));
  }

  private static String shares(long[] measured) {
    long[] sorted = measured.clone();
    Arrays.sort(sorted);
    long p50 = sorted[(int) Math.ceil(sorted.length * 0.5) - 1];
    long p99 = sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
    return "{\"p50\":" + p50 + ",\"p99\":" + p99 + "}";
  }
}
