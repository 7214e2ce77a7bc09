package com.huntaze.rollout.cluster;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.JudgeCheckpoint;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.window.SourceReport;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Replicas in virtual time, each with the judge of its own: the exchanges of all go to the judge of
 * the one that leads, over a line that loses, doubles and delays frames as a test wants.
 */
final class FleetOfJudges {
  static final String EPOCH = "1-a";

  private static final long TICK_MILLIS = 250;
  private static final long JUDGE_MILLIS = 1_000;
  private static final long CHECKPOINT_MILLIS = 20_000;
  private static final long BUS_MILLIS = 2;

  private final List<Replica> replicas = new ArrayList<>();
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::atMillis).thenComparingLong(Due::number));
  private BiFunction<Frame.Kind, Long, List<Long>> line = (kind, at) -> List.of(20L);
  private JudgeCheckpoint checkpoint;
  private HealthMetrics metrics;
  private int leader;
  private int minor = Frame.MINOR;
  private long lingers;
  private long events;
  private long now = 1_000;
  private long bytes;
  private final List<Long> tickNanos = new ArrayList<>();

  private record Due(long atMillis, long number, Runnable run) {}

  FleetOfJudges(int count) {
    for (int i = 0; i < count; i++) {
      replicas.add(new Replica(i));
    }
  }

  /** A replica; it comes back as another process. */
  private final class Replica {
    private final int index;
    private final Peers<Integer> peers = new Peers<>();
    private int incarnation;
    private String name;
    private boolean runs = true;
    private long diedAt;
    private ExchangeDesk<Integer> desk;
    private HealthJudge judge;

    private Replica(int index) {
      this.index = index;
      begin();
    }

    private void begin() {
      name = index + "-" + incarnation++;
      desk = new ExchangeDesk<>(ClusterParts.source(name), peers, this::judged, this::send);
      judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
      judge.stageBegan(EPOCH, 0, 0, now);
    }

    private boolean leads() {
      return index == leader;
    }

    private void judged(ExchangeBatch batch) {
      HealthJudge of = judge;
      after(
          BUS_MILLIS,
          () -> {
            if (runs && of == judge) {
              JsonObject taken =
                  new JsonObject().put("source", batch.source()).put("to", judge.take(batch));
              after(BUS_MILLIS, () -> desk.taken(taken, leads(), now));
            }
          });
    }

    private void send(Integer to, Frame frame) {
      byte[] encoded = frame.encode();
      bytes += encoded.length;
      for (long delay : line.apply(frame.kind(), now)) {
        after(delay, () -> replicas.get(to).received(index, encoded));
      }
    }

    private void received(int from, byte[] encoded) {
      if (!runs) {
        return;
      }
      try {
        Frame frame = Frame.decode(encoded).orElseThrow();
        if (frame.kind() == Frame.Kind.EXCHANGES) {
          desk.heard(from, frame.body(), leads(), now);
        } else {
          desk.answered(from, frame.body(), leads(), now);
        }
      } catch (Frame.StrangeFrameException strange) {
        throw new AssertionError(strange);
      }
    }

    private boolean isMember() {
      return runs || now < diedAt + lingers;
    }

    private void hear() {
      List<Integer> others =
          IntStream.range(0, replicas.size())
              .filter(each -> each != index && replicas.get(each).isMember())
              .boxed()
              .toList();
      peers.members(others, now);
      others.stream()
          .filter(each -> replicas.get(each).runs)
          .forEach(
              each ->
                  peers.status(
                      each,
                      new JsonObject()
                          .put("replica", replicas.get(each).name)
                          .put("leads", each == leader)
                          .put("term", 1L),
                      minor,
                      now));
    }
  }

  private void after(long millis, Runnable run) {
    due.add(new Due(now + millis, ++events, run));
  }

  /** The delays with which a frame that is sent at a moment comes; none = it is lost. */
  void line(BiFunction<Frame.Kind, Long, List<Long>> delays) {
    line = delays;
  }

  /** All of them send frames of a minor version. */
  void minor(int version) {
    minor = version;
  }

  /** An exchange ends at a replica. */
  void ended(int replica, Compared exchange, ServedExchange served) {
    Replica at = replicas.get(replica);
    if (at.runs) {
      at.desk.own(
          new SourceReport("loop", List.of(), List.of(exchange), List.of(served), false), now);
    }
  }

  /** Time goes by. */
  void pass(long millis) {
    for (long end = now + millis; now < end; now++) {
      while (!due.isEmpty() && due.peek().atMillis() <= now) {
        due.remove().run().run();
      }
      for (Replica each : replicas) {
        // Not all at once.
        if (each.runs && (now + 7L * each.index) % TICK_MILLIS == 0) {
          each.hear();
          each.desk.tick(each.leads(), now);
        }
      }
      Replica leads = replicas.get(leader);
      if (leads.runs && now % JUDGE_MILLIS == 0) {
        long begun = System.nanoTime();
        metrics = leads.judge.tick(now, BreakerFacts.CLOSED);
        tickNanos.add(System.nanoTime() - begun);
      }
      if (leads.runs && now % CHECKPOINT_MILLIS == 0) {
        checkpoint = leads.judge.checkpoint();
      }
    }
  }

  /** A process is no more. */
  void kill(int replica) {
    replicas.get(replica).runs = false;
    replicas.get(replica).diedAt = now;
  }

  /** A process that is no more stays a member for so long. */
  void linger(long millis) {
    lingers = millis;
  }

  /** It is started again, as another process. */
  void restart(int replica) {
    Replica again = replicas.get(replica);
    again.runs = true;
    again.begin();
  }

  /** Another one leads from now on, with the last checkpoint. */
  void lead(int replica) {
    leader = replica;
    Replica leads = replicas.get(replica);
    leads.judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    leads.judge.stageBegan(EPOCH, 0, 0, now);
    if (checkpoint != null) {
      leads.judge.restore(checkpoint, now);
    }
  }

  /** The leader's figures at its last tick. */
  HealthMetrics metrics() {
    return metrics;
  }

  /** The leader's knowledge now. */
  JudgeCheckpoint knowledge() {
    return replicas.get(leader).judge.checkpoint();
  }

  long comparedOneIn(int replica) {
    return replicas.get(replica).desk.comparedOneIn();
  }

  /** The followers' rows come. */
  void rows() {
    Peers<Integer> peers = replicas.get(leader).peers;
    peers.all().forEach(each -> peers.row(each, "replica-" + peers.replica(each), now));
  }

  List<String> missing() {
    return replicas.get(leader).peers.missing(0, now);
  }

  long now() {
    return now;
  }

  /** The bytes that have gone over all lines, without the headers of TCP and TLS. */
  long bytes() {
    return bytes;
  }

  /** The users whom the leader's judge knows, as far as a checkpoint has them. */
  List<Long> users() {
    return knowledge().differences().users().values().stream()
        .flatMap(List::stream)
        .map(text -> Long.parseLong(text.split("[ /]")[0], Character.MAX_RADIX))
        .toList();
  }

  /** The median time of the leader's ticks. */
  Duration tick() {
    return Duration.ofNanos(tickNanos.stream().sorted().toList().get(tickNanos.size() / 2));
  }
}
