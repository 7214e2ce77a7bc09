package com.huntaze.rollout.judge.served;

import com.huntaze.rollout.judge.served.ServedExchange.Share;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds the share of the users whom Foundry serves against the share that is set, in one stage.
 *
 * <p>Each user counts once, by his latest request: a heavy one is one, and what has changed since
 * is seen. Two things are asked, each where it matters: whether the split chooses Foundry for as
 * many users as was set, and whether Foundry serves those. A user's side is chosen by a hash that
 * knows nothing of him, so of n users Foundry has a binomial number; the chance that it has so few
 * (or so many) where the share is at the edge of what is allowed is at most exp(−n·KL) (Chernoff's
 * bound), and the same holds for those whom it serves. The k-th look is believed at
 * alpha/(k·(k+1)), which sums up to alpha over however many looks.
 *
 * <p>No clock and no chance in it; single-threaded.
 */
public final class ShareTest {
  /** The exchanges before the first look. */
  private static final int FIRST = 50;

  private static final double GROWTH = 1.25;

  /** A late change must not wait for a quarter of a long stage. */
  private static final long LONGEST_MILLIS = 3_600_000;

  private static final int MOST = 4_096;

  private final double alpha;
  private final Map<Long, Serving> latest = new HashMap<>();
  private final Map<Serving, Integer> users = new EnumMap<>(Serving.class);
  private Share share = Share.NONE;
  private String epoch = "";
  private int stage = -1;
  private int level;
  private int looks;
  private long exchanges;
  private long next = FIRST;
  private long lookedAt;
  private double lnChance;
  private double lnNeeded;
  private boolean off;
  private ServedShare published = ServedShare.NONE;
  private boolean changed;

  /** A test that is wrong with at most this chance in one stage. */
  public ShareTest(double alpha) {
    this.alpha = alpha;
  }

  /** A stage has begun, or the canary has come back to it. */
  public void stageBegan(String newEpoch, int newStage) {
    epoch = newEpoch;
    stage = newStage;
    looks = 0;
    begin(Share.NONE);
  }

  /** Begins anew: another share says nothing of this one; the looks that were taken stay. */
  private void begin(Share with) {
    share = with;
    latest.clear();
    users.clear();
    level = 0;
    exchanges = 0;
    next = FIRST;
    lnChance = 0;
    lnNeeded = 0;
    off = false;
    changed = true;
  }

  /** An exchange has ended; one of another stage, or of a share before, is history. */
  public void add(ServedExchange exchange) {
    Share its = exchange.share();
    if (its.stage() != stage || !its.epoch().equals(epoch)) {
      return;
    }
    if (!its.isAs(share)) {
      if (its.number() <= share.number()) {
        return;
      }
      begin(its);
    }
    exchanges++;
    if (isKept(exchange.user())) {
      count(exchange.user(), exchange.serving());
    }
  }

  private void count(long user, Serving serving) {
    Serving before = latest.put(user, serving);
    if (before != serving) {
      changed = true;
      users.merge(serving, 1, Integer::sum);
      if (before != null) {
        users.merge(before, -1, Integer::sum);
      }
    }
    while (latest.size() > MOST) {
      level++;
      latest.keySet().removeIf(one -> !isKept(one));
      users.clear();
      latest.values().forEach(each -> users.merge(each, 1, Integer::sum));
    }
  }

  /** Whoever is kept of many is a fair sample: by a hash that is not the split's. */
  private boolean isKept(long user) {
    return (mix(user) & (1L << level) - 1) == 0;
  }

  /**
   * Takes a look if one is due.
   *
   * @param elapsed milliseconds that the rollout has been judged
   */
  public ServedShare tick(long elapsed) {
    boolean due = exchanges >= next || exchanges > 0 && elapsed - lookedAt >= LONGEST_MILLIS;
    if (!due && !changed) {
      return published;
    }
    ServedShare now = figures();
    if (due) {
      lookedAt = elapsed;
      next = (long) Math.ceil(GROWTH * Math.max(FIRST, exchanges));
      look(now);
    }
    off &= !now.isAllowed(now.served());
    published = figures();
    changed = false;
    return published;
  }

  private ServedShare figures() {
    return new ServedShare(share.percentage(), users, lnChance, lnNeeded, off);
  }

  private void look(ServedShare now) {
    if (share.percentage() <= 0 || now.all() == 0) {
      return;
    }
    looks++;
    lnNeeded = Math.log(alpha / looks / (looks + 1));
    lnChance = lnChance(now);
    off = lnChance <= lnNeeded;
  }

  /** Three things could have been found: too few chosen, too many, too few of them served. */
  private static double lnChance(ServedShare now) {
    if (now.isAllowed(now.served())) {
      return 0;
    }
    double chosen = now.chosenShare();
    double edge = chosen < now.set() ? now.least() : now.most();
    double ofSplit = now.isAllowed(chosen) ? 0 : now.all() * divergence(chosen, edge);
    double kept = now.keptShare();
    double ofServing =
        kept < ServedShare.LEAST ? now.chosen() * divergence(kept, ServedShare.LEAST) : 0;
    return Math.min(0, Math.log(3) - Math.max(ofSplit, ofServing));
  }

  /** The divergence of Kullback and Leibler of two shares, nats; the second is none of 0 and 1. */
  private static double divergence(double share, double from) {
    return times(share, share / from) + times(1 - share, (1 - share) / (1 - from));
  }

  private static double times(double weight, double of) {
    return weight <= 0 ? 0 : weight * Math.log(of);
  }

  /** The number of looks that were taken in this stage, to keep over a restart. */
  public int looks() {
    return looks;
  }

  /** Goes on in the same stage after so many looks, which are spent. */
  public void restore(int taken) {
    looks = Math.max(looks, taken);
  }

  /** Stafford's variant 13 of the MurmurHash3 finaliser. */
  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }
}
