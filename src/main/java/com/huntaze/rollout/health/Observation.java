package com.huntaze.rollout.health;

/**
 * One exchange that chose a provider, as the judge sees it. Its facts arrive at different times and
 * each counts once, in the stage in which the exchange began: that it is slow, at the moment it
 * passes the limit; its fate; its latency and cost, with the fate or later. An exchange without any
 * of these, such as one whose client left early, is in no denominator.
 *
 * <p>Made by {@link ObservationCounter}, for the thread of that counter.
 */
public final class Observation {
  /** A latency or cost that is not known. */
  public static final long UNKNOWN = -1;

  private final ProviderCounter counter;
  private final Thresholds thresholds;
  private final long keyHash;
  private final boolean keyless;
  private final boolean sampled;

  private String model;
  private boolean observed;
  private boolean slow;
  private boolean ended;
  private boolean timed;
  private boolean priced;

  /**
   * @param counter what counts it, {@code null} = nothing does
   */
  Observation(
      ProviderCounter counter,
      Thresholds thresholds,
      boolean keyless,
      long keyHash,
      boolean sampled) {
    this.counter = counter;
    this.thresholds = thresholds;
    this.keyless = keyless;
    this.keyHash = keyHash;
    this.sampled = sampled;
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
    slow = true;
    observe();
    counter.slow(this);
  }

  /**
   * The exchange's fate is known: the first attempt failed, or it succeeded.
   *
   * @param latencyMillis to the first content, {@link #UNKNOWN} = not known (yet)
   * @param costNano nano-USD, {@link #UNKNOWN} = not known; a success that has none now never gets
   *     one, an error may
   * @param model the model that answered, {@code null} = not known
   */
  public void settle(boolean success, long latencyMillis, long costNano, String model) {
    if (counter == null || ended) {
      return;
    }
    ended = true;
    this.model = model;
    observe();
    counter.settled(this, success);
    latency(latencyMillis);
    cost(costNano);
    if (success && !priced) {
      priced = true;
      counter.unpriced(this);
    }
  }

  /** The latency of a settled exchange, where it was not known then; milliseconds. */
  public void latency(long millis) {
    if (counter == null || !ended || timed || millis < 0) {
      return;
    }
    timed = true;
    counter.latency(this, millis);
    if (millis > thresholds.latencyMillis()) {
      slow();
    }
  }

  /** The cost of a settled exchange, where it was not known then; nano-USD. */
  public void cost(long nano) {
    if (counter == null || !ended || priced || nano < 0) {
      return;
    }
    priced = true;
    counter.cost(this, nano, thresholds.costNano());
  }

  /**
   * The exchange ended without a fate that is the provider's, but has a metric of its own. That it
   * was slow stays counted.
   *
   * @param throttled whether the provider refused it by its own limit
   */
  public void neutral(boolean throttled) {
    if (counter == null || ended) {
      return;
    }
    ended = true;
    timed = true;
    priced = true;
    counter.neutral(throttled);
  }

  /**
   * The exchange was answered 404: the caller's error, and in no denominator but that of the share
   * of such answers.
   */
  public void notFound() {
    if (counter == null || ended) {
      return;
    }
    ended = true;
    timed = true;
    priced = true;
    counter.notFound(this);
  }

  private void observe() {
    if (!observed) {
      observed = true;
      counter.observed(this);
    }
  }

  boolean isSampled() {
    return sampled;
  }

  boolean isKeyless() {
    return keyless;
  }

  long keyHash() {
    return keyHash;
  }

  String model() {
    return model;
  }
}
