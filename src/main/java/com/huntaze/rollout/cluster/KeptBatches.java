package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The numbered batches of one process on their way to a judge. They are kept until it has them, and
 * for two minutes longer: its successor may not know of them. It has no clock. Single-threaded.
 */
final class KeptBatches {
  /**
   * More than the time between two checkpoints of a judge's, a minute and one of its looks, and the
   * seconds until a successor is heard.
   */
  static final long KEPT_MILLIS = 130_000;

  /** Without a word from the judge for so long, what he does not have is told again. */
  private static final long AGAIN_MILLIS = 3_000;

  private static final int MOST_BATCHES = 512;
  private static final int MOST_EXCHANGES = 32_768;

  private final String source;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private int exchanges;
  private long last;
  private long told;
  private long taken;
  private long movedAt;
  private long lost;

  /** A batch and the time at which its first exchange came. */
  private record Kept(ExchangeBatch batch, long sinceMillis) {}

  KeptBatches(String source) {
    this.source = source;
  }

  /** The number of the last batch, 0 = there was none. */
  long last() {
    return last;
  }

  /** The number of the last batch that the judge has. */
  long taken() {
    return taken;
  }

  /** A batch with a larger number than the last one. */
  void add(ExchangeBatch batch, long sinceMillis) {
    last = batch.number();
    kept.addLast(new Kept(batch, sinceMillis));
    exchanges += batch.size();
  }

  /** Makes room for another one. */
  void forget(long nowMillis) {
    while (!kept.isEmpty() && (isOver(kept.peekFirst(), nowMillis) || isFull())) {
      removeFirst();
    }
  }

  /** Forgets what the process itself has no more. */
  void forgetBefore(long base) {
    taken = Math.max(taken, base - 1);
    while (!kept.isEmpty() && kept.peekFirst().batch().number() < base) {
      removeFirst();
    }
  }

  private void removeFirst() {
    ExchangeBatch gone = kept.removeFirst().batch();
    exchanges -= gone.size();
    lost += gone.number() > taken ? gone.size() : 0;
  }

  private boolean isOver(Kept oldest, long nowMillis) {
    return oldest.batch().number() <= taken && nowMillis - oldest.sinceMillis() > KEPT_MILLIS;
  }

  private boolean isFull() {
    return kept.size() >= MOST_BATCHES || exchanges > MOST_EXCHANGES;
  }

  /** The number of the first batch that is still there. */
  long base() {
    return kept.isEmpty() ? last + 1 : kept.peekFirst().batch().number();
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
    List<ExchangeBatch> batches = after(told, most, nowMillis);
    if (batches.isEmpty()) {
      return List.of(ExchangeBatch.none(source, base()));
    }
    if (told <= taken) {
      movedAt = nowMillis;
    }
    told = batches.get(batches.size() - 1).number();
    return batches;
  }

  /** The batches behind a number, the oldest first, as they are told now. */
  List<ExchangeBatch> after(long number, int most, long nowMillis) {
    return kept.stream()
        .filter(each -> each.batch().number() > number)
        .limit(most)
        .map(each -> each.batch().told(base(), nowMillis - each.sinceMillis()))
        .toList();
  }

  /**
   * The judge has all batches up to this one; of a new judge these may be fewer than the last one
   * had.
   */
  void taken(long upTo, long nowMillis) {
    if (upTo < 0 || upTo > last || upTo == taken) {
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
