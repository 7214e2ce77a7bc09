package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Alerts as they arrive: at a real mail server and at real HTTP endpoints, over real sockets. */
@Tag("heavy")
class AlertsIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final byte[] KEY = "a key of the receiver".getBytes(StandardCharsets.UTF_8);
  private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);
  private static final String PASSWORD = "mail-hunter2";

  @TempDir private Path folder;

  private GreenMail mail;

  @BeforeEach
  void startMail() {
    mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    mail.setUser("proxy@example.com", "proxy", PASSWORD);
    mail.getUserManager().setAuthRequired(true);
  }

  @AfterEach
  void stopMail() {
    mail.stop();
  }

  private static JsonObject channel(String type) {
    return new JsonObject().put("type", type).put("minSeverity", "info");
  }

  private static JsonObject webhook(String url) {
    return channel("webhook").put("url", url).put("secret", SECRET);
  }

  private JsonObject email() {
    return email(mail.getSmtp().getPort());
  }

  private static JsonObject email(int port) {
    return channel("email")
        .put("host", "127.0.0.1")
        .put("port", port)
        .put("username", "proxy")
        .put("password", PASSWORD)
        .put("from", "proxy@example.com")
        .put("to", new JsonArray().add("ops@example.com"));
  }

  private static JsonObject alerts(String cooldown, JsonObject... channels) {
    return new JsonObject()
        .put("cooldown", cooldown)
        .put("channels", new JsonArray(List.of((Object[]) channels)));
  }

  private static RunningProxy proxy(JsonObject alerts) {
    return RunningProxy.start(RunningProxy.canary(UNUSED, UNUSED, 10).put("alerts", alerts));
  }

  private static void command(RunningProxy proxy, String command) throws IOException {
    String path = "/api/v1/canary/" + command;
    String body = "{\"reason\":\"a test\"}";
    assertThat(proxy.admin("POST", path, body, "Content-Type", "application/json").statusCode())
        .isEqualTo(200);
  }

  private static void raise(RunningProxy proxy, Object body) {
    proxy.vertx().eventBus().publish("rollout.alert", body);
  }

  private static JsonObject hold(String sentence) {
    return new JsonObject()
        .put("kind", "hold")
        .put("subject", "canary foundry")
        .put("sentence", sentence);
  }

  private static JsonObject seen(RunningProxy proxy) throws IOException {
    return new JsonObject(proxy.admin("GET", "/api/v1/alerts", null).body());
  }

  private static JsonObject seenChannel(RunningProxy proxy, String name) throws IOException {
    return seen(proxy).getJsonArray("channels").stream()
        .map(JsonObject.class::cast)
        .filter(channel -> channel.getString("channel").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void awaitCount(RunningProxy proxy, String channel, String count, int least)
      throws Exception {
    Waits.until(
        () -> count + " of " + channel,
        () -> seenChannel(proxy, channel),
        seen -> seen.getInteger(count) >= least,
        () -> Waits.pause(Duration.ofMillis(20)));
  }

  private MimeMessage nextMail() {
    assertThat(mail.waitForIncomingEmail(20_000, 1)).isTrue();
    return mail.getReceivedMessages()[0];
  }

  @Test
  void aRollbackArrivesEverywhereAndIsSignedAndSeen() throws Exception {
    try (Received hook = new Received(Received.OK);
        Received slack = new Received("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        RunningProxy proxy =
            proxy(
                alerts(
                    "5m",
                    webhook(hook.url() + "/hook?tenant=7"),
                    channel("slack").put("url", slack.url() + "/services/T/B/x"),
                    email()))) {
      command(proxy, "start");
      command(proxy, "rollback");

      Received.Post post = hook.next();
      assertThat(post.head()).startsWith("POST /hook?tenant=7 HTTP/1.1");
      assertThat(post.isSignedWith(KEY)).isTrue();
      assertThat(post.isSignedWith("another".getBytes(StandardCharsets.UTF_8))).isFalse();
      assertThat(post.body().getString("type")).isEqualTo("rollout.alert.rollback");
      JsonObject data = post.body().getJsonObject("data");
      assertThat(data.getString("severity")).isEqualTo("critical");
      assertThat(data.getString("id")).isEqualTo(post.header("webhook-id"));
      assertThat(data.getString("sentence"))
          .startsWith("ROLLBACK canary foundry 10 % -> 0 % (rollback, epoch ")
          .endsWith(": a test");

      assertThat(slack.next().body().getString("text"))
          .startsWith("[critical] rollback: ROLLBACK canary foundry 10 % -&gt; 0 %");

      MimeMessage message = nextMail();
      assertThat(message.getSubject()).isEqualTo("[rollout] critical rollback: canary foundry");
      assertThat((String) message.getContent()).contains("ROLLBACK canary foundry 10 % -> 0 %");
      assertThat(message.getHeader("Message-ID"))
          .containsExactly("<" + data.getString("id") + "@example.com>");

      awaitCount(proxy, "email", "delivered", 1);
      awaitCount(proxy, "slack", "delivered", 1);
      JsonObject newest = seen(proxy).getJsonArray("alerts").getJsonObject(0);
      assertThat(newest.getString("kind")).isEqualTo("rollback");
      assertThat(newest.getJsonObject("deliveries").getMap())
          .containsOnlyKeys("webhook", "slack", "email")
          .containsEntry("email", "delivered");
      Waits.untilAsserted(
          () ->
              assertThat(proxy.admin("GET", "/metrics", null).body())
                  .contains(
                      "rollout_alerts_total{kind=\"rollback\",severity=\"critical\"} 1.0",
                      "rollout_alert_deliveries_total{channel=\"email\",result=\"delivered\"} 1.0"));
    }
  }

  @Test
  void anAnswerThatSaysLaterIsComeBackToWithTheSameId() throws Exception {
    try (Received hook =
            new Received(
                "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n",
                Received.OK);
        RunningProxy proxy = proxy(alerts("5m", webhook(hook.url())))) {
      raise(proxy, hold("The canary has been held: too few"));
      Received.Post first = hook.next();
      Received.Post second = hook.next();
      Received.Post third = hook.next();
      assertThat(second.at() - first.at()).isGreaterThan(Duration.ofMillis(900).toNanos());
      assertThat(third.at() - second.at()).isGreaterThan(Duration.ofMillis(2_900).toNanos());
      assertThat(second.header("webhook-id")).isEqualTo(first.header("webhook-id"));
      assertThat(third.header("webhook-id")).isEqualTo(first.header("webhook-id"));
      assertThat(third.isSignedWith(KEY)).isTrue();
      awaitCount(proxy, "webhook", "delivered", 1);
      JsonObject state = seenChannel(proxy, "webhook");
      assertThat(state.getInteger("consecutiveFailures")).isZero();
      assertThat(state.getString("lastError")).isEqualTo("answered 429");
      assertThat(hook.next(200)).isNull();
    }
  }

  @Test
  void whatIsRefusedIsNotTriedAgainAndARedirectIsNotFollowed() throws Exception {
    try (Received elsewhere = new Received(Received.OK);
        Received hook =
            new Received(
                "HTTP/1.1 302 Found\r\nLocation: %s/\r\nContent-Length: 0\r\n\r\n"
                    .formatted(elsewhere.url()),
                "HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n",
                Received.OK);
        RunningProxy proxy = proxy(alerts("0s", webhook(hook.url())))) {
      raise(proxy, hold("first"));
      awaitCount(proxy, "webhook", "failed", 1);
      assertThat(seenChannel(proxy, "webhook").getString("lastError")).isEqualTo("answered 302");
      raise(proxy, hold("second"));
      awaitCount(proxy, "webhook", "failed", 2);
      raise(proxy, hold("third"));
      awaitCount(proxy, "webhook", "delivered", 1);
      assertThat(elsewhere.connections()).isZero();
      assertThat(hook.connections()).isEqualTo(3);
    }
  }

  /** Takes connections and never answers. */
  private static RawOrigin hung() {
    return new RawOrigin(RawOrigin.Call::awaitClose);
  }

  private static int port(String url) {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  @Test
  void aChannelThatHangsAndADeadMailServerDelayNothing() throws Exception {
    try (RawOrigin hung = hung();
        Received hook = new Received(Received.OK)) {
      RunningProxy proxy =
          proxy(alerts("5m", webhook(hung.url()), email(FreePorts.next()), webhook(hook.url())));
      try {
        for (int i = 0; i < 150; i++) {
          raise(proxy, hold("s").put("subject", "subject " + i));
        }
        command(proxy, "start");
        command(proxy, "rollback");
        for (int i = 0; i < 100; i++) {
          hook.next();
        }
        JsonObject dead = seenChannel(proxy, "webhook");
        assertThat(dead.getInteger("delivered")).isZero();
        assertThat(dead.getInteger("queued")).isEqualTo(101);
        assertThat(dead.getInteger("dropped")).isEqualTo(50);
        awaitCount(proxy, "email", "consecutiveFailures", 1);
        assertThat(seenChannel(proxy, "email").getString("lastError")).isEqualTo("no connection");
        JsonArray all = seen(proxy).getJsonArray("alerts");
        assertThat(all.size()).isEqualTo(151);
        assertThat(all.getJsonObject(0).getString("kind")).isEqualTo("rollback");
        assertThat(proxy.get("/readyz").statusCode()).isEqualTo(200);
      } finally {
        long closing = System.nanoTime();
        proxy.close();
        assertThat(Duration.ofNanos(System.nanoTime() - closing))
            .isLessThan(Waits.bound(Duration.ofSeconds(8)));
      }
    }
  }

  @Test
  void whatWaitsForItsNextAttemptIsTriedOnceMoreAtTheEnd() throws Exception {
    try (Received hook =
        new Received(
            "HTTP/1.1 503 No\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n", Received.OK)) {
      try (RunningProxy proxy = proxy(alerts("5m", webhook(hook.url())))) {
        raise(proxy, hold("first"));
        raise(proxy, hold("second").put("subject", "another"));
        hook.next();
        awaitCount(proxy, "webhook", "consecutiveFailures", 1);
      }
      assertThat(hook.next().text()).contains("first");
      assertThat(hook.next().text()).contains("second");
    }
  }

  @Test
  void aSilentMailServerIsGivenUpOn() throws Exception {
    try (RawOrigin hung = hung();
        RunningProxy proxy = proxy(alerts("5m", email(port(hung.url()))))) {
      raise(proxy, hold("s"));
      awaitCount(proxy, "email", "consecutiveFailures", 1);
      assertThat(hung.nextClosed(10_000)).isNotNull();
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    GreenMail tls = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
    tls.start();
    String url = "https://127.0.0.1:" + tls.getSmtps().getPort() + "/";
    try (RunningProxy proxy = proxy(alerts("5m", webhook(url)))) {
      raise(proxy, hold("s"));
      awaitCount(proxy, "webhook", "consecutiveFailures", 1);
      assertThat(seenChannel(proxy, "webhook").getString("lastError"))
          .isEqualTo("the TLS handshake failed");
    } finally {
      tls.stop();
    }
  }

  @Test
  void aModelsNameAddsNoHeaderAndNoReceiver() throws Exception {
    String model = "x\\r\\nBcc: eve@example.com\\r\\n\\r\\n<!channel> \\u2028 y";
    String json =
        "{\"model\":\"%s\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}"
            .formatted(model);
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
    Path prices = folder.resolve("prices.json");
    Files.writeString(prices, "{\"models\":{\"m\":{\"input\":\"1\",\"output\":\"1\"}}}");
    try (RawOrigin foundry =
            new RawOrigin(call -> call.send(head + json.length() + "\r\n\r\n" + json));
        Received slack = new Received(Received.OK);
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.before("foundry", foundry.url(), UNUSED)
                    .put("prices", prices.toString())
                    .put(
                        "alerts",
                        alerts("5m", channel("slack").put("url", slack.url()), email())))) {
      for (int i = 0; i < 5; i++) {
        proxy.post("/route", "{\"prompt\":\"x\"}", "Content-Type", "application/json");
      }
      assertThat(slack.next().body().getString("text"))
          .isEqualTo(
              "[warning] price_unknown: No price for model x  Bcc: eve@example.com   "
                  + " &lt;!channel&gt;   y: its cost is unknown and is not judged. Add it to the price"
                  + " file.");
      MimeMessage message = nextMail();
      assertThat(message.getSubject())
          .isEqualTo(
              "[rollout] warning price_unknown: model x  Bcc: eve@example.com    <!channel>   y");
      assertThat(message.getHeader("Bcc")).isNull();
      assertThat(message.getAllRecipients()).hasSize(1);
      assertThat(GreenMailUtil.getHeaders(message).lines())
          .noneMatch(line -> line.startsWith("Bcc"));
      awaitCount(proxy, "email", "delivered", 1);
      assertThat(slack.next(100)).as("once for a model").isNull();
      assertThat(mail.getReceivedMessages()).hasSize(1);
    }
  }

  @Test
  void aChannelIsToldOfWhatIsSevereEnoughAndOfTheSameOnlyOnceInAWhile() throws Exception {
    try (Received all = new Received(Received.OK);
        Received critical = new Received(Received.OK);
        RunningProxy proxy =
            proxy(
                alerts(
                    "2s",
                    webhook(all.url()),
                    webhook(critical.url()).put("minSeverity", "critical")))) {
      raise(proxy, hold("first"));
      raise(proxy, hold("second"));
      raise(proxy, hold("third"));
      assertThat(all.next().text()).contains("first");
      assertThat(all.next(500)).isNull();
      JsonObject repeated = all.next().body().getJsonObject("data");
      assertThat(repeated.getString("sentence")).isEqualTo("third");
      assertThat(repeated.getInteger("suppressed")).isEqualTo(1);
      assertThat(seenChannel(proxy, "webhook").getInteger("suppressed")).isEqualTo(2);

      for (int epoch = 0; epoch < 2; epoch++) {
        command(proxy, "start");
        if (epoch > 0) {
          assertThat(all.next().text()).contains("rollout.alert.rollback_over");
        }
        command(proxy, "rollback");
        assertThat(critical.next().text()).contains("ROLLBACK");
        assertThat(all.next().text()).contains("ROLLBACK");
      }
      assertThat(seenChannel(proxy, "webhook-2").getInteger("suppressed")).isZero();
      assertThat(critical.next(100)).isNull();
    }
  }

  @Test
  void whatIsNoAlertIsCountedAndHarmsNobody() throws Exception {
    try (Received hook = new Received(Received.OK);
        RunningProxy proxy = proxy(alerts("5m", webhook(hook.url())))) {
      raise(proxy, "text");
      raise(proxy, null);
      raise(proxy, 7);
      raise(proxy, new JsonArray());
      raise(proxy, new JsonObject());
      raise(proxy, hold("").put("sentence", new JsonObject()));
      raise(proxy, hold("s").put("severity", "critical"));
      raise(proxy, hold("half \ud83d of a character, " + "long ".repeat(100_000)));
      JsonObject data = hook.next().body().getJsonObject("data");
      assertThat(data.getString("sentence"))
          .startsWith("half \ufffd of")
          .hasSizeBetween(990, 1_000);
      new Metered(proxy.adminPort()).awaitValue("rollout_alerts_refused_total", 7);
    }
  }

  @Test
  void noSecretIsInTheLogAndNoneIsShown() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try (Received hook = new Received("HTTP/1.1 403 hunter2\r\nContent-Length: 0\r\n\r\n");
        RunningProxy proxy =
            proxy(
                alerts(
                    "5m",
                    webhook(hook.url() + "/hunter2?token=hunter2"),
                    webhook("http://hunter2.invalid/hunter2"),
                    webhook("https://127.0.0.1:" + mail.getSmtp().getPort() + "/hunter2"),
                    channel("slack").put("url", "http://127.0.0.1:1/hunter2"),
                    email().put("password", "wrong-hunter2")))) {
      raise(proxy, hold("s"));
      for (String name : List.of("webhook", "webhook-2", "webhook-3", "slack", "email")) {
        awaitCount(proxy, name, "consecutiveFailures", 1);
      }
      assertThat(seen(proxy).encode())
          .contains("answered 403", "the host name is not known", "no connection")
          .contains("the mail server answered 535")
          .doesNotContain("hunter2");
      Waits.until(
          () ->
              List.copyOf(log.list).stream()
                  .map(ILoggingEvent::getFormattedMessage)
                  .anyMatch(
                      line ->
                          line.contains("Alert channel webhook does not deliver: answered 403")));
      assertThat(List.copyOf(log.list))
          .extracting(ILoggingEvent::getFormattedMessage)
          .noneMatch(line -> line.contains("hunter2"));
      assertThat(List.copyOf(log.list))
          .filteredOn(event -> event.getThrowableProxy() != null)
          .noneMatch(event -> event.getThrowableProxy().getMessage().contains("hunter2"));
    } finally {
      root.detachAppender(log);
    }
  }

  private static JsonObject incidents(String type, String url) {
    return new JsonObject()
        .put("type", type)
        .put("minSeverity", "critical")
        .put("key", "key-hunter2")
        .put("url", url);
  }

  private static final String ACCEPTED =
      "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

  /** The bodies are those of PagerDuty's Events API v2 and of Opsgenie's Alert API. */
  @Test
  void aRollbackIsOneIncidentThatANewRolloutCloses() throws Exception {
    try (Received pager = new Received(ACCEPTED);
        Received genie = new Received(ACCEPTED);
        Received teams = new Received(ACCEPTED);
        RunningProxy proxy =
            proxy(
                alerts(
                        "5m",
                        incidents("pagerduty", pager.url() + "/v2/enqueue"),
                        incidents("opsgenie", genie.url()),
                        channel("teams").put("url", teams.url() + "/workflows/x?sig=hunter2"))
                    .put("environment", "staging")
                    .put("links", new JsonObject().put("runbook", "https://wiki/r#{kind}")))) {
      command(proxy, "start");
      command(proxy, "rollback");
      // Its state could be written: an incident of a process before it would be over.
      JsonObject well = pager.next().body();
      assertThat(well.getString("event_action")).isEqualTo("resolve");
      assertThat(well.getString("dedup_key")).isEqualTo("staging/state_not_durable/rollout state");
      assertThat(genie.next().head())
          .startsWith("POST /v2/alerts/staging%2Fstate_not_durable%2Frollout%20state/close?");
      Received.Post opened = pager.next();
      assertThat(opened.head()).startsWith("POST /v2/enqueue HTTP/1.1");
      assertThat(opened.body().getString("routing_key")).isEqualTo("key-hunter2");
      assertThat(opened.body().getString("event_action")).isEqualTo("trigger");
      String key = opened.body().getString("dedup_key");
      assertThat(key).isEqualTo("staging/rollback/canary foundry");
      JsonObject payload = opened.body().getJsonObject("payload");
      assertThat(payload.getString("severity")).isEqualTo("critical");
      assertThat(payload.getString("summary")).startsWith("staging: ROLLBACK canary foundry");
      assertThat(payload.getString("source")).matches("staging, replica [0-9a-f]{8}");
      assertThat(opened.body().getJsonArray("links").getJsonObject(0).getString("href"))
          .isEqualTo("https://wiki/r#rollback");

      Received.Post created = genie.next();
      assertThat(created.head()).startsWith("POST /v2/alerts HTTP/1.1");
      assertThat(created.header("authorization")).isEqualTo("GenieKey key-hunter2");
      assertThat(created.body().getString("alias")).isEqualTo(key);
      assertThat(created.body().getString("priority")).isEqualTo("P1");

      Received.Post card = teams.next();
      assertThat(card.body().getString("type")).isEqualTo("message");
      assertThat(card.body().encode()).contains("[critical] staging rollback");

      command(proxy, "start");
      Received.Post resolved = pager.next();
      assertThat(resolved.body().getString("event_action")).isEqualTo("resolve");
      assertThat(resolved.body().getString("dedup_key")).isEqualTo(key);
      assertThat(genie.next().head())
          .startsWith(
              "POST /v2/alerts/staging%2Frollback%2Fcanary%20foundry/close?identifierType=alias");
      // Holds and limits that were exceeded are over with it, too, where they were told.
      assertThat(pager.next(200)).isNull();
      awaitCount(proxy, "pagerduty", "delivered", 2);
      awaitCount(proxy, "opsgenie", "delivered", 2);
      assertThat(seen(proxy).encode()).doesNotContain("hunter2");
    }
  }

  /** Of a cooldown that a reload ends nothing is kept back any more. */
  @Test
  void whatWasKeptBackIsSentWhenTheCooldownEnds() throws Exception {
    try (Received hook = new Received(Received.OK);
        RunningProxy proxy = proxy(alerts("1h", webhook(hook.url())))) {
      raise(proxy, hold("first"));
      assertThat(hook.next().body().getJsonObject("data").getString("sentence")).contains("first");
      raise(proxy, hold("second"));
      awaitCount(proxy, "webhook", "suppressed", 1);
      proxy.reload(new JsonObject().put("alerts", new JsonObject().put("cooldown", "0s")));
      assertThat(hook.next().body().getJsonObject("data").getString("sentence")).contains("second");
    }
  }

  /** A token that a reload has brought is asked for by the next page's command, too. */
  @Test
  void theCommandOfAPageFollowsTheConfiguration() throws Exception {
    try (Received hook = new Received(Received.OK);
        RunningProxy proxy =
            proxy(
                alerts("5m", webhook(hook.url()))
                    .put("links", new JsonObject().put("dashboard", "http://admin.test")))) {
      JsonObject rollback = new JsonObject().put("kind", "hold").put("sentence", "A test.");
      raise(proxy, rollback.copy().put("subject", "x"));
      assertThat(next(hook)).doesNotContain("Authorization");
      String token = "0123456789-the-admin-token-0123456789";
      proxy.reload(new JsonObject().put("admin", new JsonObject().put("token", token)));
      raise(proxy, rollback.copy().put("subject", "y"));
      assertThat(next(hook)).contains("Authorization: Bearer $ADMIN_TOKEN");
    }
  }

  private static String next(Received hook) throws Exception {
    return hook.next().body().getJsonObject("data").getString("next");
  }

  @Test
  void theCommandOfAPageAnswers() throws Exception {
    // Of a token only a proxy tells that has one.
    String file = Files.writeString(folder.resolve("token"), "a-token").toString();
    JsonObject token = new JsonObject().put("from", "file").put("file", file);
    JsonObject foundry = new JsonObject().put("token", token);
    List<String> kinds = List.of("rollback", "provider_down", "threshold", "hold", "token_refused");
    try (Received hook = new Received(Received.OK);
        RunningProxy proxy =
            proxy(
                alerts("5m", webhook(hook.url()))
                    .put("links", new JsonObject().put("dashboard", "http://admin.test/")))) {
      proxy.reload(new JsonObject().put("providers", new JsonObject().put("foundry", foundry)));
      for (String kind : kinds) {
        raise(
            proxy,
            new JsonObject().put("kind", kind).put("subject", "x").put("sentence", "A test."));
        JsonObject page = hook.next().body().getJsonObject("data");
        assertThat(page.getString("kind")).isEqualTo(kind);
        assertThat(page.getString("dashboard")).isEqualTo("http://admin.test/");
        String command = page.getString("next");
        assertThat(command).startsWith("curl -sS http://admin.test/");
        String here =
            command
                .replace("http://admin.test", "http://127.0.0.1:" + proxy.adminPort())
                .replace("curl -sS", "curl -sS --fail");
        Process asked = new ProcessBuilder("sh", "-c", here).start();
        String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(asked.waitFor()).as(here).isZero();
        assertThat(answer)
            .as(here)
            .matches("(?s)[\\[{].*|rollout_provider_token_failing\\{provider=\"foundry\"} 0.0\n");
      }
    }
  }
}
