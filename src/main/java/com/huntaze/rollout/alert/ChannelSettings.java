package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Severity;
import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One alert channel. Besides type and severity it has what its type needs, and nothing else.
 *
 * @param type the kind
 * @param minSeverity the least severity that it is told of
 * @param url where it posts to; secret, because the address may be the credential
 * @param key of pagerduty (its routing key) and opsgenie (its API key); secret
 * @param secret signs a webhook's posts, or null; secret
 * @param host the mail server of email
 * @param port its port, or null for 587
 * @param username its user, or null for no login
 * @param password its password, or null; secret
 * @param from the sender of email
 * @param to the receivers of email
 */
public record ChannelSettings(
    @Setting("The kind of channel.") ChannelType type,
    @Setting(value = "The least severity that the channel is told of.", byDefault = "'warning'")
        Severity minSeverity,
    @Setting(
            value =
                "slack, webhook, teams: where alerts are posted to; pagerduty, opsgenie: their API, where it is another than the usual one.",
            byDefault = "null",
            pattern = "^https?://[!-~]+$",
            expected = "an http:// or https:// URL",
            secret = true)
        String url,
    @Setting(
            value = "pagerduty: the integration's routing key; opsgenie: the API key.",
            byDefault = "null",
            pattern = "^[A-Za-z0-9._-]+$",
            expected = "letters, digits, dots, lines",
            secret = true)
        String key,
    @Setting(
            value = "webhook: signs each post with HMAC-SHA256.",
            byDefault = "null",
            pattern = "^[ -~]+$",
            expected = "printable ASCII characters",
            secret = true)
        String secret,
    @Setting(
            value = "email: the mail server.",
            byDefault = "null",
            pattern = Forms.HOST,
            expected = Forms.HOST_WORDS)
        String host,
    @Setting(
            value = "email: the mail server's port; null is 587.",
            byDefault = "null",
            min = "1",
            max = "65535")
        Integer port,
    @Setting(
            value = "email: the user to log in as; null logs nobody in.",
            byDefault = "null",
            pattern = "^[!-~]+$",
            expected = "visible ASCII characters without spaces")
        String username,
    @Setting(
            value = "email: the password.",
            byDefault = "null",
            pattern = "^[ -~]+$",
            expected = "printable ASCII characters",
            secret = true)
        String password,
    @Setting(
            value = "email: the sender's address.",
            byDefault = "null",
            pattern = ChannelSettings.ADDRESS,
            expected = ChannelSettings.ADDRESS_WORDS)
        String from,
    @Setting(
            value = "email: the receivers' addresses.",
            byDefault = "[]",
            pattern = ChannelSettings.ADDRESS,
            expected = ChannelSettings.ADDRESS_WORDS)
        List<String> to)
    implements Checked {
  // No brackets, commas, spaces or control bytes: the address goes into a mail's head as it is.
  static final String ADDRESS = "^[!#-'*+./0-9=?A-Z^_`a-z{|}~-]+@[A-Za-z0-9.-]+$";
  static final String ADDRESS_WORDS = "a mail address such as ops@example.com";

  /** Copies the list, so that the record never changes. */
  public ChannelSettings {
    to = List.copyOf(to);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    String kind = type.name().toLowerCase(Locale.ROOT);
    given()
        .forEach(
            (key, given) -> {
              if (!given && type.needs(key)) {
                problems.add(new Problem(key, "missing", "a value, for type " + kind));
              } else if (given && !type.allows(key)) {
                problems.add(new Problem(key, "set", "no such key for type " + kind));
              }
            });
    if ((username == null) != (password == null)) {
      String missing = username == null ? "username" : "password";
      problems.add(new Problem(missing, "missing", "username and password, or neither"));
    }
    if (url != null && isRefused(() -> HttpPost.base(url))) {
      problems.add(new Problem("url", "***", HttpPost.WORDS));
    }
    if (secret != null && isRefused(() -> new WebhookSignature(secret))) {
      problems.add(new Problem("secret", "***", "base64 with a key in it after whsec_"));
    }
    return problems;
  }

  private static boolean isRefused(Runnable use) {
    try {
      use.run();
      return false;
    } catch (IllegalArgumentException refused) {
      return true;
    }
  }

  private Map<String, Boolean> given() {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("url", url != null);
    given.put("key", key != null);
    given.put("secret", secret != null);
    given.put("host", host != null);
    given.put("port", port != null);
    given.put("username", username != null);
    given.put("password", password != null);
    given.put("from", from != null);
    given.put("to", !to.isEmpty());
    return given;
  }

  /** Type, severity and addresses: never the URL, the secret or the password. */
  @Override
  public String toString() {
    return "ChannelSettings[type=%s, minSeverity=%s, host=%s, port=%s, from=%s, to=%s]"
        .formatted(type, minSeverity, host, port, from, to);
  }
}
