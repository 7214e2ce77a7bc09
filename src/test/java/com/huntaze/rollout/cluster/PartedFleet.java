package com.huntaze.rollout.cluster;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.JudgeCheckpoint;
import com.huntaze.rollout.judge.RollbackController;
import com.huntaze.rollout.judge.Standing;
import com.huntaze.rollout.judge.fleet.SideEvidence;
import com.huntaze.rollout.judge.sequential.SequentialState;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Replicas in virtual time with the judge, the rows, the sides and the deputies of each, and a line
 * between them that delays, loses, parts and heals by a seed. Who leads is told by a lease in a
 * directory that all can reach: it is free four seconds after its holder has gone.
 */
final class PartedFleet {
  static final String EPOCH = "1-a";

  private static final long STEP_MILLIS = 250;
  private static final long LEASE_MILLIS = 4_000;

  /** Failure detection takes so long until a member is no more in the view. */
  private static final long VIEW_MILLIS = 4_000;

  /** The state in the directory is written anew when the evidence has moved, and so often. */
  private static final long CHECKPOINT_MILLIS = 60_000;

  private static final double MOVED_NATS = 0.5;
  private static final int USERS = 600;

  private final SplittableRandom chance;
  private final long judgeMillis;
  private final List<Replica> replicas = new ArrayList<>();
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
  private final int[] sides;
  private final long[][] heardAt;
  private final Map<Integer, JudgeCheckpoint> told = new HashMap<>();
  private JudgeCheckpoint written;
  private double writtenLnE;
  private long writtenAt;
  private double perSecond = 1;
  private double errors;
  private double loss;
  private int leader;
  private long leaderGoneAt = Long.MIN_VALUE;
  private long now = 1_000;
  private long events;
  private long asked;
  private long bytes;
  private String rolledBackBy = "";
  private final List<Long> tickNanos = new ArrayList<>();

  private record Due(long at, long number, Runnable run) {}

  /**
   * @param judgeMillis between two looks of a judge
   */
  PartedFleet(int count, long seed, long judgeMillis) {
    chance = new SplittableRandom(seed);
    this.judgeMillis = judgeMillis;
    sides = new int[count];
    heardAt = new long[count][count];
    for (int i = 0; i < count; i++) {
      replicas.add(new Replica(i));
    }
  }

  /** A replica; it comes back as another process. */
  private final class Replica implements SideDesk.Judge {
    private final int index;
    private final RollbackController controller =
        new RollbackController(Health.DEFAULTS, Health.PLAN);
    private int incarnation;
    private boolean runs = true;
    private String name;
    private Peers<Integer> peers;
    private SideDesk<Integer> desk;
    private Deputies<Integer> deputies;
    private OwnRows rows;
    private ObservationCounter counter;
    private HealthJudge judge;
    private HealthMetrics metrics;
    private SequentialState begun;
    private double share = 1;
    private boolean led;

    private Replica(int index) {
      this.index = index;
      begin();
    }

    private void begin() {
      name = "%03d-%d".formatted(index, incarnation++);
      peers = new Peers<>();
      desk = new SideDesk<>(name, peers, this, this::send, now);
      deputies = new Deputies<>(name, peers, this::send, this::judged);
      rows = new OwnRows(ClusterParts.source(name));
      counter = new ObservationCounter("loop", Thresholds.of(Health.DEFAULTS));
      counter.began(EPOCH, 0);
      begun = null;
      led = false;
      anew(null);
    }

    private boolean leads() {
      return index == leader;
    }

    /** The same as a process does that judges for others from now on, or no more. */
    private void anew(JudgeCheckpoint from) {
      HealthJudge before = judge;
      judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
      judge.stageBegan(EPOCH, 0, 0, now);
      if (before != null) {
        judge.hear(before, now);
      }
      if (from != null) {
        judge.restore(from, now);
      }
      judge.share(standing() == Standing.FOLLOWER ? 1 : share);
    }

    private Standing standing() {
      if (leads()) {
        return Standing.LEADER;
      }
      return begun == null ? Standing.FOLLOWER : Standing.SIDE;
    }

    @Override
    public void place(boolean judges, double of) {
      share = of;
      if (judges && begun == null && !leads()) {
        anew(written == null ? null : written.ofLimits());
        begun = judge.checkpoint().sequential();
      } else if (!judges && begun != null) {
        begun = null;
        anew(null);
      }
      judge.share(standing() == Standing.FOLLOWER ? 1 : share);
    }

