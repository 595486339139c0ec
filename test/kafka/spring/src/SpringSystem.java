package com.example.coupon;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.serializer.ErrorHandlingDeserializer;
import org.springframework.kafka.support.serializer.JsonDeserializer;
import org.springframework.kafka.support.serializer.JsonSerializer;

/**
 * The source system as far as others see it: what its JsonSerializer writes and its JsonDeserializer
 * reads, with the mappers that spring-kafka gives them.
 *
 * <pre>
 * send-requests BROKERS TOPIC COUPON FROM_USER COUNT
 * send-letters  BROKERS TOPIC COUPON FROM_USER COUNT
 * read-requests BROKERS TOPIC    prints "coupon user eventId occurredAt" for each record
 * read-letters  BROKERS TOPIC    prints "coupon user retryCount lastAttemptAt failureReason"
 * </pre>
 *
 * Where the deserializer can't read a record, the line is "unreadable".
 */
public final class SpringSystem {
  private static final String UNREADABLE = "unreadable";

  public static void main(String[] args) throws Exception {
    String brokers = args[1];
    String topic = args[2];
    switch (args[0]) {
      case "send-requests" -> send(brokers, topic, args, true, user -> request(args, user));
      case "send-letters" -> send(brokers, topic, args, false, user -> letter(request(args, user)));
      case "read-requests" -> read(brokers, topic, CouponIssueRequestEvent.class)
          .forEach(event -> System.out.println(
              event == null ? UNREADABLE : line(event) + " " + event.getEventId() + " " + event.getOccurredAt()));
      case "read-letters" -> read(brokers, topic, CouponIssueDlqMessage.class)
          .forEach(letter -> System.out.println(letter == null ? UNREADABLE : line(letter.getOriginalEvent())
              + " " + letter.getRetryCount() + " " + letter.getLastAttemptAt() + " " + letter.getFailureReason()));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static CouponIssueRequestEvent request(String[] args, long user) {
    LocalDateTime now = LocalDateTime.now();
    // Jackson drops trailing zeros of an array: 5, 6 and 7 parts occur.
    LocalDateTime occurredAt = user % 3 == 0 ? now.withSecond(0).withNano(0) : user % 3 == 1 ? now.withNano(0) : now;
    long timestamp = now.toInstant(ZoneOffset.UTC).toEpochMilli();
    return new CouponIssueRequestEvent(
        UUID.randomUUID().toString(), occurredAt, Long.valueOf(args[3]), user, timestamp);
  }

  private static CouponIssueDlqMessage letter(CouponIssueRequestEvent event) {
    StringWriter trace = new StringWriter();
    new IllegalStateException("no stock service").printStackTrace(new PrintWriter(trace));
    return new CouponIssueDlqMessage(
        event, "no stock service", 3, LocalDateTime.of(2026, 11, 26, 9, 30, 15, 123456789), trace.toString());
  }

  private static <T> void send(
      String brokers, String topic, String[] args, boolean keyed, LongFunction<T> value) {
    var factory = new DefaultKafkaProducerFactory<String, T>(
        Map.of("bootstrap.servers", brokers, "acks", "all"), new StringSerializer(), new JsonSerializer<T>());
    try {
      var template = new KafkaTemplate<>(factory);
      long from = Long.parseLong(args[4]);
      List<CompletableFuture<?>> sent = new ArrayList<>();
      for (long user = from; user < from + Long.parseLong(args[5]); user++) {
        sent.add(template.send(topic, keyed ? args[3] : null, value.apply(user)));
      }
      template.flush();
      sent.forEach(CompletableFuture::join);
    } finally {
      factory.destroy();
    }
  }

  /** All records of a topic. A header that names a class is believed, as is spring-kafka's default. */
  private static <T> List<T> read(String brokers, String topic, Class<T> type) {
    var factory = new DefaultKafkaConsumerFactory<String, T>(
        Map.of("bootstrap.servers", brokers), new StringDeserializer(),
        new ErrorHandlingDeserializer<>(new JsonDeserializer<>(type)));
    try (Consumer<String, T> consumer = factory.createConsumer("spring-system", "")) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (PartitionInfo each : consumer.partitionsFor(topic)) {
        partitions.add(new TopicPartition(topic, each.partition()));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<T> values = new ArrayList<>();
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer.poll(Duration.ofMillis(500)).forEach(record -> values.add(type.cast(record.value())));
      }
      return values;
    }
  }

  private static String line(CouponIssueRequestEvent event) {
    return event == null ? "- -" : event.getCouponId() + " " + event.getUserId();
  }
}
