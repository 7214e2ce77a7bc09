package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.settings.IpAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Mails over SMTP, each on a connection of its own. Whatever goes into a mail's head is one line:
 * the mail client writes line breaks as they come, and a line break begins another header.
 */
final class EmailChannel implements AlertChannel {
  private static final int SUBMISSION_PORT = 587;

  /** TLS from the first byte (RFC 8314). */
  private static final int TLS_PORT = 465;

  private static final int SUBJECT_CHARACTERS = 150;

  /** Those that take a password: XOAUTH2 would send it as a token, for a second failure. */
  private static final String PASSWORD_METHODS =
      "CRAM-SHA512 CRAM-SHA256 CRAM-SHA1 CRAM-MD5 DIGEST-MD5 PLAIN LOGIN";

  private final Vertx vertx;
  private final ChannelSettings settings;
  private final MailConfig config;

  EmailChannel(Vertx vertx, ChannelSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    config = config(settings);
  }

  static MailConfig config(ChannelSettings settings) {
    int port = settings.port() == null ? SUBMISSION_PORT : settings.port();
    boolean login = settings.username() != null;
    MailConfig config =
        new MailConfig(settings.host(), port)
            .setSsl(port == TLS_PORT)
            .setStarttls(starttls(settings, port))
            .setLogin(login ? LoginOption.REQUIRED : LoginOption.DISABLED)
            .setAuthMethods(PASSWORD_METHODS)
            .setHostnameVerificationAlgorithm("HTTPS")
            .setTrustAll(false)
            .setConnectTimeout(ATTEMPT_MILLIS)
            .setIdleTimeout(ATTEMPT_MILLIS)
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setKeepAlive(false)
            .setMaxPoolSize(1)
            // One receiver that does not exist must not keep the alert from the others.
            .setAllowRcptErrors(true);
    return login
        ? config.setUsername(settings.username()).setPassword(settings.password())
        : config;
  }

  /** A password leaves this machine encrypted or not at all. */
  private static StartTLSOptions starttls(ChannelSettings settings, int port) {
    if (port == TLS_PORT) {
      return StartTLSOptions.DISABLED;
    }
    boolean exposed = settings.username() != null && !isLoopback(settings.host());
    return exposed ? StartTLSOptions.REQUIRED : StartTLSOptions.OPTIONAL;
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("::1")
        || host.startsWith("127.") && IpAddresses.isAddress(host);
  }

  @Override
  public Future<Attempted> send(Notice notice) {
    MailClient client = MailClient.create(vertx, config);
    return client
        .sendMail(message(settings, notice))
        .timeout(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS)
        .<Attempted>map(sent -> new Attempted.Delivered())
        .otherwise(EmailChannel::failed)
        .onComplete(ended -> client.close());
  }

  static MailMessage message(ChannelSettings settings, Notice notice) {
    String domain = settings.from().substring(settings.from().indexOf('@') + 1);
    return new MailMessage()
        .setFrom(line(settings.from()))
        .setTo(settings.to().stream().map(EmailChannel::line).toList())
        .setSubject(line(subject(notice)))
        .setText(text(notice))
        // The same for each attempt, so that a mail that arrives twice is shown once.
        .addHeader("Message-ID", line("<" + notice.id() + "@" + domain + ">"))
        .addHeader("Auto-Submitted", "auto-generated");
  }

  private static String subject(Notice notice) {
    Alert alert = notice.alert();
    String where = notice.from().environment() == null ? "" : " " + notice.from().environment();
    String subject =
        "[rollout%s] %s %s: %s"
            .formatted(where, alert.severity().label(), alert.kind().label(), alert.subject());
    return subject.substring(0, Math.min(subject.length(), SUBJECT_CHARACTERS));
  }

  private static String text(Notice notice) {
    Alert alert = notice.alert();
    return """
    %s

    severity:   %s
    kind:       %s
    subject:    %s
    occasion:   %s
    at:         %s
    like it:    %d more since the last alert
    id:         %s
    what to do: docs/alerts.md, section %s
    %s"""
        .formatted(
            notice.sentence(),
            alert.severity().label(),
            alert.kind().label(),
            alert.subject(),
            alert.occasion(),
            Instant.ofEpochMilli(alert.at()),
            notice.suppressed(),
            notice.id(),
            alert.kind().label(),
            origin(notice));
  }

  private static String origin(Notice notice) {
    StringBuilder lines = new StringBuilder();
    notice
        .from()
        .fields(notice.alert())
        .forEach((name, value) -> lines.append("%-12s%s\n".formatted(name + ":", value)));
    return lines.toString();
  }

  /** A text without CR, LF or any other control character. */
  static String line(String text) {
    return text.replaceAll("\\p{Cc}", " ");
  }

  private static Attempted failed(Throwable failure) {
    if (failure instanceof SMTPException answered) {
      String why = "the mail server answered " + answered.getReplyCode();
      return answered.isPermanent() ? new Attempted.Refused(why) : new Attempted.Failed(why, 0);
    }
    boolean plain = String.valueOf(failure.getMessage()).contains("STARTTLS");
    return new Attempted.Failed(
        plain ? "the mail server offers no STARTTLS" : FailureWords.of(failure), 0);
  }
}