    @Override
    public Future<SideEvidence> found() {
      if (begun == null) {
        return Future.failedFuture("judges for no side");
      }
      judge();
      JudgeCheckpoint known = judge.checkpoint().ofLimits();
      told.put(told.size(), known.with(known.sequential().since(begun)));
      List<SourceReport> reports =
          judge.rows().stream()
              .collect(Collectors.groupingBy(MetricsRow::source))
              .entrySet()
              .stream()
              .map(
                  each ->
                      new SourceReport(each.getKey(), each.getValue(), List.of(), List.of(), false))
              .toList();
      return Future.succeededFuture(
          new SideEvidence(share, Map.of("at", told.size() - 1), reports));
    }

    @Override
    public Future<?> meet(SideEvidence its) {
      if (standing() == Standing.FOLLOWER) {
        return Future.failedFuture("judges for nobody else");
      }
      judge();
      List<MetricsRow> all = its.rows().stream().flatMap(each -> each.rows().stream()).toList();
      JudgeCheckpoint known = told.get(((Number) its.knowledge().get("at")).intValue());
      judge.meet(known, its.share(), all, now);
      return Future.succeededFuture();
    }

    private void judged(SourceReport report) {
      report.rows().forEach(row -> judge.take(row, now));
      if (report.last()) {
        judge.retire(report.source());
      }
    }

    private void judge() {
      long nanos = System.nanoTime();
      metrics = judge.tick(now, BreakerFacts.CLOSED);
      boolean rollback = controller.checkHealth(metrics, standing()).isRollback();
      if (leads()) {
        tickNanos.add(System.nanoTime() - nanos);
      }
      if (rollback && rolledBackBy.isEmpty()) {
        rolledBackBy = "%s (%s)".formatted(name, standing());
      }
      double lnE = metrics.sequential().of(Metric.ERROR_RATE).lnE();
      boolean moved = Math.abs(lnE - writtenLnE) >= MOVED_NATS;
      if (leads() && (moved || now - writtenAt >= CHECKPOINT_MILLIS)) {
        written = judge.checkpoint();
        writtenLnE = lnE;
        writtenAt = now;
        judge.handOn();
      }
    }

    private void send(Integer to, Frame frame) {
      byte[] encoded = frame.encode();
      if (leads() || to == leader) {
        bytes += encoded.length;
      }
      if (sides[index] == sides[to] && chance.nextDouble() >= loss) {
        after(10 + chance.nextInt(60), () -> replicas.get(to).received(index, encoded));
      }
    }

    private void received(int from, byte[] encoded) {
      if (!runs) {
        return;
      }
      try {
        Frame frame = Frame.decode(encoded).orElseThrow();
        switch (frame.kind()) {
          case ROWS -> {
            SourceReport report = RowsJson.read(frame.body());
            if (desk.judges(leads()) && peers.row(from, report.source(), now)) {
              judged(report);
            }
          }
          case SIDE -> desk.heard(from, frame.body(), leads());
          case SIDE_TAKEN -> desk.taken(from, frame.body());
          case KEPT -> deputies.heard(from, frame.body(), leads(), now);
          default -> throw new AssertionError(frame.kind());
        }
      } catch (Frame.StrangeFrameException strange) {
        throw new AssertionError(strange);
      }
    }

    private void step() {
      List<Integer> view =
          IntStream.range(0, replicas.size())
              .filter(each -> each != index && now - heardAt[index][each] < VIEW_MILLIS)
              .boxed()
              .toList();
      List<String> gone = peers.members(view, now);
      if (desk.judges(leads())) {
        gone.forEach(judge::retire);
      }
      peers.compare("", now);
      if (!led && leads()) {
        led = true;
        begun = null;
        anew(written);
      } else if (led && !leads()) {
        led = false;
        peers.forgetRows().forEach(judge::retire);
      }
      if (desk.tick(leads(), now).ends() && !leads()) {
        peers.forgetRows().forEach(judge::retire);
      }
      deputies.tick(leads(), now);
      counter.rows().forEach(row -> rows.take(report(row)));
      judged(rows.report());
      if (leads()) {
        rows.due(now).ifPresent(body -> deputies.tell(body, now));
      } else {
        desk.judge(0, now)
            .ifPresent(
                to -> rows.due(now).ifPresent(body -> send(to, Frame.of(Frame.Kind.ROWS, body))));
      }
    }

