package peer;

import java.sql.SQLException;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Issues coupons as a Spring Boot application would: a listener, a transaction, an acknowledgement.
 * bench/peer.js starts it with these properties:
 *
 * <pre>
 * --spring.kafka.bootstrap-servers  host:port
 * --peer.group                      a new consumer group
 * --peer.requests                   ends when it has handled so many
 * --peer.stock                      of each campaign
 * --peer.database                   a new file
 * </pre>
 *
 * and one argument before them: how many records share a transaction. 1 is a record listener.
 */
@SpringBootApplication
public class SpringPeer {
  static final int CAMPAIGNS = 10;

  public static void main(String[] args) {
    int batchSize = Integer.parseInt(args[0]);
    SpringApplication application = new SpringApplication(SpringPeer.class);
    application.setDefaultProperties(batchSize == 1 ? oneByOne() : inBatches(batchSize));
    String[] properties = java.util.Arrays.copyOfRange(args, 1, args.length);
    System.exit(SpringApplication.exit(application.run(properties)));
  }

  private static Map<String, Object> oneByOne() {
    return Map.of("peer.batch", false);
  }

  private static Map<String, Object> inBatches(int size) {
    return Map.of(
        "peer.batch", true,
        "spring.kafka.consumer.max-poll-records", size,
        "spring.kafka.consumer.fetch-min-size", "1024B",
        "spring.kafka.consumer.fetch-max-wait", "500ms");
  }

  @Bean
  CouponStore store(
      @Value("${peer.database}") String database, @Value("${peer.stock}") int stock)
      throws SQLException {
    return new CouponStore(database, CAMPAIGNS, stock);
  }

  @Bean
  Measurement measurement(@Value("${peer.requests}") int requests) {
    return new Measurement(requests);
  }

  /** Waits for the last request, and prints what was measured as one line of JSON. */
  @Bean
  CommandLineRunner report(Measurement measurement, CouponStore store) {
    return args -> System.out.println(measurement.await().toJson(store.countIssued()));
  }
}
