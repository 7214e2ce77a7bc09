package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.Assessment;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.CanaryState;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.Saved;
import com.huntaze.rollout.judge.FalseRollbackRisk;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.MetricRow;
import com.huntaze.rollout.judge.Note;
import com.huntaze.rollout.judge.RollbackController;
import com.huntaze.rollout.judge.RollbackDecision;
import com.huntaze.rollout.judge.SideBySide;
import com.huntaze.rollout.judge.StageNotes;
import com.huntaze.rollout.judge.fleet.ClaimedSlots;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.fleet.SlotAnswers;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.ProviderMetrics;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slow loop: collects what the sources have counted, judges it at every tick, tells the machine
 * and publishes the figures.
 */
final class JudgingLoop {
  private static final Logger log = LoggerFactory.getLogger(JudgingLoop.class);

  /** Slots are claimed soon, however seldom is judged: the leader grants the first who asks. */
  private static final long SLOTS_MILLIS = 250;

  private final Vertx vertx;
  private final RolloutContext control;
  private CanaryParts parts;
  private HealthJudge judge;
  private RollbackController controller;
  private OutcomeIntake intake;
  private int intakes;
  private final BreakerWatch breaker = new BreakerWatch(this::now);
  private Consumer<Assessment> findings = ignored -> {};
  private long timer;
  private long slotsTimer = -1;
  private String epoch = "";
  private int stage;
  private HealthMetrics metrics;
  private RollbackDecision decision;
  private Instant lastCheck;

  /** True while findings from before a restart do not count, and the machine has yet to be told. */
  private boolean begunAnew;

  private final JudgeMemory memory = new JudgeMemory();

  /** The judge of a side, where a fleet has parted. */
  private final SideJudging side = new SideJudging(this);

  /** The things of a fleet's members that a promotion lacks; empty = none. */
  private String lackedByFleet = "";

  private final StageNotes notes = new StageNotes();
  private final SideBySide beside = new SideBySide();

  JudgingLoop(Vertx vertx, CanaryParts parts, RolloutContext control) {
    this.vertx = vertx;
    this.parts = parts;
    this.control = control;
    this.judge = new HealthJudge(parts.health(), parts.plan(), parts.mode());
    this.controller = new RollbackController(parts.health(), parts.plan());
    this.intake = parts.intake(intakes);
  }

  /** Sets the receiver of every assessment. */
  void findings(Consumer<Assessment> to) {
    findings = to;
  }

  void start() {
    breaker.listen(parts.bus());
    // In a fleet a process is one source, whoever judges: a new leader finds each one's mark.
    String rows = parts.fleet() ? FleetAddresses.ROWS : CanaryAddresses.ROWS;
    parts.bus().hear(rows, SourceReport.class, this::take);
    if (parts.fleet()) {
      hearFleet(parts.bus());
    }
    parts.bus().serve(CanaryAddresses.OUTCOME, this::outcome);
    beat();
    FalseRollbackRisk.of(parts.health()).ifPresent(log::warn);
  }

  private void hearFleet(Bus bus) {
    bus.hear(
        FleetAddresses.SLOTS_ANSWERED,
        SlotAnswers.class,
        answers -> intake.slots().answered(answers));
    bus.hear(
        FleetAddresses.HOLD,
        JsonObject.class,
        hold -> lackedByFleet = hold.getString("sentence", ""));
    bus.hear(
        FleetAddresses.LEADER_SAYS,
        JsonObject.class,
        words ->
            control.leaderSays(words.getString("sentence", ""), words.getBoolean("heard", true)));
    bus.hear(FleetAddresses.EXCHANGES, ExchangeBatch.class, this::take);
    side.listen(bus);
    slotsTimer = vertx.setPeriodic(SLOTS_MILLIS, tick -> claimSlots());
  }

  private void claimSlots() {
    ClaimedSlots slots = intake.slots();
    slots.take(now()).ifPresent(each -> parts.bus().publish(FleetAddresses.SLOTS, each));
    slots.sweep(now());
  }

  private void beat() {
    timer = vertx.setPeriodic(parts.health().evaluateEvery().toMillis(), tick -> tick());
  }

