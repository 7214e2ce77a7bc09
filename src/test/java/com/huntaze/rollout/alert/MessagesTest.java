package com.huntaze.rollout.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
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
          3);

  private static ChannelSettings mail(String host, Integer port, String username) {
    return new ChannelSettings(
        ChannelType.EMAIL,
        Severity.INFO,
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
}
