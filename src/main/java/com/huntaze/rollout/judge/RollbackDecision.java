package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Rule;
import java.util.List;
import java.util.stream.Stream;

/**
 * The decision of a tick's figures (the seed's RollbackDecision).
 *
 * @param hold why the verdict is to hold
 * @param findings everything that is wrong, what rolls back first
 * @param notices what people should know of, and what decides nothing
 * @param dryRun what rules that are only watched would have done
 * @param overLimit what is over its limit in the window, however small that is, each as a sentence
 * @param rows each metric beside its limit
 * @param segments the parts of the traffic beside legacy's, those first that are worse
 * @param gates what else a promotion waits for
 * @param promotion what is missing for a promotion
 * @param sentence the verdict for people
 */
public record RollbackDecision(
    Verdict verdict,
    HoldReason hold,
    List<Finding> findings,
    List<Finding> notices,
    List<Finding> dryRun,
    List<String> overLimit,
    List<MetricRow> rows,
    List<SegmentRow> segments,
    List<MetricRow> gates,
    Promotion promotion,
    String sentence) {
  /** Copies the lists, so that the record never changes. */
  public RollbackDecision {
    findings = List.copyOf(findings);
    notices = List.copyOf(notices);
    dryRun = List.copyOf(dryRun);
    overLimit = List.copyOf(overLimit);
    rows = List.copyOf(rows);
    segments = List.copyOf(segments);
    gates = List.copyOf(gates);
  }

  /** Returns what people are told once in a stage, and what is kept. */
  public List<Finding> toNote() {
    return Stream.concat(
            notices.stream().filter(each -> each.rule() == Rule.SHARE), dryRun.stream())
        .toList();
  }

  /**
   * The same, if a promotion lacks something that is not judged.
   *
   * @param lack what it lacks, for people; empty = nothing
   */
  public RollbackDecision lacking(String lack) {
    return lack.isEmpty()
        ? this
        : new RollbackDecision(
            verdict,
            hold,
            findings,
            notices,
            dryRun,
            overLimit,
            rows,
            segments,
            gates,
            promotion.lacking(lack),
            sentence);
  }

  /** Returns whether Foundry has to lose its traffic. */
  public boolean isRollback() {
    return verdict == Verdict.ROLLBACK;
  }
}
