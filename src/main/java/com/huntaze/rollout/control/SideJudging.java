package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.JudgeCheckpoint;
import com.huntaze.rollout.judge.Standing;
import com.huntaze.rollout.judge.fleet.SideEvidence;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.SourceReport;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The judge of a side of a parted fleet: goes on from the leader's last checkpoint with the rows of
 * its side, and hands what it has found to the judge that it meets. Single-threaded.
 */
final class SideJudging {
  private static final Logger log = LoggerFactory.getLogger(SideJudging.class);

  private final JudgingLoop loop;

  /** The leader's last checkpoint, as it was read where it is kept. */
  private Map<String, Object> common = Map.of();

  /** The knowledge with which the side began; {@code null} = this replica judges for no side. */
  private JudgeCheckpoint begun;

  private double share = 1;

  SideJudging(JudgingLoop loop) {
    this.loop = loop;
  }

  void listen(Bus bus) {
    bus.hear(FleetAddresses.SIDE, JsonObject.class, this::take);
    bus.serve(FleetAddresses.SIDE_FOUND, body -> found());
    bus.serve(FleetAddresses.MEET, this::meet);
  }

  /** The checkpoint of another leader. */
  void learned(Map<String, Object> checkpoint) {
    common = checkpoint;
  }

  /** For whom this replica judges. */
  Standing standing() {
    if (loop.leads()) {
      return Standing.LEADER;
    }
    return begun == null ? Standing.FOLLOWER : Standing.SIDE;
  }

  private void take(JsonObject place) {
    boolean judges = place.getBoolean("judges") && loop.judges() && !loop.leads();
    share = place.getDouble("share");
    if (judges && begun == null) {
      begin();
    } else if (!judges && begun != null) {
      begun = null;
      if (!loop.leads()) {
        loop.beginAnew();
      }
    }
    tellJudge();
  }

  /** A judge is another one by now: it goes by the same share. */
  void tellJudge() {
    loop.judge().share(standing() == Standing.FOLLOWER ? 1 : share);
  }

  /** The lead is taken: what the side has seen counts from the leader's checkpoint on. */
  void leads() {
    begun = null;
  }

  private void begin() {
    HealthJudge judge = loop.beginAnew();
    if (!common.isEmpty()) {
      try {
        JudgeCheckpoint known = CheckpointJson.read(common).checkpoint();
        List<String> changes = judge.restore(known.ofLimits(), loop.now());
        if (!changes.isEmpty()) {
          log.info("The leader has judged by other rules ({})", String.join("; ", changes));
        }
      } catch (IllegalArgumentException strange) {
        log.warn("The leader's checkpoint cannot be used: {}", strange.getMessage());
      }
    }
    begun = judge.checkpoint();
    log.warn(
        "No leader is heard: this replica judges for the members that it hears, {} of all. It rolls"
            + " back by itself, though that takes more evidence than usual; nothing is promoted until"
            + " a leader is heard (see: rollout-proxy cluster)",
        percent(share));
  }

  private static String percent(double share) {
    return "%.0f %%".formatted(100 * share);
  }

  private Future<SideEvidence> found() {
    if (begun == null) {
      return Future.failedFuture("this replica judges for no side");
    }
    loop.tick();
    HealthJudge judge = loop.judge();
    JudgeCheckpoint known = judge.checkpoint().ofLimits();
    // Of a rollout that has begun meanwhile, or of other rules, all is the side's own.
    boolean goesOn = begun.epoch().equals(known.epoch()) && begun.basis().equals(known.basis());
    JudgeCheckpoint own = goesOn ? known.with(known.sequential().since(begun.sequential())) : known;
    Map<String, List<MetricsRow>> rows =
        judge.rows().stream()
            .collect(Collectors.groupingBy(MetricsRow::source, TreeMap::new, Collectors.toList()));
    List<SourceReport> reports =
        rows.entrySet().stream()
            .map(
                each ->
                    new SourceReport(each.getKey(), each.getValue(), List.of(), List.of(), false))
            .toList();
    Map<String, Object> tree = new LinkedHashMap<>(CheckpointJson.write(own, loop.notes()));
    return Future.succeededFuture(new SideEvidence(share, tree, reports));
  }

  private Future<Void> meet(Object body) {
    if (!(body instanceof SideEvidence its)) {
      throw new IllegalArgumentException("body: no evidence of a side");
    }
    if (standing() == Standing.FOLLOWER) {
      return Future.failedFuture("this replica judges for nobody else");
    }
    JudgeCheckpoint known = CheckpointJson.read(its.knowledge()).checkpoint();
    List<MetricsRow> rows = its.rows().stream().flatMap(each -> each.rows().stream()).toList();
    loop.tick();
    List<String> strange = loop.judge().meet(known, its.share(), rows, loop.now());
    if (strange.isEmpty()) {
      log.info(
          "A side of the cluster, {} of its members, is heard again: what its judge has found"
              + " counts from now on",
          percent(its.share()));
    } else {
      log.info(
          "A side of the cluster is heard again. Its requests count, what its judge has made of them"
              + " does not: {}",
          String.join("; ", strange));
    }
    return Future.succeededFuture();
  }
}