  /** Judges by other limits; evidence that was found by the same ones stays. */
  void configure(CanaryParts newer) {
    CanaryParts before = parts;
    boolean judged = judges();
    int placeBefore = place();
    parts = newer;
    boolean same =
        newer.health().equals(before.health())
            && newer.plan().equals(before.plan())
            && newer.mode() == before.mode();
    if (same) {
      return;
    }
    if (judged && !judges()) {
      memory.rests(judge, notes);
    }
    controller = new RollbackController(newer.health(), newer.plan());
    HealthJudge last = judge;
    judge = new HealthJudge(newer.health(), newer.plan(), newer.mode());
    tellOfChanges(judge.takeOver(last, now()));
    if (place() != placeBefore) {
      judge.stageBegan(epoch, stage, place(), now());
    }
    if (!judged && judges()) {
      goOnFrom(memory.wakes());
    }
    side.tellJudge();
    if (!Thresholds.of(newer.health()).equals(Thresholds.of(before.health()))) {
      judge.retire(intake.report().source());
      intake = newer.intake(++intakes);
      intake.follow(control.snapshot());
    }
    vertx.cancelTimer(timer);
    beat();
    Optional<String> risk = FalseRollbackRisk.of(newer.health());
    if (!risk.equals(FalseRollbackRisk.of(before.health()))) {
      risk.ifPresent(log::warn);
    }
  }

  /** Judges nothing any more. */
  void end() {
    vertx.cancelTimer(timer);
    vertx.cancelTimer(slotsTimer);
  }

  /** Another snapshot is in force: a stage that begins is judged by what comes from now on. */
  void follow(CanarySnapshot snapshot) {
    String newEpoch = snapshot.epoch().toString();
    if (newEpoch.equals(epoch) && snapshot.stage() == stage) {
      return;
    }
    if (!newEpoch.equals(epoch)) {
      breaker.forget();
    }
    epoch = newEpoch;
    stage = snapshot.stage();
    notes.of(epoch);
    judge.stageBegan(epoch, stage, place(), now());
    intake.follow(snapshot);
  }

  /** In mode foundry everything goes to Foundry, whatever the rollout: it is watched as a stage. */
  private int place() {
    return parts.mode() == ProviderMode.FOUNDRY ? Math.max(0, stage) : stage;
  }

  long now() {
    return parts.clocks().now().monotonicMillis();
  }

  private void take(SourceReport report) {
    report.rows().forEach(row -> judge.take(row, now()));
    report.compared().forEach(judge::compare);
    report.served().forEach(judge::serve);
    if (report.last()) {
      judge.retire(report.source());
    }
  }

  /** Whoever has sent it keeps it until it is taken. */
  private void take(ExchangeBatch batch) {
    JsonObject taken = new JsonObject().put("source", batch.source()).put("to", judge.take(batch));
    parts.bus().publish(FleetAddresses.EXCHANGES_TAKEN, taken);
  }

  private Future<JsonObject> outcome(Object body) {
    OutcomeIntake.Taken taken = intake.take(body, now());
    JsonObject reply = new JsonObject().put("counted", taken.counted());
    if (taken.notCounted() > 0) {
      reply.put("notCounted", taken.notCounted()).put("why", taken.why());
    }
    return Future.succeededFuture(reply);
  }

  void tick() {
    if (parts.fleet()) {
      parts.bus().publish(CanaryAddresses.ROWS, intake.report());
    } else {
      take(intake.report());
    }
    metrics = judge.tick(now(), breaker.facts());
    decision = controller.checkHealth(metrics, side.standing()).lacking(lackedByFleet);
    long wall = parts.clocks().now().wallMillis();
    lastCheck = Instant.ofEpochMilli(wall);
    boolean exposed = control.snapshot().percentage() > 0;
    List<Note> news = exposed ? notes.take(stage, decision.toNote(), wall) : List.<Note>of();
    JsonObject health = json();
    findings.accept(
        Assessments.of(
            decision, health, news, begunAnew, memory.hasMoved(metrics) || !news.isEmpty()));
    begunAnew = false;
    parts.bus().publish(CanaryAddresses.HEALTH, health);
  }

