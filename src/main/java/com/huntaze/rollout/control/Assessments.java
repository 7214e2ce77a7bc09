package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.Assessment;
import com.huntaze.rollout.canary.Assessment.Kind;
import com.huntaze.rollout.judge.Finding;
import com.huntaze.rollout.judge.RollbackDecision;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Translation of the judge's decisions for the machine. */
final class Assessments {
  private Assessments() {}

  /**
   * @param health the figures behind it, kept as evidence
   * @param anew whether what was found before this does not count any more
   * @param moved whether the evidence has moved far since it was written last
   */
  static Assessment of(RollbackDecision decision, JsonObject health, boolean anew, boolean moved) {
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
    String overLimit = String.join("; ", decision.overLimit());
    String notice =
        decision.notices().stream().map(Finding::sentence).collect(Collectors.joining("; "));
    return new Assessment(
        kind, decision.promotion().ready(), sentence, overLimit, notice, anew, moved, evidence);
  }
}
