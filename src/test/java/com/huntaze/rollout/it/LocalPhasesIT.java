package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/local.md} in fast motion: the packaged proxy between two real routers under uvicorn,
 * through foundry, legacy, the canary's stages, a router that dies, and one that comes back. No
 * client is refused an answer at any time.
 */
@Tag("heavy")
class LocalPhasesIT {
  private static final String KEY = "the-router-s-key";

  @TempDir private Path temporary;

  private PythonRouter legacy;
  private final List<String> providers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    PythonRouter.require();
    legacy = PythonRouter.start(Map.of());
  }

  @AfterEach
  void stop() {
    if (legacy != null) {
      legacy.close();
    }
  }

  private static PythonRouter foundry() throws Exception {
    return PythonRouter.start(Map.of("AI_ROUTER_API_KEY", KEY));
  }

  private static String url(PythonRouter router) {
    return "http://127.0.0.1:" + router.port();
  }

  private RolloutProcess proxy(String mode, PythonRouter foundry) throws Exception {
    return RolloutProcess.start(
        Map.of(
            "AI_PROVIDER",
            mode,
            "AI_ROUTER_API_KEY",
            KEY,
            "AI_ROUTER_URL",
            url(foundry),
            "AI_LEGACY_URL",
            url(legacy)),
        "http://127.0.0.1:1",
        "http://127.0.0.1:1",
        temporary.resolve("state"),
        fast());
  }

  /** Stages of a second, and no proof: that would take longer than a test. */
  private static JsonObject fast() {
    JsonObject stages = RolloutProcess.stages("1s");
    stages.getJsonObject("canary").getJsonObject("promote").put("evidence", false);
    return stages;
  }

  /** One request of a client that knows nothing of any of this. */
  private String ask(RolloutProcess proxy) {
    HttpResponse<String> answer = proxy.post();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(new JsonObject(answer.body()).getString("model")).isNotBlank();
    String provider = answer.headers().firstValue("X-AI-Provider").orElseThrow();
    providers.add(provider);
    return provider;
  }

  private void askMany(RolloutProcess proxy) {
    for (int i = 0; i < 20; i++) {
      ask(proxy);
    }
  }

  @Test
  void theSeedsPhases() throws Exception {
    try (PythonRouter foundry = foundry()) {
      try (RolloutProcess proxy = proxy("foundry", foundry)) {
        assertThat(ask(proxy)).isEqualTo("foundry");
        proxy.terminate();
      }
      try (RolloutProcess proxy = proxy("legacy", foundry)) {
        assertThat(ask(proxy)).isEqualTo("legacy");
        proxy.terminate();
      }
      try (RolloutProcess proxy = proxy("canary", foundry)) {
        assertThat(proxy.state().getString("phase")).isEqualTo("initial");
        assertThat(ask(proxy)).isEqualTo("legacy");
        assertThat(proxy.done("start").getString("phase")).isEqualTo("canary_10");
        providers.clear();
        askMany(proxy);
        assertThat(providers).contains("foundry", "legacy");
        proxy.until(phase("canary_50"), () -> askMany(proxy));
        proxy.until(phase("full"), () -> askMany(proxy));
        assertThat(ask(proxy)).isEqualTo("foundry");

        foundry.process().destroyForcibly();
        proxy.until(phase("rollback"), () -> ask(proxy));
        assertThat(ask(proxy)).isEqualTo("legacy");
        proxy.awaitOutput("ROLLBACK canary foundry 100 % -> 0 %");
        proxy.terminate();
      }
    }
    recovery();
  }

  /** A rollback outlives a restart and a router that is well again: only a person begins anew. */
  private void recovery() throws Exception {
    try (PythonRouter mended = foundry();
        RolloutProcess proxy = proxy("canary", mended)) {
      assertThat(proxy.state().getString("phase")).isEqualTo("rollback");
      assertThat(ask(proxy)).isEqualTo("legacy");
      assertThat(proxy.done("start").getInteger("percentage")).isEqualTo(10);
      proxy.until(percentage(50), () -> askMany(proxy));
      providers.clear();
      askMany(proxy);
      assertThat(providers).contains("foundry", "legacy");
      proxy.terminate();
    }
  }
}
