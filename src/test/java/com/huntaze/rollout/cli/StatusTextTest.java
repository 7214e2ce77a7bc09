package com.huntaze.rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** The command line's lines, where a cost is known and where it is not. */
class StatusTextTest {
  private static JsonObject metrics(Boolean costKnown) {
    JsonObject metrics =
        new JsonObject()
            .put("requestCount", 3)
            .put("errorRate", 0.0)
            .put("latencyP95", 12.0)
            .put("avgCostPerRequest", costKnown == Boolean.FALSE ? 0.0 : 0.0015);
    return costKnown == null ? metrics : metrics.put("costKnown", costKnown);
  }

  private static String status(Boolean costKnown) {
    JsonObject state =
        new JsonObject()
            .put("phase", "canary_10")
            .put("percentage", 10)
            .put("healthyDuration", 1L)
            .put("metrics", new JsonObject().put("legacy", metrics(costKnown)));
    JsonObject provider =
        new JsonObject().put("provider", "legacy").put("breaker", "closed").put("up", true);
    return StatusText.of(state, new JsonObject(), new JsonArray().add(provider));
  }

  @Test
  void tellsACostOnlyWhereItIsKnown() {
    assertThat(status(true)).contains("0.001500 USD each");
    assertThat(status(false)).contains("cost unknown").doesNotContain("USD");
    // A proxy of an earlier version does not tell whether it knows.
    assertThat(status(null)).contains("0.001500 USD each");
  }

  @Test
  void saysThatThereIsNoData() {
    JsonObject none = metrics(true).put("requestCount", 0);
    JsonObject state =
        new JsonObject()
            .put("phase", "canary_10")
            .put("percentage", 10)
            .put("healthyDuration", 0L)
            .put("metrics", new JsonObject().put("foundry", none));
    JsonArray providers =
        new JsonArray()
            .add(
                new JsonObject()
                    .put("provider", "foundry")
                    .put("breaker", "closed")
                    .put("up", true));
    assertThat(StatusText.of(state, new JsonObject(), providers))
        .startsWith("canary_10  10 % to Foundry  not judged yet\n")
        .contains("  judged   no data yet: nothing was evaluated")
        .contains("  foundry  0 requests, no data; breaker closed, probe up")
        .doesNotContain("errors", "p95");
    JsonObject held =
        new JsonObject()
            .put("verdict", "hold")
            .put("hold", "no_data")
            .put("sentence", "no observation of foundry for 12 s");
    assertThat(StatusText.of(state, held, providers))
        .startsWith("canary_10  10 % to Foundry  hold (no_data)\n")
        .contains("  judged   no observation of foundry for 12 s");
  }

  @Test
  void callsASumThatIsNotKnownUnknown() {
    JsonObject row = new JsonObject().put("model", "m").put("requests", 2L).put("unknown", 2L);
    assertThat(StatusText.cost(row.putNull("costUsd"), "model"))
        .contains("  unknown  2 unknown")
        .doesNotContain("USD", "null");
    assertThat(StatusText.cost(row.put("costUsd", "0.0015"), "model")).contains("0.0015 USD");
  }

  @Test
  void printsTheDifferenceBesideLegacysFigure() {
    JsonObject row =
        new JsonObject()
            .put("title", "Errors by user")
            .put("action", "alert")
            .put("actual", "3.0 %")
            .put("limit", "<= 2.5 %")
            .put("legacy", "1.0 %")
            .put("difference", new JsonObject().put("text", "-0.3 to +4.1 points"))
            .put("samples", 100L)
            .put("state", "waiting");
    JsonObject state =
        new JsonObject()
            .put("phase", "canary_10")
            .put("percentage", 10)
            .put("healthyDuration", 1L)
            .put("metrics", new JsonObject());
    JsonObject health = new JsonObject().put("metrics", new JsonArray().add(row));
    assertThat(StatusText.of(state, health, new JsonArray()))
        .contains("3.0 %, legacy 1.0 % (difference -0.3 to +4.1 points), limit <= 2.5 %");
    row.remove("difference");
    assertThat(StatusText.of(state, health, new JsonArray()))
        .contains("3.0 %, legacy 1.0 %, limit <= 2.5 %");
  }

  @Test
  void printsTheRowsThatTheServerSends() {
    JsonObject row =
        new JsonObject()
            .put("metric", "first_content_p95")
            .put("title", "First content p95")
            .put("action", "observe")
            .put("actual", "2.51 s")
            .put("limit", "<= 2s")
            .put("samples", 100L)
            .put("state", "over")
            .put(
                "wouldHave",
                new JsonArray()
                    .add(new JsonObject().put("sentence", "would have rolled back at noon")));
    JsonObject notice = new JsonObject().put("sentence", "10 % was set, 3.1 % are served");
    JsonObject health =
        new JsonObject()
            .put("metrics", new JsonArray().add(row))
            .put("notices", new JsonArray().add(notice));
    JsonObject state =
        new JsonObject()
            .put("phase", "canary_10")
            .put("percentage", 10)
            .put("healthyDuration", 1L)
            .put("metrics", new JsonObject());
    assertThat(StatusText.of(state, health, new JsonArray()))
        .contains("  notice   10 % was set, 3.1 % are served\n")
        .contains(
            "First content p95",
            "2.51 s, limit <= 2s, of 100: over (only observed)\n    would have rolled back at noon");
  }
}
