package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.window.UserSampler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The exchanges of this process on their way to the judge of the fleet. They go in numbered batches
 * ({@link KeptBatches}).
 *
 * <p>Where the line has no room for all, a user's further ones of the same second are left out,
 * then those of half of the users, and of half of these, by a hash of the user: the same users at
 * every replica, whatever became of their requests. It is the hash by which the comparison itself
 * forgets users of whom there are too many.
 *
 * <p>It has no clock. Single-threaded.
 */
final class OwnExchanges {
  /** The level at which one user in 2^30 is left. */
  static final int MOST_LEVEL = 30;

  private static final int MOST_WAITING = 8_192;

  /** The first of a user's that a batch has, where it has no room for all. */
  private static final int MOST_OF_USER = 16;

  /** Kinds of exchanges in a batch that has no room for all: as many as have places, and a few. */
  private static final int MOST_KINDS = 40;

  private static final int FEWEST_KINDS = 4;

  /** Of the room for a batch, for each. */
  private static final int KIND_BYTES = 200;

  /** Batches with so much room left that twice the users would be too few to fill them. */
  private static final int ROOMY = 60;

  private static final int ROOMY_PART = 3;

  private final String source;
  private List<Compared> compared = new ArrayList<>();
  private List<ServedExchange> served = new ArrayList<>();
  private long waitingSince;
  private final KeptBatches kept;
  private int need;
  private int common;
  private int roomy;

  OwnExchanges(String source) {
    this.source = source;
    this.kept = new KeptBatches(source);
  }

  /** Exchanges of this process have ended. */
  void add(List<Compared> moreCompared, List<ServedExchange> moreServed, long nowMillis) {
    if (compared.isEmpty() && served.isEmpty()) {
      waitingSince = nowMillis;
    }
    moreCompared.stream().filter(each -> isOf(each, level())).forEach(compared::add);
    moreServed.stream().filter(each -> isOf(each, level())).forEach(served::add);
    if (compared.size() + served.size() > MOST_WAITING) {
      leaveOutMany();
    }
    while (compared.size() + served.size() > MOST_WAITING && level() < MOST_LEVEL) {
      leaveOutHalf();
    }
  }

  private static boolean isOf(Compared exchange, int level) {
    return isOf(exchange.origin().user(), level);
  }

  private static boolean isOf(ServedExchange exchange, int level) {
    return isOf(exchange.user(), level);
  }

  /** Tells whether a user is one of those that are left at a level: one in 2^level. */
  static boolean isOf(long user, int level) {
    return (UserSampler.mix(user) & (1L << level) - 1) == 0;
  }

  /**
   * Names that clients choose must not take the room of what they ask: only the most frequent ones
   * are told where it is scarce.
   */
  private void leaveOutNames(int room) {
    int most = Math.max(FEWEST_KINDS, Math.min(MOST_KINDS, room / KIND_BYTES));
    Map<ExchangeKind, Integer> counts = new LinkedHashMap<>();
    compared.forEach(each -> counts.merge(each.origin().kind(), 1, Integer::sum));
    if (counts.size() <= most) {
      return;
    }
    Set<ExchangeKind> kept =
        counts.entrySet().stream()
            .sorted(Map.Entry.<ExchangeKind, Integer>comparingByValue().reversed())
            .limit(most)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    compared.replaceAll(
        each ->
            kept.contains(each.origin().kind()) ? each : each.as(each.origin().kind().unnamed()));
  }

  /** One user with all of the traffic must not be left out himself. */
  private void leaveOutMany() {
    Map<Long, Integer> counts = new HashMap<>();
    compared.removeIf(each -> counts.merge(each.origin().user(), 1, Integer::sum) > MOST_OF_USER);
    counts.clear();
    served.removeIf(each -> counts.merge(each.user(), 1, Integer::sum) > MOST_OF_USER);
  }

  private void leaveOutHalf() {
    need = level() + 1;
    roomy = 0;
    thin();
  }

  private void thin() {
    compared.removeIf(each -> !isOf(each, level()));
    served.removeIf(each -> !isOf(each, level()));
  }

  /** The level by which users are left out: one in 2^level is told of. */
  int level() {
    return Math.max(need, common);
  }

  /** The level that this process's own line takes. */
  int need() {
    return need;
  }

  /** The level that the line of some process takes, so that all leave out the same users. */
  void common(int level) {
    common = level;
  }

  /**
   * Makes a batch of all that has ended.
   *
   * @param room bytes that it may have on its way
   */
  Optional<ExchangeBatch> cut(int room, long nowMillis) {
    thin();
    ExchangeBatch batch = batch(nowMillis);
    int bytes = room == Integer.MAX_VALUE ? 0 : ExchangesJson.bytes(batch, room);
    if (bytes > room) {
      leaveOutNames(room);
      batch = batch(nowMillis);
      bytes = ExchangesJson.bytes(batch, room);
    }
    if (bytes > room) {
      leaveOutMany();
      batch = batch(nowMillis);
      bytes = ExchangesJson.bytes(batch, room);
    }
    while (bytes > room && level() < MOST_LEVEL) {
      leaveOutHalf();
      batch = batch(nowMillis);
      bytes = ExchangesJson.bytes(batch, room);
    }
    roomy = bytes * ROOMY_PART < room ? roomy + 1 : 0;
    if (roomy >= ROOMY) {
      roomy = 0;
      need = Math.max(0, need - 1);
    }
    compared = new ArrayList<>();
    served = new ArrayList<>();
    kept.forget(nowMillis);
    if (batch.size() == 0) {
      return Optional.empty();
    }
    kept.add(batch, waitingSince);
    return Optional.of(batch);
  }

  private ExchangeBatch batch(long nowMillis) {
    return new ExchangeBatch(
        source, kept.last() + 1, kept.base(), nowMillis - waitingSince, compared, served);
  }

  /** The batches that were cut. */
  KeptBatches kept() {
    return kept;
  }
}
