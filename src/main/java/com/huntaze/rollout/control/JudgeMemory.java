package com.huntaze.rollout.control;

import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.StageNotes;
import com.huntaze.rollout.judge.window.Metric;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The checkpoint of the judge as the state directory has it. While nothing is judged (mode {@code
 * legacy}) it is passed on as it was found, or as the judge left it. Single-threaded.
 */
final class JudgeMemory {
  private static final double MOVED_NATS = 0.5;

  /** Each test's evidence at the last checkpoint, nats. */
  private final Map<Metric, Double> written = new EnumMap<>(Metric.class);

  private Map<String, Object> kept = Map.of();
  private boolean unread;

  /** Evidence that has moved little may be lost to a crash: it is found again soon. */
  boolean hasMoved(HealthMetrics metrics) {
    return Arrays.stream(Metric.values())
        .anyMatch(
            metric ->
                Math.abs(metrics.sequential().of(metric).lnE() - written.getOrDefault(metric, 0.0))
                    >= MOVED_NATS);
  }

  /**
   * Returns what is to be written.
   *
   * @param metrics of the last tick, {@code null} = there was none
   */
  Map<String, Object> checkpoint(
      boolean judges, HealthJudge judge, StageNotes notes, HealthMetrics metrics) {
    if (metrics != null) {
      Arrays.stream(Metric.values())
          .forEach(each -> written.put(each, metrics.sequential().of(each).lnE()));
    }
    return judges ? handOn(judge, notes) : kept;
  }

  private static Map<String, Object> handOn(HealthJudge judge, StageNotes notes) {
    Map<String, Object> checkpoint = CheckpointJson.write(judge.checkpoint(), notes.state());
    judge.handOn();
    return checkpoint;
  }

  /** A checkpoint was found, and nothing is judged that could go on from it. */
  void found(Map<String, Object> checkpoint) {
    kept = checkpoint;
    unread = !checkpoint.isEmpty();
  }

  /** Nothing is judged from now on: what the judge knows is kept. */
  void rests(HealthJudge judge, StageNotes notes) {
    kept = handOn(judge, notes);
    unread = false;
  }

  /**
   * From now on it is judged again, in the same process.
   *
   * @return the checkpoint to go on from, which the judge has never read; empty = it knows all
   */
  Map<String, Object> wakes() {
    Map<String, Object> found = unread ? kept : Map.of();
    unread = false;
    kept = Map.of();
    return found;
  }
}
