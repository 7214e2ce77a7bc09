package com.huntaze.rollout.admin.figures;

import com.huntaze.rollout.bus.FleetFigures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Breakers and probes of other replicas, beside the own ones. Each replica opens a breaker by what
 * it sees itself, so they are told one by one and never summed up. Pure.
 */
public final class OthersProviders {
  /** The member of an answer between replicas that has the rows. */
  public static final String ROWS = "providers";

  private static final String PROVIDER = "provider";
  private static final int MOST_ROWS = 8;
  private static final int MOST_REPLICAS = 256;
  private static final int LONGEST = 200;
  private static final Set<String> PROVIDERS = Set.of("foundry", "legacy");
  private static final Set<String> BREAKERS = Set.of("closed", "open", "half_open");

  private OthersProviders() {}

  /**
   * The own rows, each with what others say of the same provider; without a cluster as they are.
   */
  public static JsonArray beside(JsonArray own, FleetFigures others) {
    List<JsonObject> told = others.sum(List.of(), OthersProviders::read, OthersProviders::joined);
    for (int i = 0; i < own.size(); i++) {
      JsonObject row = others.tell(own.getJsonObject(i));
      if (row.containsKey(FleetFigures.FLEET)) {
        row.put("others", of(row.getString(PROVIDER), told));
      }
    }
    return own;
  }

  private static JsonArray of(String provider, List<JsonObject> told) {
    JsonArray rows = new JsonArray();
    told.stream()
        .filter(each -> each.getString(PROVIDER).equals(provider))
        .limit(MOST_REPLICAS)
        .forEach(
            each -> {
              JsonObject row = each.copy();
              row.remove(PROVIDER);
              rows.add(row);
            });
    return rows;
  }

  private static List<JsonObject> joined(List<JsonObject> one, List<JsonObject> other) {
    List<JsonObject> all = new ArrayList<>(one);
    all.addAll(other);
    return all;
  }

  /**
   * Reads what a replica has told.
   *
   * @throws RuntimeException if it cannot be true
   */
  static List<JsonObject> read(String replica, JsonObject body) {
    JsonArray rows = body.getJsonArray(ROWS);
    if (rows.size() > MOST_ROWS) {
      throw new IllegalArgumentException("%d providers".formatted(rows.size()));
    }
    List<JsonObject> read = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      read.add(row(replica, rows.getJsonObject(i)));
    }
    return read;
  }

  private static JsonObject row(String replica, JsonObject told) {
    JsonObject row =
        new JsonObject()
            .put("replica", replica)
            .put(PROVIDER, one(told.getString(PROVIDER), PROVIDERS))
            .put("breaker", one(told.getString("breaker"), BREAKERS))
            .put("up", told.getBoolean("up").booleanValue());
    String why = told.getString("why");
    return why == null ? row : row.put("why", shown(why));
  }

  private static String one(String told, Set<String> of) {
    if (told == null || !of.contains(told)) {
      throw new IllegalArgumentException("%s (expected: one of %s)".formatted(told, of));
    }
    return told;
  }

  private static String shown(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", " ");
    return printable.substring(0, Math.min(LONGEST, printable.length()));
  }
}
