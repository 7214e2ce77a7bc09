package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The leader's own exchanges at two other members, its deputies: if it dies, they tell the next
 * leader, whose judge takes each batch once. It has no clock. Single-threaded.
 *
 * @param <A> the address of a member
 */
final class ExchangeDeputies<A> {
  /** The member of an answer that names the process whose batches are taken, not the receiver. */
  static final String OF = "of";

  private static final long TELL_MILLIS = 1_000;

  /** Batches at once: the leader cuts one a second, and a new deputy gets all that there are. */
  private static final int MOST_AT_ONCE = 3;

  /** Leaders that died one after the other before another one was heard. */
  private static final int MOST_KEPT = 4;

  /** Without a step for so long, what this deputy lacks the other one lacks, too. */
  private static final long GAP_MILLIS = 10_000;

  /** By then the next leader has taken them, or is of a version that does not. */
  private static final long MOST_MILLIS = KeptBatches.KEPT_MILLIS;

  private final String self;
  private final Peers<A> peers;
  private final Consumer<ExchangeBatch> judge;
  private final BiConsumer<A, Frame> send;

  /** By the process that led. */
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  /** The number up to which each deputy has been told. */
  private final Map<A, Long> told = new HashMap<>();

  /** The last one to tell this leader of a process, by the process. */
  private final Map<String, A> tellers = new LinkedHashMap<>();

  private long toldAt = Long.MIN_VALUE / 2;

  /** The batches of a leader. */
  private static final class Kept {
    private final KeptBatches batches;

    /** The least number that the leader had itself when it was heard last. */
    private long base = 1;

    private long heardAt;

    /** The process that leads next, and since when it has been told without a step. */
    private String next = "";

    private long movedAt;

    private Kept(String source) {
      batches = new KeptBatches(source);
    }
  }

  /**
   * @param self this process
   * @param judge the judge of this process
   * @param send sends a frame to a member
   */
  ExchangeDeputies(
      String self, Peers<A> peers, Consumer<ExchangeBatch> judge, BiConsumer<A, Frame> send) {
    this.self = self;
    this.peers = peers;
    this.judge = judge;
    this.send = send;
  }

  /** Tells whether there is nobody who could be a deputy. */
  boolean isAlone(long nowMillis) {
    return deputies(nowMillis).isEmpty();
  }

  private List<A> deputies(long nowMillis) {
    return peers.first(Deputies.COUNT, Frame.EXCHANGES_SINCE, nowMillis);
  }

  /**
   * A few times a second.
   *
   * @param own the batches of this process
   */
  void tick(KeptBatches own, boolean leads, long nowMillis) {
    if (nowMillis - toldAt < TELL_MILLIS) {
      return;
    }
    toldAt = nowMillis;
    kept.values().removeIf(each -> nowMillis - each.heardAt > MOST_MILLIS);
    if (leads) {
      tellDeputies(own, nowMillis);
      kept.forEach(
          (process, each) -> {
            if (!speaks(process, nowMillis)) {
              untold(each, self, nowMillis).forEach(judge);
            }
          });
    } else {
      told.clear();
      tellers.clear();
      peers.leader(Frame.EXCHANGES_SINCE, nowMillis).ifPresent(to -> tellNext(to, nowMillis));
    }
  }

  private void tellDeputies(KeptBatches own, long nowMillis) {
    List<A> deputies = deputies(nowMillis);
    told.keySet().retainAll(peers.all());
    for (A deputy : deputies) {
      for (ExchangeBatch each : own.after(told.getOrDefault(deputy, 0L), MOST_AT_ONCE, nowMillis)) {
        send.accept(deputy, frame(each));
        told.put(deputy, each.number());
      }
    }
  }

  private static Frame frame(ExchangeBatch batch) {
    return Frame.of(Frame.Kind.EXCHANGES, ExchangesJson.write(batch, 0));
  }

  private void tellNext(A leader, long nowMillis) {
    String next = ClusterParts.source(peers.replica(leader));
    kept.forEach(
        (process, each) -> {
          // One that has just died may be in the view still: then it is told of later.
          if (!process.equals(next) && !speaks(process, nowMillis)) {
            untold(each, next, nowMillis).forEach(batch -> send.accept(leader, frame(batch)));
          }
        });
  }

  /** The other deputy may have what this one lacks: at first it says that all may still come. */
  private static List<ExchangeBatch> untold(Kept each, String next, long nowMillis) {
    KeptBatches batches = each.batches;
    if (!each.next.equals(next)) {
      each.next = next;
      each.movedAt = nowMillis;
      // Another leader may know less than the one before.
      batches.taken(batches.base() - 1, nowMillis);
    }
    List<ExchangeBatch> first = batches.after(batches.taken(), 1, nowMillis);
    boolean lacks = nowMillis - each.movedAt > GAP_MILLIS && !first.isEmpty();
    long base = lacks ? first.get(0).number() : each.base;
    return batches.untold(MOST_AT_ONCE, nowMillis).stream()
        .filter(batch -> batch.number() > 0)
        .map(batch -> batch.told(base, batch.ageMillis()))
        .toList();
  }

  /** A batch of the leader's own. */
  void keep(A leader, ExchangeBatch batch, long nowMillis) {
    if (peers.leader(nowMillis).filter(leader::equals).isEmpty()) {
      return;
    }
    Kept its = kept.computeIfAbsent(batch.source(), Kept::new);
    its.heardAt = nowMillis;
    its.base = batch.base();
    its.batches.forgetBefore(batch.base());
    its.batches.forget(nowMillis);
    if (batch.number() > its.batches.last()) {
      its.batches.add(batch, nowMillis - batch.ageMillis());
    }
    if (kept.size() > MOST_KEPT) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  /** A deputy tells of a leader that is gone. */
  void heardOfAnother(A from, ExchangeBatch batch, boolean leads, long nowMillis) {
    boolean member = peers.all().contains(from);
    if (leads && member && !speaks(batch.source(), nowMillis)) {
      tellers.remove(batch.source());
      tellers.put(batch.source(), from);
      if (tellers.size() > MOST_KEPT) {
        tellers.remove(tellers.keySet().iterator().next());
      }
      judge.accept(batch);
    }
  }

  /** Nobody else speaks for a member that is heard. */
  private boolean speaks(String process, long nowMillis) {
    return process.equals(self)
        || peers.sides(nowMillis).keySet().stream()
            .anyMatch(each -> process.equals(ClusterParts.source(each)));
  }

  /**
   * The own judge has the batches of another process up to one.
   *
   * @param answer as the process itself would be told
   */
  void taken(String process, JsonObject answer, long nowMillis) {
    answered(process, answer.getLong("to"), nowMillis);
    Optional.ofNullable(tellers.get(process))
        .ifPresent(
            teller ->
                send.accept(
                    teller, Frame.of(Frame.Kind.EXCHANGES_TAKEN, answer.copy().put(OF, process))));
  }

  /** The leader's judge has the batches of a process up to one. */
  void answered(String process, long upTo, long nowMillis) {
    Kept its = kept.get(process);
    if (its != null) {
      long before = its.batches.taken();
      // From the other deputy it may have more than this one knows.
      its.batches.taken(Math.min(upTo, its.batches.last()), nowMillis);
      its.movedAt = its.batches.taken() == before ? its.movedAt : nowMillis;
    }
  }
}
