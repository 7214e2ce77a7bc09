package com.huntaze.rollout.judge;

import static com.huntaze.rollout.judge.window.Members.required;

import com.huntaze.rollout.judge.difference.DifferenceState;
import com.huntaze.rollout.judge.segment.SegmentState;
import com.huntaze.rollout.judge.sequential.SequentialState;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.SourceMark;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.Map;

/**
 * The knowledge of a judge that is kept over a restart, in plain numbers.
 *
 * @param basis what the rest was found by
 * @param epoch the rollout, {@code n-creatorId}
 * @param stage the stage's tag
 * @param stageIndex its place on the ladder, -1 = none
 * @param elapsed milliseconds that the rollout has been judged
 * @param sequential the sequential tests
 * @param foundry Foundry's counts since the stage began
 * @param legacy legacy's
 * @param marks how far each source has been judged
 * @param windows the windows of each provider and metric, see {@code AdaptiveWindow.kept}; an older
 *     file has none
 * @param warmMillis for how long the stage still warms up
 * @param differences the comparison of the users, {@code null} = an older file has none
 * @param segments the same in each part of the traffic, {@code null} = an older file has none
 * @param shareLooks how often the share served has been looked at in this stage
 */
public record JudgeCheckpoint(
    JudgeBasis basis,
    String epoch,
    int stage,
    int stageIndex,
    long elapsed,
    SequentialState sequential,
    StageTotals foundry,
    StageTotals legacy,
    List<SourceMark> marks,
    Map<Provider, Map<Metric, List<Long>>> windows,
    long warmMillis,
    DifferenceState differences,
    SegmentState segments,
    int shareLooks) {
  /**
   * Copies the list, so that the record never changes.
   *
   * @throws IllegalArgumentException naming what is missing, as in a damaged file
   */
  public JudgeCheckpoint {
    required("basis", basis);
    required("epoch", epoch);
    required("sequential", sequential);
    required("foundry", foundry);
    required("legacy", legacy);
    marks = List.copyOf(required("marks", marks));
    windows = windows == null ? Map.of() : Map.copyOf(windows);
  }

  /** The part that is about limits: nothing of the comparison of users with legacy's. */
  public JudgeCheckpoint ofLimits() {
    return with(sequential, null, null);
  }

  /** The same with other evidence. */
  public JudgeCheckpoint with(SequentialState other) {
    return with(other, differences, segments);
  }

  private JudgeCheckpoint with(SequentialState evidence, DifferenceState users, SegmentState of) {
    return new JudgeCheckpoint(
        basis,
        epoch,
        stage,
        stageIndex,
        elapsed,
        evidence,
        foundry,
        legacy,
        marks,
        windows,
        warmMillis,
        users,
        of,
        shareLooks);
  }
}
