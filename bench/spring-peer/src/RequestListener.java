package peer;

import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.stereotype.Component;

/** Of the two listeners one is started: record by record, or a poll's records together. */
@Component
class RequestListener {
  private static final String TOPIC = "coupon-issue-requests";

  private final CouponStore store;
  private final Measurement measurement;

  RequestListener(CouponStore store, Measurement measurement) {
    this.store = store;
    this.measurement = measurement;
  }

  @KafkaListener(
      id = "record",
      idIsGroup = false,
      topics = TOPIC,
      batch = "false",
      autoStartup = "#{!${peer.batch}}")
  void onRecord(ConsumerRecord<String, CouponRequest> record, Acknowledgment acknowledgment)
      throws SQLException {
    measurement.received();
    store.issue(record.value());
    measurement.committed(record);
    acknowledgment.acknowledge();
  }

  @KafkaListener(
      id = "batch",
      idIsGroup = false,
      topics = TOPIC,
      batch = "true",
      autoStartup = "${peer.batch}")
  void onBatch(
      List<ConsumerRecord<String, CouponRequest>> records, Acknowledgment acknowledgment)
      throws SQLException {
    measurement.received();
    store.issueAll(records.stream().map(ConsumerRecord::value).toList());
    records.forEach(measurement::committed);
    acknowledgment.acknowledge();
  }
}
