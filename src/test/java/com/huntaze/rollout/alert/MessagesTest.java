package com.huntaze.rollout.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages that each channel makes of an alert. */
class MessagesTest {
  private static final Notice HOSTILE =
      new Notice(
          "msg_1",
          Alert.of(
              Alert.Kind.PRICE_UNKNOWN,
              "model x\r\nBcc: eve@example.com",
              "Miss price of model <!channel> & <https://evil.example|x>\n.\n: prices 0 < 1",
              0),
          AlertOrigin.UNKNOWN,
          3);

  private static ChannelSettings mail(String host, Integer port, String username) {
    return new ChannelSettings(
        ChannelType.EMAIL,
        Severity.INFO,
        null,
        null,
        null,
        host,
        port,
        username,
        username == null ? null : "hunter2",
        "proxy@example.com",
        List.of("ops@example.com"));
  }

  @Test
  void slackGetsTextThatMentionsNobodyAndLinksNowhere() {
    assertThat(SlackChannel.body(HOSTILE).getString("text"))
        .isEqualTo(
            "[warning] price_unknown: Miss price of model &lt;!channel&gt; &amp;"
                + " &lt;https://evil.example|x&gt; . : prices 0 &lt; 1 (and 3 like it since the"
                + " last alert)");
  }

  @Test
  void aMailsHeadHasNoLineThatSomebodyElseWrote() {
    MailMessage mail = EmailChannel.message(mail("mail.example", null, null), HOSTILE);
    assertThat(mail.getSubject())
        .isEqualTo("[rollout] warning price_unknown: model x  Bcc: eve@example.com");
    assertThat(mail.getTo()).containsExactly("ops@example.com");
    assertThat(mail.getBcc()).isNull();
    assertThat(mail.getHeaders().get("Message-ID")).isEqualTo("<msg_1@example.com>");
    assertThat(mail.getText()).doesNotContain("\n.\n").doesNotContain("\nBcc");
  }

  @Test
  void aLineHasNoLineBreakAndNoOtherControlCharacter() {
    assertThat(EmailChannel.line("a\r\nb\u0000c\td\u007fe")).isEqualTo("a  b c d e");
  }

