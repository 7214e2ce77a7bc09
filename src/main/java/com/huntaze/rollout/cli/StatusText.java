package com.huntaze.rollout.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A rollout's state in a few plain lines. What comes from the proxy is made printable. */
final class StatusText {
  private static final int MOST_NAMED = 5;

  private StatusText() {}

  static String of(JsonObject state, JsonObject health, JsonArray providers) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %d %% to Foundry  %s"
            .formatted(state.getString("phase"), state.getInteger("percentage"), verdict(health)));
    lines.add("  judged   " + health.getString("sentence", "no data yet: nothing was evaluated"));
    for (Object notice : health.getJsonArray("notices", new JsonArray())) {
      lines.add("  notice   " + ((JsonObject) notice).getString("sentence"));
    }
    lines.add("  why      " + state.getString("reason"));
    lines.add("  next     " + state.getString("next"));
    lines.add(
        "  since    %s, healthy for %s"
            .formatted(state.getString("startedAt"), duration(state.getLong("healthyDuration"))));
    JsonObject sides = state.getJsonObject("metrics");
    for (int i = 0; i < providers.size(); i++) {
      JsonObject provider = providers.getJsonObject(i);
      String name = provider.getString("provider");
      lines.add(provider(name, sides.getJsonObject(name), provider));
    }
    JsonArray metrics = health.getJsonArray("metrics", new JsonArray());
    for (int i = 0; i < metrics.size(); i++) {
      JsonObject row = metrics.getJsonObject(i);
      lines.add(metric(row));
      for (Object each : row.getJsonArray("wouldHave", new JsonArray())) {
        lines.add("    " + ((JsonObject) each).getString("sentence"));
      }
    }
    lines.addAll(segments(health.getJsonObject("segments")));
    fleet(state).ifPresent(whose -> lines.add("  figures  " + whose));
    return printable(String.join("\n", lines));
  }

  /** The parts of the traffic that are worse off, and how many there are. */
  private static List<String> segments(JsonObject segments) {
    if (segments == null || segments.getInteger("compared") == 0) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    JsonArray rows = segments.getJsonArray("rows");
    for (int i = 0; i < rows.size(); i++) {
      if ("over".equals(rows.getJsonObject(i).getString("state"))) {
        lines.add(metric(rows.getJsonObject(i)));
      }
    }
    lines.add(
        "  %-26s %d compared, %s"
            .formatted(
                "Parts of the traffic",
                segments.getInteger("compared"),
                lines.isEmpty() ? "none worse off than at legacy" : "see above"));
    return lines;
  }

  /** With the reason of a hold, by which the runbook goes. */
  private static String verdict(JsonObject health) {
    String hold = health.getString("hold", "none");
    String verdict = health.getString("verdict", "not judged yet");
    return verdict.equals("hold") && !hold.equals("none")
        ? "%s (%s)".formatted(verdict, hold)
        : verdict;
  }

  private static String metric(JsonObject row) {
    String observed = "observe".equals(row.getString("action")) ? " (only observed)" : "";
    String legacy = row.getString("legacy");
    return String.format(
        Locale.ROOT,
        "  %-26s %s, %slimit %s, of %d: %s%s",
        row.getString("title"),
        row.getString("actual"),
        legacy == null
            ? ""
            : "legacy " + legacy + difference(row.getJsonObject("difference")) + ", ",
        row.getString("limit"),
        row.getLong("samples"),
        row.getString("state").replace('_', ' '),
        observed);
  }

  /** Of what has no interval legacy's figure says it all. */
  private static String difference(JsonObject difference) {
    return difference == null ? "" : " (difference %s)".formatted(difference.getString("text"));
  }

  private static String provider(String name, JsonObject metrics, JsonObject state) {
    return String.format(
        Locale.ROOT,
        "  %-8s %d requests, %s; breaker %s, probe %s%s",
        name,
        metrics.getLong("requestCount"),
        figures(metrics),
        state.getString("breaker"),
        probe(state),
        others(state));
  }

  /** The other replicas of a cluster at which all is not well. */
  private static String others(JsonObject state) {
    List<String> told =
        state.getJsonArray("others", new JsonArray()).stream()
            .map(JsonObject.class::cast)
            .filter(each -> !each.getBoolean("up") || !"closed".equals(each.getString("breaker")))
            .map(
                each ->
                    "%s (breaker %s, probe %s)"
                        .formatted(
                            each.getString("replica"), each.getString("breaker"), probe(each)))
            .toList();
    return told.isEmpty() ? "" : "; not so at " + String.join(", ", told);
  }

  private static String probe(JsonObject state) {
    if (state.getBoolean("up")) {
      return "up";
    }
    return state.containsKey("why") ? "down: " + state.getString("why") : "down";
  }

  /** Without requests 0 % of errors would be praise. */
  private static String figures(JsonObject metrics) {
    return metrics.getLong("requestCount") == 0
        ? "no data"
        : String.format(
            Locale.ROOT,
            "errors %.1f %%, p95 %.0f ms, %s",
            100 * metrics.getDouble("errorRate"),
            metrics.getDouble("latencyP95"),
            each(metrics));
  }

  /** A proxy of an earlier version does not tell whether it knows. */
  private static String each(JsonObject metrics) {
    return metrics.getBoolean("costKnown", true)
        ? String.format(Locale.ROOT, "%.6f USD each", metrics.getDouble("avgCostPerRequest"))
        : "cost unknown";
  }

  static String transition(JsonObject transition) {
    return printable(transition.getString("at") + "  " + transition.getString("sentence"));
  }

  static String cost(JsonObject row, String by) {
    return printable(
        String.format(
            Locale.ROOT,
            "%-28s %10d requests  %18s  %d unknown",
            row.getString(by),
            row.getLong("requests"),
            usd(row.getString("costUsd")),
            row.getLong("unknown")));
  }

  /** The owner of an answer's figures; empty = there is no cluster. */
  static Optional<String> fleet(JsonObject answer) {
    JsonObject fleet = answer.getJsonObject("fleet");
    if (fleet == null) {
      return Optional.empty();
    }
    List<String> missing = new ArrayList<>();
    for (Object each : fleet.getJsonArray("missing", new JsonArray())) {
      JsonObject replica = (JsonObject) each;
      missing.add(
          "%s (%s)"
              .formatted(replica.getString("replica", "unknown"), replica.getString("why", "")));
    }
    int more = missing.size() - MOST_NAMED;
    String names =
        missing.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
            + (more > 0 ? " and %d more".formatted(more) : "");
    String without = missing.isEmpty() ? "" : "; missing: " + names;
    String from = String.join(", ", strings(fleet.getJsonArray("from", new JsonArray())));
    return Optional.of(
        printable(
            switch (fleet.getString("figures", "")) {
              case "all" -> "of %s replicas%s".formatted(fleet.getString("replicas"), without);
              case "leader" -> "of all replicas, as the leader, %s, judges them".formatted(from);
              default -> "of replica %s%s".formatted(from, without);
            }));
  }

  private static List<String> strings(JsonArray all) {
    return all.stream().map(String::valueOf).toList();
  }

  private static String usd(String cost) {
    return cost == null ? "unknown" : cost + " USD";
  }

  private static String duration(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
  }

  /** A model's name must not be able to move a terminal's cursor. */
  static String printable(String text) {
    return text.replaceAll("[\\p{Cc}&&[^\n]]", "?");
  }
}