    private SourceReport report(MetricsRow row) {
      return new SourceReport("loop", List.of(row), List.of(), List.of(), false);
    }

    private void tell() {
      JsonObject status =
          desk.status(
              new JsonObject()
                  .put("replica", name)
                  .put("leads", leads())
                  .put("term", 1L + incarnation),
              now);
      for (Replica other : replicas) {
        if (other != this && other.runs && sides[other.index] == sides[index]) {
          other.peers.status(index, status, Frame.MINOR, now);
          heardAt[other.index][index] = now;
        }
      }
    }

    private void serve() {
      double expected = perSecond * STEP_MILLIS / 1_000;
      while (expected > 0) {
        if (chance.nextDouble() < expected) {
          long user = 1 + chance.nextInt(USERS);
          Observation exchange =
              counter.open(Provider.FOUNDRY, EPOCH, 0, new Requester(user * 7_919, 0), true);
          exchange.settle(chance.nextDouble() >= errors, 10, 1_000, "m");
          asked++;
        }
        expected--;
      }
    }
  }

  private void after(long millis, Runnable run) {
    due.add(new Due(now + millis, ++events, run));
  }

  /** Requests to Foundry at each replica, and the share of them that fails. */
  void traffic(double eachPerSecond, double failing) {
    perSecond = eachPerSecond;
    errors = failing;
  }

  /** The share of frames that gets lost. */
  void loses(double share) {
    loss = share;
  }

  /** Puts each replica on a side of the line: those of one number hear each other. */
  void part(int... sideOfEach) {
    System.arraycopy(sideOfEach, 0, sides, 0, sides.length);
  }

  void heal() {
    Arrays.fill(sides, 0);
  }

  /** Puts each of them on one of so many sides, by chance. */
  void partByChance(int most) {
    for (int i = 0; i < sides.length; i++) {
      sides[i] = chance.nextInt(most);
    }
  }

  void kill(int replica) {
    replicas.get(replica).runs = false;
    if (replica == leader) {
      leader = -1;
      leaderGoneAt = now;
    }
  }

  void restart(int replica) {
    replicas.get(replica).runs = true;
    replicas.get(replica).begin();
  }

  /** Time goes by, at most until somebody rolls back. */
  void pass(long millis) {
    for (long end = now + millis; now < end && rolledBackBy.isEmpty(); now += STEP_MILLIS) {
      while (!due.isEmpty() && due.peek().at() <= now) {
        due.remove().run().run();
      }
      if (leader < 0 && now - leaderGoneAt >= LEASE_MILLIS / 4) {
        leader =
            IntStream.range(0, replicas.size())
                .filter(each -> replicas.get(each).runs)
                .findFirst()
                .orElse(-1);
      }
      for (Replica each : replicas) {
        if (each.runs) {
          each.serve();
          each.step();
          if ((now / STEP_MILLIS + each.index) % 4 == 0) {
            each.tell();
          }
          if (now % judgeMillis == 0) {
            each.judge();
          }
        }
      }
    }
  }

  int leader() {
    return leader;
  }

  /** The one who has rolled back, and for whom it judged; empty = nobody has. */
  String rolledBackBy() {
    return rolledBackBy;
  }

  /** The requests that Foundry has answered. */
  long asked() {
    return asked;
  }

  long now() {
    return now;
  }

  /** The exchanges that the leader's judge knows of. */
  long known() {
    return replicas.get(leader).judge.checkpoint().foundry().all().get(Metric.Counter.OBSERVED);
  }

  double lnE() {
    return replicas.get(leader).metrics.sequential().of(Metric.ERROR_RATE).lnE();
  }

  /** The bytes that have gone over the leader's lines, both ways. */
  long bytes() {
    return bytes;
  }

  /** The median and the largest time of the leader's ticks, nanoseconds. */
  long[] tick() {
    List<Long> sorted = tickNanos.stream().sorted().toList();
    return new long[] {sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1)};
  }

  /** Returns whether a leader is heard by all, and nobody judges for a side. */
  boolean isOne() {
    return replicas.stream()
        .filter(each -> each.runs)
        .allMatch(
            each -> each.begun == null && (each.leads() || each.peers.leader(now).isPresent()));
  }
}
