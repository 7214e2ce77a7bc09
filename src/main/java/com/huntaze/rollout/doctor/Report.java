package com.huntaze.rollout.doctor;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** The findings as people and scripts read them. */
public record Report(List<Finding> findings) {
  private static final Map<Level, String> COLOURS =
      Map.of(Level.OK, "\u001b[32m", Level.WARN, "\u001b[33m", Level.FAIL, "\u001b[31m");
  private static final String PLAIN = "\u001b[0m";

  /** Keeps a copy of the list. */
  public Report {
    findings = List.copyOf(findings);
  }

  /** Returns the number of findings of a level. */
  public long count(Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  /** A line for each finding, and one below it for what to do. */
  public String text(boolean coloured) {
    int width = findings.stream().mapToInt(finding -> finding.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      String word = "%-4s".formatted(finding.level().label());
      text.append(coloured ? COLOURS.get(finding.level()) + word + PLAIN : word)
          .append("  ")
          .append(finding.name())
          .append(" ".repeat(width - finding.name().length()))
          .append("  ")
          .append(finding.seen())
          .append('\n');
      if (!finding.remedy().isEmpty()) {
        text.append(" ".repeat(width + 8)).append("-> ").append(finding.remedy()).append('\n');
      }
    }
    return text.append(sum()).toString();
  }

  private String sum() {
    return "%d ok, %d warn, %d fail"
        .formatted(count(Level.OK), count(Level.WARN), count(Level.FAIL));
  }

  /** The same for scripts. */
  public JsonObject json() {
    JsonArray all = new JsonArray();
    for (Finding finding : findings) {
      all.add(
          new JsonObject()
              .put("level", finding.level().label())
              .put("name", finding.name())
              .put("seen", finding.seen())
              .put("remedy", finding.remedy()));
    }
    return new JsonObject()
        .put("ok", count(Level.OK))
        .put("warn", count(Level.WARN))
        .put("fail", count(Level.FAIL))
        .put("findings", all);
  }
}
