package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault.Plain;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A kept connection that its upstream closes in the very moment in which the next request is sent
 * on it (RFC 9112 §9.3.1): what may be repeated is, and what may not is told to the client.
 */
@ParameterizedClass
@EnumSource(Wire.class)
class CloseRaceIT {
  @Parameter Wire wire;

  private static Vertx vertx;
  private static FaultyUpstream foundry;
  private static FaultyUpstream legacy;
  private static RunningProxy proxy;

  @BeforeParameterizedClassInvocation
  static void start(Wire wire) {
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
    // One event loop: then the next request takes the connection that the last one left.
    proxy =
        RunningProxy.start(
            wire,
            RunningProxy.before("foundry", foundry.url(), legacy.url())
                .put("server", new JsonObject().put("eventLoops", 1)));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    proxy.close();
    RunningProxy.await(vertx.close());
  }

  private static HttpResponse<String> ask(String path, String id) throws IOException {
    return proxy.post(path, "{\"prompt\":\"hi\"}", "X-Correlation-ID", id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/route", "/v1/chat/completions"})
  void aRequestThatMayBeRepeatedIsAnsweredByTheSameProvider(String path) throws IOException {
    String id = "race" + path.replace('/', '-');
    assertThat(ask(path, id + "-before").statusCode()).isEqualTo(200);
    foundry.plan(id, Plain.CONNECTION_CLOSE_RACE);
    HttpResponse<String> answer = ask(path, id);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-ai-provider")).contains("foundry");
    assertThat(new JsonObject(answer.body()).getString("served_by")).isEqualTo("foundry");
    assertThat(foundry.ledger().begun(id)).as("attempts").isEqualTo(2);
    assertThat(foundry.ledger().executions(id)).isEqualTo(1);
    assertThat(legacy.ledger().begun(id)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/jobs", "/audio/transcribe"})
  void aJobIsNeverSentAgain(String path) throws IOException {
    String id = "race" + path.replace('/', '-');
    assertThat(ask(path, id + "-before").statusCode()).isEqualTo(200);
    foundry.plan(id, Plain.CONNECTION_CLOSE_RACE);
    HttpResponse<String> answer = ask(path, id);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("FOUNDRY_UNAVAILABLE");
    assertThat(foundry.ledger().begun(id)).isEqualTo(1);
    assertThat(legacy.ledger().begun(id)).isZero();
  }
}
