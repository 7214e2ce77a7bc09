package com.huntaze.rollout.judge.fleet;

import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.served.ServedExchange;
import java.util.List;

/**
 * Exchanges of one process that have ended, for the comparison with legacy and for the share
 * served. Deeply immutable: it crosses threads by reference.
 *
 * @param source the incarnation of the process
 * @param number counts the batches of the source from 1 on; 0 = nothing has ended, a sign of life
 * @param base the least number that the source still has: what is before it comes no more
 * @param ageMillis for how long the first of them has waited
 * @param compared in the order in which they ended
 * @param served those of which the split decides
 */
public record ExchangeBatch(
    String source,
    long number,
    long base,
    long ageMillis,
    List<Compared> compared,
    List<ServedExchange> served) {
  /** Copies the lists, so that the record never changes. */
  public ExchangeBatch {
    compared = List.copyOf(compared);
    served = List.copyOf(served);
  }

  /** A sign of life of a source that still has its batches from this number on. */
  public static ExchangeBatch none(String source, long base) {
    return new ExchangeBatch(source, 0, base, 0, List.of(), List.of());
  }

  /** The same as it is told now. */
  public ExchangeBatch told(long nowBase, long nowAgeMillis) {
    return new ExchangeBatch(source, number, nowBase, nowAgeMillis, compared, served);
  }

  /** The number of exchanges in it, those that are in both lists twice. */
  public int size() {
    return compared.size() + served.size();
  }
}
