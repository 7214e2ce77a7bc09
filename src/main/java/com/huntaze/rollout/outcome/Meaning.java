package com.huntaze.rollout.outcome;

/**
 * The design's table "What a provider's answer means", one row a line: label, judge, breaker, next.
 */
public enum Meaning {
  COMPLETE("complete", Judgement.SUCCESS, BreakerResult.SUCCESS, Next.RELAY),
  WORDLESS("empty", Judgement.SUCCESS, BreakerResult.SUCCESS, Next.RELAY),
  EMPTY_ANSWER("empty_answer", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  MALFORMED_ANSWER("malformed_answer", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  TRANSIENT_STATUS("status", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  SERVER_ERROR("server_error", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  CREDENTIAL_REFUSED("credential_refused", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  THROTTLED("throttled", Judgement.NEUTRAL, BreakerResult.NEUTRAL, Next.RETRY_ON_HINT),
  CONTENT_FILTERED("content_filter", Judgement.NEUTRAL, BreakerResult.NEUTRAL, Next.RELAY),
  NOT_FOUND("not_found", Judgement.CALLER, BreakerResult.SUCCESS, Next.RELAY),
  CALLER_ERROR("caller_error", Judgement.CALLER, BreakerResult.SUCCESS, Next.RELAY),
  UNREACHABLE("unreachable", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  POOL_FULL("pool_full", Judgement.NEUTRAL, BreakerResult.NEUTRAL, Next.FAIL_OVER),
  RESET("reset", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  TRUNCATED("truncated", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  ERROR_EVENT("error_event", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  INCOMPLETE("stream_incomplete", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  JUNK("junk", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  FIRST_CONTENT("first_content_timeout", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  IDLE("idle_timeout", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  STREAM("stream_timeout", Judgement.ERROR, BreakerResult.NEUTRAL, Next.STOP),
  PROBE_DOWN("probe_down", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  BREAKER_OPEN("breaker_open", Judgement.NOBODY, BreakerResult.NEUTRAL, Next.FAIL_OVER),
  OPTION_REFUSED("option_refused", Judgement.NOBODY, BreakerResult.NEUTRAL, Next.RELAY),
  CLIENT_GONE("client_gone", Judgement.NOBODY, BreakerResult.NEUTRAL, Next.STOP);

  private final String label;
  private final Judgement judge;
  private final BreakerResult breaker;
  private final Next next;

  Meaning(String label, Judgement judge, BreakerResult breaker, Next next) {
    this.label = label;
    this.judge = judge;
    this.breaker = breaker;
    this.next = next;
  }

  /** Short and stable, for metrics and logs. */
  public String label() {
    return label;
  }

  /** For the judge of the canary. */
  public Judgement judge() {
    return judge;
  }

  /** For the provider's circuit breaker. */
  public BreakerResult breaker() {
    return breaker;
  }

  /** Returns the steps that may follow while nothing has been sent to the client. */
  public Next next() {
    return next;
  }
}
