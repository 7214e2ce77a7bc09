package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault.Status;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar tells people of a rollback that it has decided itself. */
class PackagedAlertsIT {
  private static final String SECRET = "a receiver's secret";

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void start() {
    mail.start();
  }

  @AfterEach
  void stop() {
    mail.stop();
    RunningProxy.await(vertx.close());
  }

  private JsonObject changes(String hook) {
    JsonObject webhook =
        new JsonObject().put("type", "webhook").put("url", hook).put("secret", SECRET);
    JsonObject email =
        new JsonObject()
            .put("type", "email")
            .put("minSeverity", "critical")
            .put("host", "127.0.0.1")
            .put("port", mail.getSmtp().getPort())
            .put("from", "proxy@example.com")
            .put("to", new JsonArray().add("ops@example.com").add("second@example.com"));
    JsonArray channels =
        new JsonArray().add(new JsonObject().put("type", "log")).add(webhook).add(email);
    JsonObject plain =
        new JsonObject()
            .put("evaluateEvery", "50ms")
            .put("minRequests", 20)
            .put("sequential", new JsonObject().put("enabled", false));
    // No breaker and no probe: the rollback is the plain rule's, and the only critical alert.
    JsonObject quiet = new JsonObject().put("interval", "1h").put("timeout", "1s");
    JsonObject bare =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000))
            .put("probe", quiet);
    JsonObject legacy = new JsonObject().put("probe", quiet.copy());
    return RolloutProcess.stages("1h")
        .put("providers", new JsonObject().put("foundry", bare).put("legacy", legacy))
        .put("alerts", new JsonObject().put("channels", channels))
        .put("health", plain);
  }

  @Test
  void aRollbackReachesWebhookMailAndLog() throws Exception {
    FaultyUpstream foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    FaultyUpstream legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
    RunningProxy.await(foundry.become(new Status(500, Map.of(), "no")));
    try (Received hook = new Received(Received.OK);
        RolloutProcess proxy =
            RolloutProcess.start(
                foundry.url(), legacy.url(), folder, changes(hook.url() + "/alerts"))) {
      proxy.done("start");
      proxy.set(100);
      proxy.until(phase("rollback"), () -> proxy.posts(10));
      Received.Post post = hook.next();
      while (!"rollout.alert.rollback".equals(post.body().getString("type"))) {
        post = hook.next();
      }
      assertThat(post.isSignedWith(SECRET.getBytes(StandardCharsets.UTF_8))).isTrue();
      JsonObject data = post.body().getJsonObject("data");
      assertThat(data.getString("subject")).isEqualTo("canary foundry");
      assertThat(data.getString("sentence"))
          .startsWith("ROLLBACK canary foundry 100 % -> 0 % (rollback, epoch ")
          .contains("error rate 100.0 % > 5.0 %");

      assertThat(mail.waitForIncomingEmail(20_000, 1)).as(proxy.process().output()).isTrue();
      MimeMessage message = mail.getReceivedMessages()[0];
      assertThat(message.getAllRecipients())
          .extracting(Object::toString)
          .containsExactly("ops@example.com", "second@example.com");
      assertThat(message.getSubject()).isEqualTo("[rollout] critical rollback: canary foundry");
      assertThat((String) message.getContent())
          .contains("error rate 100.0 % > 5.0 %")
          .contains("docs/alerts.md, section rollback");

      proxy.awaitOutput("Alert (critical, rollback): ROLLBACK canary");
      JsonArray alerts = proxy.get("/api/v1/alerts").getJsonArray("alerts");
      assertThat(alerts.stream().map(JsonObject.class::cast).map(a -> a.getString("id")))
          .contains(data.getString("id"));
      proxy.terminate();
      assertThat(proxy.process().finalOutput()).doesNotContain(SECRET).doesNotContain("xception");
    }
  }
}