  /** A password leaves the machine encrypted or not at all. */
  @ParameterizedTest
  @CsvSource({
    "mail.example, , , false, OPTIONAL, DISABLED",
    "mail.example, 25, u, false, REQUIRED, REQUIRED",
    "127.example, 587, u, false, REQUIRED, REQUIRED",
    "mail.example, 465, u, true, DISABLED, REQUIRED",
    "localhost, 2525, u, false, OPTIONAL, REQUIRED",
    "127.0.0.1, 25, u, false, OPTIONAL, REQUIRED",
  })
  void tlsIsUsedWhenOfferedAndDemandedForAPassword(
      String host,
      Integer port,
      String user,
      boolean tls,
      StartTLSOptions start,
      LoginOption login) {
    MailConfig config = EmailChannel.config(mail(host, port, user));
    assertThat(config.isSsl()).isEqualTo(tls);
    assertThat(config.getStarttls()).isEqualTo(start);
    assertThat(config.getLogin()).isEqualTo(login);
    assertThat(config.isTrustAll()).isFalse();
    assertThat(config.getHostnameVerificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(config.getPort()).isEqualTo(port == null ? 587 : port);
  }

  @Test
  void aChannelIsNamedByItsTypeAndItsNumber() {
    ChannelSettings mail = mail("h", null, null);
    assertThat(Channels.named(List.of(mail, mail, mail)).keySet())
        .containsExactly("email", "email-2", "email-3");
  }

  private static final AlertOrigin PRODUCTION =
      new AlertOrigin(
          "production",
          new AlertHome("3fa9c1d2", "https://rollout.example", false, "", List.of()),
          new AlertLinks("https://rollout.example", "https://wiki.example/?a=1&k={kind}", null));

  private static Notice hostile(AlertOrigin from) {
    return new Notice(HOSTILE.id(), HOSTILE.alert(), from, 0);
  }

  @Test
  void slacksBlocksShowOthersTextAsItIsAndLinkWhereTheSettingsSay() {
    JsonArray blocks = SlackChannel.body(hostile(PRODUCTION)).getJsonArray("blocks");
    assertThat(blocks.getJsonObject(0).encode())
        .isEqualTo(
            "{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"text\":\"[warning] production"
                + " price_unknown\",\"emoji\":false}}");
    assertThat(blocks.getJsonObject(1).getJsonObject("text").getString("type"))
        .isEqualTo("plain_text");
    JsonObject below = blocks.getJsonObject(2).getJsonArray("elements").getJsonObject(0);
    assertThat(below.getBoolean("verbatim")).isTrue();
    assertThat(below.getString("text"))
        .isEqualTo(
            "*Next:* curl -sS 'https://rollout.example/api/v1/costs?by=model'  # shows whose cost is"
                + " unknown, add the model to the price file, it is taken up at once  ·  production,"
                + " replica 3fa9c1d2  ·  <https://rollout.example|Dashboard>  · "
                + " <https://wiki.example/?a=1&amp;k=price_unknown|Runbook>");
  }

  @Test
  void teamsGetsTextRunsInWhichNothingIsMarkdown() {
    JsonObject message = TeamsChannel.body(hostile(PRODUCTION));
    JsonObject card = message.getJsonArray("attachments").getJsonObject(0).getJsonObject("content");
    assertThat(card.getJsonArray("body"))
        .allSatisfy(
            block -> assertThat(((JsonObject) block).getString("type")).isEqualTo("RichTextBlock"));
    assertThat(card.getJsonArray("actions").encode())
        .isEqualTo(
            "[{\"type\":\"Action.OpenUrl\",\"title\":\"Dashboard\",\"url\":\"https://rollout.example\"},"
                + "{\"type\":\"Action.OpenUrl\",\"title\":\"Runbook\","
                + "\"url\":\"https://wiki.example/?a=1&k=price_unknown\"}]");
    assertThat(TeamsChannel.body(HOSTILE).encode()).doesNotContain("null");
  }

  @Test
  void pagerDutyGetsAnEventWithinItsLimits() {
    Notice longest =
        new Notice(
            "msg_1",
            Alert.of(Alert.Kind.ROLLBACK, "canary foundry", "x".repeat(2_000), 1_764_000_000_000L),
            PRODUCTION,
            0);
    JsonObject event = PagerDutyChannel.opening("R0", "k", longest);
    JsonObject payload = event.getJsonObject("payload");
    assertThat(payload.getString("summary")).startsWith("production: xxx").hasSizeLessThan(1_025);
    assertThat(payload.getString("severity")).isIn("critical", "error", "warning", "info");
    assertThat(payload.getString("source")).isEqualTo("production, replica 3fa9c1d2");
    assertThat(payload.getString("timestamp")).isEqualTo("2025-11-24T16:00:00Z");
    assertThat(event.getString("client_url")).isEqualTo("https://rollout.example");
    assertThat(payload.getJsonObject("custom_details").getString("next")).startsWith("curl -sS ");
    assertThat(PagerDutyChannel.opening("R0", "k", HOSTILE).containsKey("links")).isFalse();
  }

  @Test
  void opsgenieGetsAnAlertWithinItsLimits() {
    JsonObject alert = OpsgenieChannel.created("k", hostile(PRODUCTION));
    assertThat(alert.getString("message")).startsWith("production: Miss").hasSizeLessThan(131);
    assertThat(alert.getString("priority")).isEqualTo("P3");
    assertThat(alert.getJsonObject("details").getMap().values())
        .allMatch(value -> value instanceof String);
  }

  @Test
  void aMailSaysWhereItComesFromAndWhereToGo() {
    MailMessage mail = EmailChannel.message(mail("mail.example", null, null), hostile(PRODUCTION));
    assertThat(mail.getSubject()).startsWith("[rollout production] warning price_unknown: ");
    assertThat(mail.getText())
        .contains(
            "environment:production\n",
            "replica:    3fa9c1d2\n",
            "dashboard:  https://rollout.example\n",
            "runbook:    https://wiki.example/?a=1&k=price_unknown\n",
            "next:       curl -sS 'https://rollout.example/api/v1/costs?by=model'  #");
  }
}
