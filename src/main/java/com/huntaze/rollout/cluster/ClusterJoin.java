package com.huntaze.rollout.cluster;

import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the other members, and leaves and joins once more if this voter orders the log and its disk
 * is full or slow, or if its log is not told any more. On the cluster's verticle.
 */
final class ClusterJoin {
  private static final Logger log = LoggerFactory.getLogger(ClusterJoin.class);
  private static final long RETRY_MILLIS = 500;
  private static final long AGAIN_MILLIS = 5_000;
  private static final int MOST_TRIES = 20;

  private final Vertx vertx;
  private final ClusterParts parts;
  private final Callable<ClusterChannel> opener;
  private final Runnable alone;
  private final HandOver handOver = new HandOver();

  /** {@code null} = not opened yet. */
  private ClusterChannel channel;

  /** True while it has left to let another voter order the log. */
  private boolean away;

  private long awaySince;
  private long probedAt;
  private boolean probing;
  private boolean toldAlone;
  private Future<Void> joining = Future.succeededFuture();
  private boolean ended;
  private final Counter rejoins;

  /**
   * @param opener makes a channel that is not connected yet; it may block
   * @param alone hears that this replica has no members around it for longer than a moment
   */
  ClusterJoin(Vertx vertx, ClusterParts parts, Callable<ClusterChannel> opener, Runnable alone) {
    this.vertx = vertx;
    this.parts = parts;
    this.opener = opener;
    this.alone = alone;
    this.rejoins =
        Counter.builder("rollout.cluster.rejoins")
            .description("Times that this one has left the other members to join them again.")
            .register(parts.registry());
  }

  /** The channel to the others; {@code null} = none was opened yet. */
  ClusterChannel channel() {
    return channel;
  }

  /**
   * Joins; fails if another voter of the same name stays there.
   *
   * @param opened takes the channel before it joins
   */
  Future<Void> first(Consumer<ClusterChannel> opened) {
    return open()
        .compose(
            ready -> {
              opened.accept(channel);
              return join(MOST_TRIES);
            });
  }

  private Future<Void> open() {
    return vertx
        .executeBlocking(opener, false)
        .map(
            opened -> {
              channel = opened;
              return null;
            });
  }

  /** A voter that was killed a moment ago is taken for one of the same name until it is missed. */
  private Future<Void> join(int tries) {
    if (ended) {
      return Future.failedFuture("it ends");
    }
    ClusterChannel opened = channel;
    return vertx
        .executeBlocking(() -> opened.connect(parts.settings().name()), false)
        .compose(
            joined -> {
              if (joined) {
                return Future.succeededFuture();
              }
              return tries == 1
                  ? Future.failedFuture(
                      "cluster.member: another voter %s is there (expected: a name for each)"
                          .formatted(parts.settings().member()))
                  : vertx.timer(RETRY_MILLIS).compose(again -> join(tries - 1));
            });
  }

  /**
   * A few times a second.
   *
   * @param others the other members that are there
   * @param leadersTerm the term that the leader tells of itself, 0 = nobody is heard who leads
   */
  void tick(int others, long leadersTerm) {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    if (away && !toldAlone && now - awaySince >= AGAIN_MILLIS) {
      toldAlone = true;
      alone.run();
    }
    if (parts.agreed() == null || away || ended) {
      return;
    }
    long waits = channel.waitsMillis();
    if (handOver.due(parts.agreed().orders(), waits, others, now)) {
      log.warn(
          "state.dir: {} has taken nothing of the voters' log in time for {} ms, so another voter is"
              + " to order it (expected: a disk with room, an fsync within 0.4 s)",
          parts.agreed().dir(),
          waits);
      leave(now);
    } else if (handOver.isBehind(parts.agreed().agreed().highest(), leadersTerm, now)) {
      log.warn(
          "The voters' log has told nothing of term {} for {} s: this replica joins again",
          leadersTerm,
          HandOver.BEHIND_MILLIS / 1_000);
      leave(now);
    } else if (now - probedAt >= AGAIN_MILLIS) {
      probe(now);
    }
  }

  /** One at a time: a disk that hangs must not take all threads that may block. */
  private void probe(long now) {
    if (probing) {
      return;
    }
    probing = true;
    probedAt = now;
    ClusterChannel probed = channel;
    vertx
        .executeBlocking(probed::isMended, false)
        .onComplete(asked -> probing = false)
        .onSuccess(mended -> mended(probed, mended));
  }

  /** Until it is read anew, JGroups knows entries that a log which has refused one has not. */
  private void mended(ClusterChannel probed, boolean mended) {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    if (mended && probed == channel && !away && !ended && handOver.mayLeave(now)) {
      log.info("state.dir: {} has room again; the voters' log is read anew", parts.agreed().dir());
      leave(now);
    }
  }

  private void leave(long now) {
    rejoins.increment();
    away = true;
    awaySince = now;
    toldAlone = false;
    joining = joinAgain().onComplete(joined -> away = false);
  }

  /**
   * By a channel of its own: who sends while JGroups leaves may wait for a member that has gone.
   * The replica serves on meanwhile, like any that is alone.
   */
  private Future<Void> joinAgain() {
    ClusterChannel closing = channel;
    return vertx
        .executeBlocking(
            () -> {
              closing.close();
              parts.agreed().beginsAgain();
              return null;
            },
            false)
        .compose(closed -> open())
        .compose(opened -> join(MOST_TRIES))
        .recover(
            failure -> {
              if (ended) {
                return Future.failedFuture(failure);
              }
              log.warn("Not in cluster {} again: {}", parts.settings().name(), failure.toString());
              return vertx.timer(AGAIN_MILLIS).compose(again -> joinAgain());
            });
  }

  /** Leaves for good, once it is not about to join again any more. */
  Future<Void> end() {
    ended = true;
    return joining
        .timeout(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .compose(
            settled -> {
              ClusterChannel closing = channel;
              return closing == null
                  ? Future.succeededFuture()
                  : vertx.executeBlocking(
                      () -> {
                        closing.close();
                        return null;
                      },
                      false);
            });
  }
}
