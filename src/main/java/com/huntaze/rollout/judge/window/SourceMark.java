package com.huntaze.rollout.judge.window;

/**
 * The place up to which one source's row has been judged: what of it is history. For a checkpoint,
 * so that a judge that starts anew beside living sources counts nothing twice.
 *
 * @param source the incarnation of the source
 * @param stage the stage's tag
 * @param born the version at which the source began to count for the stage
 * @param version of the last row that was judged
 */
public record SourceMark(
    String source, int stage, long born, long version, StageTotals foundry, StageTotals legacy) {
  /** A damaged file may lack them. */
  public SourceMark {
    Members.required("source", source);
    Members.required("foundry", foundry);
    Members.required("legacy", legacy);
  }
}
