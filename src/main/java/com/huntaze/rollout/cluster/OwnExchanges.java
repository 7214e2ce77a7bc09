package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.window.UserSampler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The exchanges of this process on their way to the judge of the fleet. They go in numbered
 * batches, which are kept until it has them, and for a minute longer: its successor may not know of
 * them.
 *
 * <p>Where the line has no room for all, a user's further ones of the same second are left out,
 * then those of half of the users, and of half of these, by a hash of the user: the same users at
 * every replica, whatever became of their requests. It is the hash by which the comparison itself
 * forgets users of whom there are too many.
 *
 * <p>It has no clock. Single-threaded.
 */
final class OwnExchanges {
  /**
   * More than the time between two checkpoints of a judge's, a minute and one of its looks, and the
   * seconds until a successor is heard.
   */
  static final long KEPT_MILLIS = 130_000;

  /** The level at which one user in 2^30 is left. */
  static final int MOST_LEVEL = 30;

  /** Without a word from the judge for so long, what he does not have is told again. */
  private static final long AGAIN_MILLIS = 3_000;

  private static final int MOST_WAITING = 8_192;

  /** The first of a user's that a batch has, where it has no room for all. */
  private static final int MOST_OF_USER = 16;

  /** Kinds of exchanges in a batch that has no room for all: as many as have places, and a few. */
  private static final int MOST_KINDS = 40;

  private static final int FEWEST_KINDS = 4;

  /** Of the room for a batch, for each. */
  private static final int KIND_BYTES = 200;

  private static final int MOST_BATCHES = 512;
  private static final int MOST_KEPT = 32_768;

  /** Batches with so much room left that twice the users would be too few to fill them. */
  private static final int ROOMY = 60;

  private static final int ROOMY_PART = 3;

  private final String source;
  private List<Compared> compared = new ArrayList<>();
  private List<ServedExchange> served = new ArrayList<>();
  private long waitingSince;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private int keptSize;
  private long number;
  private long told;
  private long taken;
  private long movedAt;
  private int need;
  private int common;
  private int roomy;
  private long lost;

  /** A batch and the time at which its first exchange came. */
  private record Kept(ExchangeBatch batch, long sinceMillis) {}

  OwnExchanges(String source) {
    this.source = source;
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
    forget(nowMillis);
    if (batch.size() == 0) {
      return Optional.empty();
    }
    number++;
    kept.addLast(new Kept(batch, waitingSince));
    keptSize += batch.size();
    return Optional.of(batch);
  }

  private ExchangeBatch batch(long nowMillis) {
    return new ExchangeBatch(
        source, number + 1, base(), nowMillis - waitingSince, compared, served);
  }

  private void forget(long nowMillis) {
    while (!kept.isEmpty() && (isOver(kept.peekFirst(), nowMillis) || isFull())) {
      ExchangeBatch gone = kept.removeFirst().batch();
      keptSize -= gone.size();
      lost += gone.number() > taken ? gone.size() : 0;
    }
  }

  private boolean isOver(Kept oldest, long nowMillis) {
    return oldest.batch().number() <= taken && nowMillis - oldest.sinceMillis() > KEPT_MILLIS;
  }

  private boolean isFull() {
    return kept.size() >= MOST_BATCHES || keptSize > MOST_KEPT;
  }

  private long base() {
    return kept.isEmpty() ? number + 1 : kept.peekFirst().batch().number();
  }

  /**
   * The batches to tell the judge now, the oldest first, or a sign of life.
   *
   * @param most how many
   */
  List<ExchangeBatch> untold(int most, long nowMillis) {
    if (told > taken && nowMillis - movedAt > AGAIN_MILLIS) {
      movedAt = nowMillis;
      told = taken;
    }
    List<ExchangeBatch> batches =
        kept.stream()
            .filter(each -> each.batch().number() > told)
            .limit(most)
            .map(each -> each.batch().told(base(), nowMillis - each.sinceMillis()))
            .toList();
    if (batches.isEmpty()) {
      return List.of(ExchangeBatch.none(source, base()));
    }
    if (told <= taken) {
      movedAt = nowMillis;
    }
    told = batches.get(batches.size() - 1).number();
    return batches;
  }

  /**
   * The judge has all batches up to this one; of a new judge these may be fewer than the last one
   * had.
   */
  void taken(long upTo, long nowMillis) {
    if (upTo < 0 || upTo > number || upTo == taken) {
      return;
    }
    movedAt = nowMillis;
    if (upTo < taken || told < upTo) {
      told = upTo;
    }
    taken = upTo;
  }

  /** Returns how many exchanges nobody has taken in time, since the call before. */
  long lost() {
    long since = lost;
    lost = 0;
    return since;
  }
}
