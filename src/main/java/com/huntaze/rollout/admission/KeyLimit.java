package com.huntaze.rollout.admission;

import com.huntaze.rollout.quota.Part;
import com.huntaze.rollout.quota.SharedLimit;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * The rate of one key: a token bucket, of which another replica may have a part. A part that grows
 * brings no tokens with it, and one that gets smaller takes them away, so that the tokens of all
 * replicas are never more than one replica's would be.
 */
final class KeyLimit implements SharedLimit {
  /** A part that differs by less is the same. */
  private static final double SAME = 0.01;

  private static final int NAME_DIGITS = 12;

  private final String id;
  private final long perSecond;
  private final long burst;
  private final Bucket bucket;
  private final LongAdder asked = new LongAdder();
  private String name;
  private volatile Part part;

  /**
   * A bucket that is full.
   *
   * @param replicas among whom it is divided equally at first
   */
  KeyLimit(String id, long perSecond, long burst, int replicas, TimeMeter clock) {
    this.id = id;
    this.perSecond = perSecond;
    this.burst = burst;
    part = new Part(1.0 / replicas, Math.max(1, burst / replicas));
    bucket = Bucket.builder().addLimit(bandwidth(part)).withCustomTimePrecision(clock).build();
  }

  private Bandwidth bandwidth(Part of) {
    return Bandwidth.builder()
        .capacity(of.atOnce() * REQUEST)
        .refillGreedy(
            Math.max(1, Math.round(of.share() * perSecond * REQUEST)), Duration.ofSeconds(1))
        .build();
  }

  /** Takes one request; {@code null} = there is no part of it here. */
  ConsumptionProbe take() {
    asked.increment();
    return part.atOnce() == 0 ? null : bucket.tryConsumeAndReturnRemaining(REQUEST);
  }

  /** The whole requests that are left after one. */
  static long remaining(ConsumptionProbe probe) {
    return probe.getRemainingTokens() / REQUEST;
  }

  boolean isOf(long rate, long atOnce) {
    return perSecond == rate && burst == atOnce;
  }

  /** Not the key's id, which is a client's name. */
  @Override
  public String name() {
    if (name == null) {
      name = ApiKeys.sha256("limit of " + id).substring(0, NAME_DIGITS);
    }
    return name;
  }

  @Override
  public String label() {
    return "key:" + id;
  }

  @Override
  public double share() {
    return part.share();
  }

  @Override
  public long perSecond() {
    return perSecond;
  }

  @Override
  public long atOnce() {
    return burst;
  }

  @Override
  public Rule rule() {
    return Rule.BY_NEED;
  }

  @Override
  public long asked() {
    return asked.sum();
  }

  @Override
  public boolean lends() {
    return true;
  }

  @Override
  public long free() {
    return part.atOnce() == 0 ? 0 : bucket.getAvailableTokens();
  }

  @Override
  public long room() {
    return Math.max(0, part.atOnce() * REQUEST - bucket.getAvailableTokens());
  }

  @Override
  public boolean give(long thousandths) {
    return bucket.tryConsume(thousandths);
  }

  @Override
  public void receive(long thousandths) {
    bucket.addTokens(thousandths);
  }

  @Override
  public void part(Part now) {
    Part before = part;
    if (before.atOnce() == now.atOnce()
        && Math.abs(before.share() - now.share()) < SAME * now.share()) {
      return;
    }
    if (before.atOnce() == 0) {
      // What it has been filled with meanwhile is others'.
      bucket.tryConsumeAsMuchAsPossible();
    }
    if (now.atOnce() > 0) {
      bucket.replaceConfiguration(
          BucketConfiguration.builder().addLimit(bandwidth(now)).build(),
          TokensInheritanceStrategy.AS_IS);
    }
    part = now;
  }
}
