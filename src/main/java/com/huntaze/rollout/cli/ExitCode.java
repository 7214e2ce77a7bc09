package com.huntaze.rollout.cli;

import io.vertx.core.json.JsonObject;

/** The exit codes of the commands: each is a verdict, so that scripts need not read the text. */
enum ExitCode {
  /** All is well: healthy, or nothing runs that could be ill. */
  GOOD(0),
  /** The command was refused, or the proxy cannot be reached. */
  FAILED(1),
  /** The command was given wrongly. */
  USAGE(2),
  /**
   * It waits: for data, for proof, or for a person, who has paused it or set its share, or whose
   * disk cannot be written. A rollout that has not begun waits for nothing.
   */
  WAITS(3),
  /**
   * A limit is exceeded, and nothing was rolled back for it: its action or the mode is to alert.
   */
  UNHEALTHY(4),
  /** It was rolled back. */
  ROLLED_BACK(5);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The verdict on a rollout's state and the latest evaluation. */
  static ExitCode of(JsonObject state, JsonObject health) {
    String verdict = health.getString("verdict", "hold");
    if (state.getString("phase").equals("rollback")) {
      return ROLLED_BACK;
    } else if (verdict.equals("alert") || verdict.equals("rollback")) {
      return UNHEALTHY;
    }
    // A proxy of another version may not tell.
    if (!state.getBoolean("durable", true)) {
      return WAITS;
    }
    int percentage = state.getInteger("percentage");
    boolean waits = verdict.equals("hold") || state.getBoolean("paused");
    waits |= percentage < 100 && state.getBoolean("manual", false);
    // Where all of it is served nothing is left to be proven.
    waits |= percentage < 100 && lacksProof(health.getJsonObject("promotion"));
    return waits && percentage > 0 ? WAITS : GOOD;
  }

  private static boolean lacksProof(JsonObject promotion) {
    return promotion != null && !promotion.getBoolean("ready");
  }

  /** Returns whether nothing will change any more without a person. */
  static boolean isFinal(JsonObject state, ExitCode verdict) {
    boolean arrived = state.getInteger("percentage") == 100 && verdict == GOOD;
    return arrived || verdict == ROLLED_BACK;
  }
}
