package com.huntaze.rollout.judge;

import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.window.SourceMark;
import com.huntaze.rollout.judge.window.StageTotals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The place up to which each process's batches are taken: one counts once and in its order, however
 * often it comes. Single-threaded.
 */
public final class BatchMarks {
  /** Of more processes, those heard least recently are forgotten: they have ended long ago. */
  static final int MOST = 256;

  /** Beside the sources of rows, in a checkpoint that earlier versions read, too. */
  private static final String PREFIX = "exchanges of ";

  private final Map<String, Long> taken = new LinkedHashMap<>(16, 0.75f, true);

  /** Returns whether a batch is the next one of its source, which is then taken. */
  public boolean take(ExchangeBatch batch) {
    long before = Math.max(of(batch.source()), batch.base() - 1);
    boolean next = batch.number() == before + 1;
    long now = next ? batch.number() : before;
    if (now > 0) {
      // Of a process that has served nobody there is nothing to keep.
      put(batch.source(), now);
    }
    return next;
  }

  /** The number of the last batch of a source that is taken, 0 = none is. */
  public long of(String source) {
    return taken.getOrDefault(source, 0L);
  }

  private void put(String source, long number) {
    taken.put(source, number);
    if (taken.size() > MOST) {
      taken.remove(taken.keySet().iterator().next());
    }
  }

  /** Returns the marks to keep over a restart, beside those of rows. */
  public List<SourceMark> beside(List<SourceMark> rows) {
    List<SourceMark> all = new ArrayList<>(rows);
    taken.forEach(
        (source, number) ->
            all.add(
                new SourceMark(
                    PREFIX + source, -1, 0, number, StageTotals.NONE, StageTotals.NONE)));
    return all;
  }

  /** Returns the marks of rows alone. */
  public static List<SourceMark> without(List<SourceMark> marks) {
    return marks.stream().filter(mark -> !mark.source().startsWith(PREFIX)).toList();
  }

  /** Goes on with the marks of a checkpoint; of those that are known the larger one stays. */
  public void restore(List<SourceMark> marks) {
    for (SourceMark mark : marks) {
      if (mark.source().startsWith(PREFIX)) {
        String source = mark.source().substring(PREFIX.length());
        put(source, Math.max(of(source), mark.version()));
      }
    }
  }
}
