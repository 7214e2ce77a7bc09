package com.huntaze.rollout.judge.window;

/**
 * One exchange that chose a provider, as the judge sees it. Its facts arrive at different times and
 * each counts once, in the stage in which the exchange began: that it is slow, at the moment it
 * passes the limit; its fate; its latency and cost, with the fate or later. An exchange without any
 * of these, such as one whose client left early, is in no denominator.
 *
 * <p>Made by {@link ObservationCounter}, for the thread of that counter. {@link Metric.Counter}
 * says what the facts add to which count.
 */
public final class Observation {
  /** A latency or cost that is not known. */
  public static final long UNKNOWN = -1;

  /** The largest cost of one exchange that is believed, nano-USD: a million USD. */
  private static final long MOST_COST = 1_000_000_000_000_000L;

  /** Of an exchange of which nobody knows who made it. */
  static final Requester NOBODY = Requester.of(0);

  private final ProviderCounter counter;
  private final Thresholds limits;
  private final Requester who;
  private boolean sampled;

  /** Its place in the order in which those of its provider began; 0 = nobody asks. */
  private final long order;

  private boolean dependent;
  private boolean awaiting;

  /** It is not known yet whether it is a sample. */
  private boolean claimed;

  private String model;
  private boolean observed;
  private boolean slow;
  private boolean ended;
  private boolean settled;
  private boolean failed;
  private boolean unpriced;
  private boolean tellsNoUsage;
  private boolean neutral;
  private boolean throttled;
  private boolean notFound;
  private boolean stream;
  private long latencyMillis = UNKNOWN;
  private long costNano = UNKNOWN;

  /**
   * @param counter what counts it, {@code null} = nothing does
   * @param who made it, {@link #NOBODY} = nobody knows: it is its own user
   */
  Observation(
      ProviderCounter counter, Thresholds limits, Requester who, boolean sampled, long order) {
    this.order = order;
    this.counter = counter;
    this.limits = limits;
    this.who = who;
    this.sampled = sampled;
  }

  /**
   * It shares its fate with others: it was under way when the circuit breaker opened. It counts in
   * the windows and totals, and the sequential tests of the error rate, which take what they look
   * at for independent, do not see it. Call it before its fate is told, whatever that is.
   */
  public void dependent() {
    dependent = true;
  }

  /**
   * It is known later whether it is a sample, by {@link #slot}: another process may have been asked
   * by the same user before. Call it when the exchange begins.
   */
  public void awaitSlot() {
    sampled = false;
    claimed = true;
  }

  /**
   * Tells whether the slot of its user is its own. What is known of it by now and what comes is
   * seen by the sequential tests then, and never otherwise.
   */
  public void slot(boolean granted) {
    if (!claimed) {
      return;
    }
    claimed = false;
    sampled = granted;
    if (counter == null) {
      return;
    }
    if (granted) {
      counter.granted(this);
    }
    if (awaiting && granted) {
      counter.waiting().failed(this);
    } else if (awaiting) {
      confirm();
    }
  }

  /**
   * The exchange has passed the latency limit: it is slow, once and finally, whatever becomes of
   * it. Call it when the timer fires, not when the answer comes, or a provider that hangs would
   * look healthy.
   */
  public void slow() {
    if (counter == null || slow) {
      return;
    }
    counter.before(this);
    slow = true;
    observed = true;
    counter.after(this);
  }

  /**
   * The exchange's fate is known: the first attempt failed, or it succeeded.
   *
   * @param millis to the first content, {@link #UNKNOWN} = not known (yet)
   * @param nano nano-USD, {@link #UNKNOWN} = not known; a success that has none now never gets one,
   *     an error may
   * @param by the model that answered, {@code null} = not known
   */
  public void settle(boolean success, long millis, long nano, String by) {
    if (counter == null || ended) {
      return;
    }
    counter.before(this);
    ended = true;
    settled = true;
    failed = !success;
    observed = true;
    model = by;
    learnLatency(millis);
    learnCost(nano);
    unpriced = success && !isPriced() && !tellsNoUsage;
    WaitingFailures waiting = counter.waiting();
    awaiting = failed && (sampled || claimed) && !dependent && waiting != null;
    counter.after(this);
    if (awaiting) {
      // One that turns out to be no sample must not take a place among the failures in a row.
      if (!claimed) {
        waiting.failed(this);
      }
    } else if (success && waiting != null) {
      waiting.succeeded(this);
    }
  }