  /** The figures of both providers and the decision, as of the last tick. */
  JsonObject json() {
    if (decision == null) {
      return new JsonObject();
    }
    JsonObject health =
        HealthJson.of(lastCheck, metrics, decision, controller.status(decision), notes.all())
            .put("rollback", CanaryJson.rollback(control.snapshot()));
    HealthJson.tellDifferences(health, beside.of(metrics));
    timeOfHealth().ifPresent(row -> health.getJsonArray("gates").add(HealthJson.row(row)));
    HealthJson.tellHeld(health, Outlook.held(control.snapshot(), control.ladder()));
    return health;
  }

  /** Each metric beside its limit, as of the last tick. */
  List<MetricRow> rows() {
    return decision == null ? List.of() : decision.rows();
  }

  private Optional<MetricRow> timeOfHealth() {
    long bake = control.ladder().bakeMillis(control.snapshot());
    if (bake == 0) {
      return Optional.empty();
    }
    long healthy = control.rollout().health().healthyMillis();
    String sentence = "healthy for %s of %s".formatted(Outlook.text(healthy), Outlook.text(bake));
    return Optional.of(
        MetricRow.of(
            "time_of_health",
            "Time of health",
            Outlook.text(healthy),
            ">= " + Outlook.text(bake),
            metrics.foundryWindow().of(Metric.LATENCY_P95).get(Metric.LATENCY_P95.denominator()),
            healthy >= bake ? MetricRow.State.OK : MetricRow.State.WAITING,
            sentence));
  }

  Map<String, Object> checkpoint() {
    return memory.checkpoint(judges(), judge, notes, metrics);
  }

  boolean leads() {
    return control.rollout().lead().leads();
  }

  HealthJudge judge() {
    return judge;
  }

  StageNotes.State notes() {
    return notes.state();
  }

  boolean judges() {
    return parts.mode() != ProviderMode.LEGACY;
  }

  /** Goes on with what the last leader had found out of the epoch and share in force. */
  void restore(Saved saved) {
    side.leads();
    if (judges()) {
      goOnFrom(saved.judge());
    } else {
      memory.found(saved.judge());
    }
  }

  private void goOnFrom(Map<String, Object> checkpoint) {
    if (checkpoint.isEmpty()) {
      return;
    }
    try {
      CheckpointJson.Read read = CheckpointJson.read(checkpoint);
      if (parts.fleet()) {
        beginAnew();
        side.tellJudge();
      }
      notes.restore(read.notes());
      tellOfChanges(judge.restore(read.checkpoint(), now()));
      if (!read.note().isEmpty()) {
        log.info("The judge's checkpoint was read: {}", read.note());
      }
    } catch (IllegalArgumentException strange) {
      log.warn(
          "The judge's checkpoint cannot be used, its evidence begins anew: {}",
          strange.getMessage());
    }
  }

  /** Another replica's state was read, with the checkpoint of its judge. */
  void learned(Saved saved) {
    side.learned(saved.judge());
  }

  /**
   * A judge for others begins with the last one's checkpoint, and takes of each member's cumulative
   * row what is beyond its mark there: what this one has heard while it followed comes first.
   */
  HealthJudge beginAnew() {
    HealthJudge follower = judge;
    judge = new HealthJudge(parts.health(), parts.plan(), parts.mode());
    judge.stageBegan(epoch, stage, place(), now());
    judge.hear(follower, now());
    return judge;
  }

  private void tellOfChanges(List<String> changes) {
    if (!changes.isEmpty()) {
      begunAnew = true;
      log.info(
          "The judge begins anew: evidence, counts and time of health were found by other rules"
              + " ({})",
          String.join("; ", changes));
    }
  }

  /** The rollout as people and APIs see it. */
  CanaryState state() {
    Rollout rollout = control.rollout();
    return new CanaryState(
        rollout.snapshot(),
        lastCheck,
        rollout.health().healthyMillis() / 1_000,
        metrics == null ? ProviderMetrics.none(Provider.FOUNDRY) : metrics.foundry(),
        metrics == null ? ProviderMetrics.none(Provider.LEGACY) : metrics.legacy(),
        control.reason(),
        rollout.writing().durable(),
        control.next());
  }
}
