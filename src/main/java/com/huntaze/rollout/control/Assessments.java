package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Assessment;
import com.huntaze.rollout.canary.Assessment.Kind;
import com.huntaze.rollout.canary.Assessment.News;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.Finding;
import com.huntaze.rollout.judge.Note;
import com.huntaze.rollout.judge.RollbackDecision;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Translation of the judge's decisions for the machine. */
final class Assessments {
  private Assessments() {}

  /**
   * @param health the figures behind it, kept as evidence
   * @param news what was noted for the first time
   * @param anew whether what was found before this does not count any more
   * @param moved whether the evidence has moved far since it was written last
   */
  static Assessment of(
      RollbackDecision decision, JsonObject health, List<Note> news, boolean anew, boolean moved) {
    Kind kind =
        switch (decision.verdict()) {
          case ROLLBACK -> Kind.ROLLBACK;
          case ALERT -> Kind.BREACHED;
          case HOLD -> Kind.HOLD;
          case HEALTHY -> Kind.HEALTHY;
        };
    boolean lacksProof = kind == Kind.HEALTHY && !decision.promotion().ready();
    String sentence =
        lacksProof
            ? decision.sentence() + ", missing " + String.join(", ", decision.promotion().missing())
            : decision.sentence();
    Map<String, Object> evidence = new LinkedHashMap<>(health.getMap());
    // A rollback that is in force already is no evidence for another decision.
    evidence.remove("rollback");
    Set<String> exceeding = new HashSet<>();
    decision.findings().forEach(each -> exceeding.add(each.metric().trouble()));
    if (decision.notices().stream().anyMatch(each -> each.rule() == Rule.SHARE)) {
      exceeding.add(Assessment.SHARE);
    }
    String overLimit = String.join("; ", decision.overLimit());
    String notice =
        decision.notices().stream()
            .filter(each -> each.rule() == Rule.NOTICE)
            .map(Finding::sentence)
            .collect(Collectors.joining("; "));
    return new Assessment(
        kind,
        decision.promotion().ready(),
        sentence,
        exceeding,
        overLimit,
        notice,
        news.stream().map(Assessments::news).toList(),
        anew,
        moved,
        evidence);
  }

  private static News news(Note note) {
    String topic =
        "%s by %s".formatted(note.metric().label(), note.rule().name().toLowerCase(Locale.ROOT));
    return note.tellsOfDryRun()
        ? new News(Alert.Kind.DRY_RUN, topic, "Dry run: " + note.text())
        : new News(
            Alert.Kind.THRESHOLD,
            topic,
            "The share served is not the share set: " + note.sentence());
  }
}
