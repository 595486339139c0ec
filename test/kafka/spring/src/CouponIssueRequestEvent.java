package com.example.coupon;

import java.time.LocalDateTime;

/** The source system's request, as its JsonSerializer writes it. */
public class CouponIssueRequestEvent {
  private String eventId;
  private String eventType = "COUPON_ISSUE_REQUESTED";
  private LocalDateTime occurredAt;
  private Long couponId;
  private Long userId;
  private Long timestamp;

  public CouponIssueRequestEvent() {}

  public CouponIssueRequestEvent(
      String eventId, LocalDateTime occurredAt, Long couponId, Long userId, Long timestamp) {
    this.eventId = eventId;
    this.occurredAt = occurredAt;
    this.couponId = couponId;
    this.userId = userId;
    this.timestamp = timestamp;
  }

  public String getEventId() {
    return eventId;
  }

  public void setEventId(String eventId) {
    this.eventId = eventId;
  }

  public String getEventType() {
    return eventType;
  }

  public void setEventType(String eventType) {
    this.eventType = eventType;
  }

  public LocalDateTime getOccurredAt() {
    return occurredAt;
  }

  public void setOccurredAt(LocalDateTime occurredAt) {
    this.occurredAt = occurredAt;
  }

  public Long getCouponId() {
    return couponId;
  }

  public void setCouponId(Long couponId) {
    this.couponId = couponId;
  }

  public Long getUserId() {
    return userId;
  }

  public void setUserId(Long userId) {
    this.userId = userId;
  }

  public Long getTimestamp() {
    return timestamp;
  }

  public void setTimestamp(Long timestamp) {
    this.timestamp = timestamp;
  }
}
