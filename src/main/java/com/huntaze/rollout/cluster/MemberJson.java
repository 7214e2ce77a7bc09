package com.huntaze.rollout.cluster;

import io.vertx.core.json.JsonObject;

/** A member as people see it, from what it has told of itself. Pure. */
final class MemberJson {
  private MemberJson() {}

  /** A member's status; what it has not told yet is null. */
  static JsonObject described(JsonObject status, String ownConfiguration) {
    String configuration = status.getString("configuration");
    return new JsonObject()
        .put("replica", status.getString("replica"))
        .put("leads", status.getBoolean("leads"))
        .put("term", status.getLong("term"))
        .put("build", status.getString("build"))
        .put("percentage", status.getInteger("percentage"))
        .put("epoch", status.getString("epoch"))
        .put("configuration", configuration)
        .put("drift", isOther(configuration, ownConfiguration));
  }

  /** Returns whether a configuration is known, and another one. */
  static boolean isOther(String configuration, String own) {
    return configuration != null && !configuration.equals(own);
  }
}
