package com.huntaze.rollout.outcome;

/**
 * The design's table "What a provider's answer means", a row each: label, judge, breaker, next. A
 * new meaning is a row here.
 */
public enum Meaning {
  /** Answered whole: 2xx, or a redirect, which is the caller's to follow. */
  COMPLETE("complete", Judgement.SUCCESS, BreakerResult.SUCCESS, Next.RELAY),
  /**
   * Answered whole and without text: finished with nothing said, a refusal, tool calls alone. A
   * success; it has a label of its own so that both providers' shares can be compared.
   */
  WORDLESS("empty", Judgement.SUCCESS, BreakerResult.SUCCESS, Next.RELAY),
  /** A 2xx of a known shape that has neither content nor a reason for its end. */
  EMPTY_ANSWER("empty_answer", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  /** A 2xx whose body is not JSON, or half of it, where JSON is the answer. */
  MALFORMED_ANSWER("malformed_answer", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  /** 408, 425, 500, 502, 503, 504 or 529: another attempt may succeed. */
  TRANSIENT_STATUS("status", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  /** Any other 5xx, such as 501: a failure that a repetition does not mend. */
  SERVER_ERROR("server_error", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  /** 401 or 403 to the credential that the proxy itself set. */
  CREDENTIAL_REFUSED("credential_refused", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  /** 429: the provider's own limit. */
  THROTTLED("throttled", Judgement.NEUTRAL, BreakerResult.NEUTRAL, Next.RETRY_ON_HINT, 429),
  /** 400 {@code content_filter}, see {@link OutcomeClassifier#isContentFilter}. */
  CONTENT_FILTERED("content_filter", Judgement.NEUTRAL, BreakerResult.NEUTRAL, Next.RELAY, 400),
  /** 404: apart from other callers' errors, because a wrong deployment looks like this. */
  NOT_FOUND("not_found", Judgement.CALLER, BreakerResult.SUCCESS, Next.RELAY, 404),
  /** Any other 4xx. */
  CALLER_ERROR("caller_error", Judgement.CALLER, BreakerResult.SUCCESS, Next.RELAY),
  /** No connection could be had; nothing was sent. See {@link UnreachableCause}. */
  UNREACHABLE("unreachable", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  /** All connections of our pool are in use: our own bound, nobody's fault. */
  POOL_FULL("pool_full", Judgement.NEUTRAL, BreakerResult.NEUTRAL, Next.FAIL_OVER),
  /** The connection ended before the head of the answer. */
  RESET("reset", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  /** The connection ended within the answer. */
  TRUNCATED("truncated", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  /** A stream with status 200 told of an error. */
  ERROR_EVENT("error_event", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  /**
   * A stream of a known protocol, which must end with a terminal event, ended cleanly without one.
   */
  INCOMPLETE("stream_incomplete", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  /** An answer that was no HTTP. */
  JUNK("junk", Judgement.ERROR, BreakerResult.FAILURE, Next.RETRY),
  /** The provider's part of {@code timeouts.toFirstContent} passed without content. */
  FIRST_CONTENT("first_content_timeout", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  /** An answer that had begun fell silent for {@code idle}. Silence is not waited for twice. */
  IDLE("idle_timeout", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  /**
   * A stream outlived {@code timeouts.stream}. The provider did answer: its breaker learns nothing.
   */
  STREAM("stream_timeout", Judgement.ERROR, BreakerResult.NEUTRAL, Next.STOP),
  /** The attempt had no byte yet when the provider's probe found it down. */
  PROBE_DOWN("probe_down", Judgement.ERROR, BreakerResult.FAILURE, Next.FAIL_OVER),
  /** The provider's breaker refused the attempt: nothing was sent, and it is no observation. */
  BREAKER_OPEN("breaker_open", Judgement.NOBODY, BreakerResult.NEUTRAL, Next.FAIL_OVER),
  /**
   * A 400 or 422 to a request to which we had added an option: it is sent once more without that,
   * and what this attempt found is nobody's fault.
   */
  OPTION_REFUSED("option_refused", Judgement.NOBODY, BreakerResult.NEUTRAL, Next.RELAY),
  /** The client left first. */
  CLIENT_GONE("client_gone", Judgement.NOBODY, BreakerResult.NEUTRAL, Next.STOP);

  private final String label;
  private final Judgement judge;
  private final BreakerResult breaker;
  private final Next next;
  private final Outcome alone;

  Meaning(String label, Judgement judge, BreakerResult breaker, Next next) {
    this(label, judge, breaker, next, 0);
  }

  /** One that a single status of an answer means. */
  Meaning(String label, Judgement judge, BreakerResult breaker, Next next, int status) {
    this.label = label;
    this.judge = judge;
    this.breaker = breaker;
    this.next = next;
    alone = new Outcome(this, status, null);
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

  /** Returns the outcome that means this and differs in nothing from one attempt to the next. */
  public Outcome outcome() {
    return alone;
  }

  /** Returns the outcome that means this, by the status of an answer. */
  public Outcome outcome(int status) {
    return new Outcome(this, status, null);
  }

  /** Returns whether an outcome, {@code null} = there is none yet, means this. */
  public boolean isOf(Outcome outcome) {
    return outcome != null && outcome.meaning() == this;
  }
}
