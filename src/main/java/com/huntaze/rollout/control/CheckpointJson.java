package com.huntaze.rollout.control;

import com.huntaze.rollout.judge.JudgeBasis;
import com.huntaze.rollout.judge.JudgeCheckpoint;
import com.huntaze.rollout.judge.StageNotes;
import com.huntaze.rollout.judge.sequential.ArmCounts;
import com.huntaze.rollout.judge.sequential.SequentialState;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.SourceMark;
import com.huntaze.rollout.judge.window.StageTotals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The judge's checkpoint as a tree, with its version. Each version reads its predecessor's; a new
 * metric is no new version, for what an older checkpoint lacks begins.
 */
final class CheckpointJson {
  /** The version that is written. */
  static final int VERSION = 2;

  private static final String NOTES = "notes";

  private CheckpointJson() {}

  /**
   * A checkpoint that was read.
   *
   * @param note what of it does not go on, one sentence; empty = nothing
   * @param notes what people were told of that rollout
   */
  record Read(JudgeCheckpoint checkpoint, String note, StageNotes.State notes) {}

  static Map<String, Object> write(JudgeCheckpoint checkpoint, StageNotes.State notes) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("version", VERSION);
    tree.putAll(Trees.exact(checkpoint));
    tree.put(NOTES, Trees.exact(notes));
    return tree;
  }

  /**
   * Reads what this version or the one before has written.
   *
   * @throws IllegalArgumentException naming what is wrong, as in a damaged file
   */
  static Read read(Map<String, Object> tree) {
    Map<String, Object> rest = new LinkedHashMap<>(tree);
    Object version = rest.remove("version");
    Object noted = rest.remove(NOTES);
    if (version == null) {
      return new Read(
          version1(rest),
          "it is of version 0.1: the counts of the stage and its time of health go on, the evidence"
              + " of the sequential tests begins anew",
          StageNotes.State.NONE);
    }
    if (!version.equals(VERSION)) {
      throw new IllegalArgumentException(
          "version: %s (expected: at most %d)".formatted(version, VERSION));
    }
    StageNotes.State notes =
        noted == null ? StageNotes.State.NONE : Trees.read(noted, StageNotes.State.class);
    return new Read(Trees.read(rest, JudgeCheckpoint.class), "", notes);
  }

  /** Of the evidence only the number of the tick is taken over. */
  private static JudgeCheckpoint version1(Map<String, Object> tree) {
    long tick = whole(object(tree, "sequential"), "tick");
    SequentialState begun =
        new SequentialState(
            tick, -1, 0, Map.of(), Counts.NONE, ArmCounts.NONE, ArmCounts.NONE, 0, List.of());
    return new JudgeCheckpoint(
        JudgeBasis.ofVersion1(object(tree, "basis")),
        Trees.read(tree.get("epoch"), String.class),
        (int) whole(tree, "stage"),
        (int) whole(tree, "stageIndex"),
        0,
        begun,
        totals(object(tree, "foundry")),
        totals(object(tree, "legacy")),
        list(tree, "marks").stream().map(CheckpointJson::mark).toList(),
        Map.of(),
        0,
        null,
        null,
        0);
  }

  private static SourceMark mark(Map<String, Object> mark) {
    return new SourceMark(
        Trees.read(mark.get("source"), String.class),
        (int) whole(mark, "stage"),
        whole(mark, "born"),
        whole(mark, "version"),
        totals(object(mark, "foundry")),
        totals(object(mark, "legacy")));
  }

  /** The bets of the costs stood among the sampled counts. */
  private static StageTotals totals(Map<String, Object> totals) {
    Map<String, Object> sampled = new LinkedHashMap<>(object(totals, "sampled"));
    Object costWealth = sampled.remove("costWealth");
    Map<String, Object> now = new LinkedHashMap<>();
    now.put("all", totals.get("all"));
    now.put("sampled", sampled);
    now.put("costWealth", costWealth);
    return Trees.read(now, StageTotals.class);
  }

  private static Map<String, Object> object(Map<String, Object> tree, String member) {
    return Trees.readTree(present(tree, member));
  }

  private static List<Map<String, Object>> list(Map<String, Object> tree, String member) {
    if (present(tree, member) instanceof List<?> list) {
      return list.stream().map(Trees::readTree).toList();
    }
    throw new IllegalArgumentException(member + ": no list");
  }

  private static long whole(Map<String, Object> tree, String member) {
    return Trees.read(present(tree, member), Long.class);
  }

  private static Object present(Map<String, Object> tree, String member) {
    Object value = tree.get(member);
    if (value == null) {
      throw new IllegalArgumentException(member + ": missing");
    }
    return value;
  }
}
