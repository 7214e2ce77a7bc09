package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.window.SourceReport;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The leader's own rows at two other members, its deputies: what has passed through a leader that
 * dies is not lost, for they tell the next one. It has no clock. Single-threaded.
 *
 * @param <A> the address of a member
 */
final class Deputies<A> {
  static final int COUNT = 2;

  /** Leaders that died one after the other before another one was heard. */
  private static final int MOST_KEPT = 4;

  /** By then a leader that is heard has written its own checkpoint. */
  private static final long MOST_MILLIS = 120_000;

  private static final int TRIES = 3;
  private static final long TRY_MILLIS = 1_000;

  private final String self;
  private final Peers<A> peers;
  private final BiConsumer<A, Frame> send;
  private final Consumer<SourceReport> judge;
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  /** The last rows of a leader. */
  private static final class Kept {
    private final JsonObject rows;
    private final long heardAt;
    private int tries;
    private long triedAt = Long.MIN_VALUE / 2;

    private Kept(JsonObject rows, long heardAt) {
      this.rows = rows;
      this.heardAt = heardAt;
    }
  }

  /**
   * @param judge the judge of this process
   */
  Deputies(String self, Peers<A> peers, BiConsumer<A, Frame> send, Consumer<SourceReport> judge) {
    this.self = self;
    this.peers = peers;
    this.send = send;
    this.judge = judge;
  }

  /** The leader's own rows, by the leader. */
  void tell(JsonObject rows, long nowMillis) {
    peers
        .first(COUNT, Frame.SIDES_SINCE, nowMillis)
        .forEach(deputy -> send.accept(deputy, Frame.of(Frame.Kind.KEPT, rows)));
  }

  /**
   * The rows of a leader: of the one who sends them, to be kept, or of one that is gone, for the
   * next.
   *
   * @throws IllegalArgumentException if they are none
   */
  void heard(A from, JsonObject body, boolean leads, long nowMillis) {
    SourceReport report = RowsJson.read(body);
    if (leads) {
      take(report, nowMillis);
      return;
    }
    String replica = peers.replica(from);
    boolean its = report.source().equals(ClusterParts.source(replica));
    if (its && peers.leader(nowMillis).filter(from::equals).isPresent()) {
      kept.remove(replica);
      kept.put(replica, new Kept(body, nowMillis));
      if (kept.size() > MOST_KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
  }

  /** Nobody else speaks for a member that is heard; tells whether nobody does. */
  private boolean take(SourceReport report, long nowMillis) {
    boolean silent = !speaks(report.source(), nowMillis);
    if (silent) {
      judge.accept(new SourceReport(report.source(), report.rows(), List.of(), List.of(), true));
    }
    return silent;
  }

  private boolean speaks(String source, long nowMillis) {
    return source.equals(ClusterParts.source(self))
        || peers.sides(nowMillis).keySet().stream()
            .anyMatch(each -> source.equals(ClusterParts.source(each)));
  }

  /**
   * A few times a second: what is kept of a leader that is gone goes to the next one. One that has
   * just died may be in the view still, and so it is told of, and taken, later.
   */
  void tick(boolean leads, long nowMillis) {
    kept.values().removeIf(each -> nowMillis - each.heardAt > MOST_MILLIS);
    Optional<A> leader = peers.leader(Frame.SIDES_SINCE, nowMillis);
    if (leads) {
      kept.values().removeIf(each -> take(RowsJson.read(each.rows), nowMillis));
    } else if (leader.isPresent()) {
      kept.entrySet()
          .removeIf(
              each ->
                  !each.getKey().equals(peers.replica(leader.get()))
                      && !speaks(ClusterParts.source(each.getKey()), nowMillis)
                      && isTold(leader.get(), each.getValue(), nowMillis));
    }
  }

  private boolean isTold(A leader, Kept each, long nowMillis) {
    if (nowMillis - each.triedAt >= TRY_MILLIS) {
      each.triedAt = nowMillis;
      each.tries++;
      send.accept(leader, Frame.of(Frame.Kind.KEPT, each.rows));
    }
    return each.tries >= TRIES;
  }
}
