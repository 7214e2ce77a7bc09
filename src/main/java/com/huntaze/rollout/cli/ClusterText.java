package com.huntaze.rollout.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A cluster's members as a table. What comes from the proxy is made printable. */
final class ClusterText {
  private static final String ROW = "%-14s %-9s %-12s %6s %9s %9s %9s  %s";
  private static final String UNKNOWN = "?";

  private static final int MOST_NAMED = 5;

  private ClusterText() {}

  static String of(JsonObject cluster) {
    List<JsonObject> members = members(cluster);
    String leader = cluster.getString("leader");
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %d members, %s"
            .formatted(
                cluster.getString("name"),
                members.size(),
                leader == null ? "no leader is heard" : "led by " + leader));
    lines.add(
        ROW.formatted(
            "REPLICA", "ROLE", "VERSION", "SHARE", "HEARD", "ROWS", "EXCHANGES", "DRIFT"));
    members.forEach(member -> lines.add(row(member)));
    long oneIn = cluster.getLong("comparedOneIn", 1L);
    if (oneIn > 1) {
      lines.add(
          "One user in %d is compared with legacy's: there is no room for more.".formatted(oneIn));
    }
    side(cluster).ifPresent(lines::add);
    return StatusText.printable(String.join("\n", lines));
  }

  /**
   * The judge of a parted cluster's side, and how much it judges for; empty = it has not parted.
   */
  private static Optional<String> side(JsonObject cluster) {
    String judge = cluster.getString("side");
    Double told = cluster.getDouble("share");
    double share = told == null ? 1 : told;
    JsonArray missing = cluster.getJsonArray("missing", new JsonArray());
    if (judge == null && share >= 1) {
      return missing.isEmpty() ? Optional.empty() : Optional.of(unheard(missing) + ".");
    }
    String who =
        judge == null
            ? "The leader hears only some of the members"
            : "No leader is heard, so %s judges for the members that it hears".formatted(judge);
    String part = share < 1 ? ", %.0f %% of all".formatted(100 * share) : "";
    return Optional.of(
        who
            + part
            + ": a rollback by itself takes more evidence until all hear each other."
            + (missing.isEmpty() ? "" : " " + unheard(missing) + "."));
  }

  private static String unheard(JsonArray missing) {
    int more = missing.size() - MOST_NAMED;
    String names =
        missing.stream().limit(MOST_NAMED).map(String::valueOf).collect(Collectors.joining(", "));
    return "Not heard: " + names + (more > 0 ? " and %d more".formatted(more) : "");
  }

  private static List<JsonObject> members(JsonObject cluster) {
    return cluster.getJsonArray("members", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private static String row(JsonObject member) {
    boolean self = member.getBoolean("self", false);
    boolean silent = !self && member.getBoolean("stale", false);
    Integer share = member.getInteger("percentage");
    return ROW.formatted(
            known(member.getString("replica")),
            role(member.getBoolean("leads")) + (self ? " *" : ""),
            known(member.getString("build")),
            share == null ? UNKNOWN : share + " %",
            self ? "-" : age(member.getLong("ageMillis")) + (silent ? " !" : ""),
            self ? "-" : age(member.getLong("rowAgeMillis")),
            self ? "-" : age(member.getLong("exchangesAgeMillis")),
            member.getBoolean("drift", false)
                ? "yes, " + known(member.getString("configuration"))
                : "no")
        .stripTrailing();
  }

  private static String role(Boolean leads) {
    if (leads == null) {
      return UNKNOWN;
    }
    return leads ? "leader" : "follower";
  }

  private static String known(String text) {
    return text == null ? UNKNOWN : text;
  }

  /** Only a leader gets rows. */
  private static String age(Long millis) {
    return millis == null ? "-" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
  }

  /** All is well where there is a leader, and all members are heard and alike. */
  static ExitCode verdict(JsonObject cluster) {
    boolean odd =
        members(cluster).stream()
            .anyMatch(each -> each.getBoolean("stale", false) || each.getBoolean("drift", false));
    odd |= !cluster.getJsonArray("missing", new JsonArray()).isEmpty();
    return odd || cluster.getString("leader") == null ? ExitCode.WAITS : ExitCode.GOOD;
  }
}