  /**
   * Its answer tells no usage, and need not: that its cost is not known is no lack of anything.
   * Call it before its fate is told.
   */
  public void tellsNoUsage() {
    tellsNoUsage = true;
  }

  /** Its answer is a stream: its latency is the time to the first content. */
  public void streams() {
    if (counter != null && !isTimed()) {
      stream = true;
    }
  }

  /** The latency of a settled exchange, where it was not known then; milliseconds. */
  public void latency(long millis) {
    if (counter == null || !settled || isTimed() || millis < 0) {
      return;
    }
    counter.before(this);
    learnLatency(millis);
    counter.after(this);
  }

  /** The cost of a settled exchange, where it was not known then; nano-USD. */
  public void cost(long nano) {
    if (counter == null || !settled || unpriced || isPriced() || nano < 0) {
      return;
    }
    counter.before(this);
    learnCost(nano);
    counter.after(this);
  }

  /**
   * The exchange ended without a fate that is the provider's, but has a metric of its own. That it
   * was slow stays counted.
   *
   * @param byLimit whether the provider refused it by its own limit
   */
  public void neutral(boolean byLimit) {
    if (counter == null || ended) {
      return;
    }
    counter.before(this);
    ended = true;
    neutral = true;
    throttled = byLimit;
    counter.after(this);
  }

  /**
   * The exchange was answered 404: the caller's error, and in no denominator but that of the share
   * of such answers.
   */
  public void notFound() {
    if (counter == null || ended) {
      return;
    }
    counter.before(this);
    ended = true;
    notFound = true;
    counter.after(this);
  }

  private void learnLatency(long millis) {
    if (millis >= 0) {
      latencyMillis = Math.min(millis, LatencySnapshot.MOST_MILLIS);
      slow |= millis > limits.of(Metric.LATENCY_P95);
    }
  }

  private void learnCost(long nano) {
    if (nano >= 0) {
      costNano = Math.min(nano, MOST_COST);
    }
  }

  /** The limits that were in force when it began. */
  Thresholds limits() {
    return limits;
  }

  boolean isSampled() {
    return sampled;
  }

  boolean isKeyless() {
    return who == NOBODY;
  }

  Requester who() {
    return who;
  }

  String model() {
    return model;
  }

  /** Tells whether any fact is known: before that, nothing is added to any counter. */
  boolean isKnown() {
    return observed || ended;
  }

  boolean isObserved() {
    return observed;
  }

  boolean isSlow() {
    return slow;
  }

  boolean isSettled() {
    return settled;
  }

  /** It is a failure by itself, and no part of a blip: the sequential tests may see it. */
  void confirm() {
    counter.before(this);
    awaiting = false;
    counter.after(this);
  }

  long order() {
    return order;
  }

  boolean isSeen() {
    return settled && !dependent && !awaiting;
  }

  boolean isFailed() {
    return failed;
  }

  boolean isPriced() {
    return costNano >= 0;
  }

  boolean isUnpriced() {
    return unpriced;
  }

  boolean isNeutral() {
    return neutral;
  }

  boolean isThrottled() {
    return throttled;
  }

  boolean isNotFound() {
    return notFound;
  }

  /** Tells whether it is a stream whose first content has come. */
  boolean isStream() {
    return stream && isTimed();
  }

  boolean isTimed() {
    return latencyMillis >= 0;
  }

  long latencyMillis() {
    return latencyMillis;
  }

  long costNano() {
    return costNano;
  }
}
