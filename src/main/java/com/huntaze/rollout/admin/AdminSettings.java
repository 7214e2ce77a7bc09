package com.huntaze.rollout.admin;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import com.huntaze.rollout.settings.TlsSettings;
import java.util.List;

/**
 * The admin port.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes a free one
 * @param token the bearer token that every request needs, or empty for none; secret, and {@link
 *     #toString} does not show it
 * @param allowedHosts the host names that a request may address, against DNS rebinding
 * @param tls TLS for the port, or null for plain HTTP
 */
public record AdminSettings(
    @Setting(
            value =
                "The address to listen on; one that is not loopback needs a `token` of at least 32"
                    + " characters.",
            byDefault = "'127.0.0.1'",
            pattern = Forms.HOST,
            expected = Forms.HOST_WORDS)
        String host,
    @Setting(value = "The port; 0 takes a free one.", byDefault = "9090", min = "0", max = "65535")
        int port,
    @Setting(
            value = "The bearer token that every request needs; empty asks for none.",
            byDefault = "'${ADMIN_TOKEN:}'",
            pattern = "^[!-~]*$",
            expected = "visible ASCII characters without spaces",
            secret = true)
        String token,
    @Setting(
            value =
                "The host names that a request may address, against DNS rebinding; `/livez` and"
                    + " `/readyz` answer to any, and `/metrics` to any with the token.",
            byDefault = "['localhost', '127.0.0.1']",
            pattern = Forms.HOST,
            expected = Forms.HOST_WORDS)
        List<String> allowedHosts,
    @Setting(value = "TLS for the port; null is plain HTTP.", byDefault = "null") TlsSettings tls)
    implements Checked {
  private static final int LEAST_TOKEN = 32;

  /** Copies the list, so that the record never changes. */
  public AdminSettings {
    allowedHosts = List.copyOf(allowedHosts);
  }

  @Override
  public List<Problem> check() {
    if (IpAddresses.isLoopback(host) || token.length() >= LEAST_TOKEN) {
      return List.of();
    }
    String expectation =
        "a loopback address, or an admin.token of at least " + LEAST_TOKEN + " characters";
    return List.of(new Problem("host", host, expectation));
  }

  /** Everything but the token. */
  @Override
  public String toString() {
    return "AdminSettings[host=%s, port=%d, token=%s, allowedHosts=%s, tls=%s]"
        .formatted(host, port, token.isEmpty() ? "" : "***", allowedHosts, tls);
  }
}
