package com.example.coupon;

import java.time.LocalDateTime;

/** The source system's dead letter. */
public class CouponIssueDlqMessage {
  private CouponIssueRequestEvent originalEvent;
  private String failureReason;
  private int retryCount;
  private LocalDateTime lastAttemptAt;
  private String stackTrace;

  public CouponIssueDlqMessage() {}

  public CouponIssueDlqMessage(
      CouponIssueRequestEvent originalEvent,
      String failureReason,
      int retryCount,
      LocalDateTime lastAttemptAt,
      String stackTrace) {
    this.originalEvent = originalEvent;
    this.failureReason = failureReason;
    this.retryCount = retryCount;
    this.lastAttemptAt = lastAttemptAt;
    this.stackTrace = stackTrace;
  }

  public CouponIssueRequestEvent getOriginalEvent() {
    return originalEvent;
  }

  public void setOriginalEvent(CouponIssueRequestEvent originalEvent) {
    this.originalEvent = originalEvent;
  }

  public String getFailureReason() {
    return failureReason;
  }

  public void setFailureReason(String failureReason) {
    this.failureReason = failureReason;
  }

  public int getRetryCount() {
    return retryCount;
  }

  public void setRetryCount(int retryCount) {
    this.retryCount = retryCount;
  }

  public LocalDateTime getLastAttemptAt() {
    return lastAttemptAt;
  }

  public void setLastAttemptAt(LocalDateTime lastAttemptAt) {
    this.lastAttemptAt = lastAttemptAt;
  }

  public String getStackTrace() {
    return stackTrace;
  }

  public void setStackTrace(String stackTrace) {
    this.stackTrace = stackTrace;
  }
}
