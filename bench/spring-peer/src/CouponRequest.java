package peer;

import java.time.Instant;

public record CouponRequest(
    String eventId,
    String eventType,
    Instant occurredAt,
    long couponId,
    long userId,
    long timestamp) {}
