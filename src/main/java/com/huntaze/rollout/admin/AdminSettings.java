package com.huntaze.rollout.admin;

import com.huntaze.rollout.admin.access.AdminTokenSettings;
import com.huntaze.rollout.admin.access.IdentitySettings;
import com.huntaze.rollout.admin.access.TokenHash;
import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import com.huntaze.rollout.settings.TlsSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The admin port.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes a free one
 * @param token the bearer token that every request needs, or empty for none; secret, and {@link
 *     #toString} does not show it
 * @param tokens more tokens, each with a name and a role
 * @param identity a proxy before the port that says who calls, or null
 * @param allowedHosts the host names that a request may address, against DNS rebinding
 * @param tls TLS for the port, or null for plain HTTP
 */
public record AdminSettings(
    @Setting(
            value =
                "The address to listen on; one that is not loopback needs a `token` of at least 32"
                    + " characters, `tokens` or `identity`.",
            byDefault = "'127.0.0.1'",
            pattern = Forms.HOST,
            expected = Forms.HOST_WORDS)
        String host,
    @Setting(value = "The port; 0 takes a free one.", byDefault = "9090", min = "0", max = "65535")
        int port,
    @Setting(
            value =
                "A bearer token for everything, whose actor is `api`. Where there is neither this nor `tokens` nor `identity`, none is asked for.",
            byDefault = "'${ADMIN_TOKEN:}'",
            pattern = "^[!-~]*$",
            expected = "visible ASCII characters without spaces",
            secret = true)
        String token,
    @Setting(
            value =
                "Bearer tokens with names and roles. Several live at once, so that one can be"
                    + " replaced while the other still works.",
            byDefault = "[]")
        List<AdminTokenSettings> tokens,
    @Setting(
            value = "A proxy before the port that says who calls; null believes nobody.",
            byDefault = "null")
        IdentitySettings identity,
    @Setting(
            value =
                "The host names that a request may address beside `admin.host`, against DNS"
                    + " rebinding; `/livez` and `/readyz` answer to any, and `/metrics` to any with"
                    + " the token.",
            byDefault = "['localhost', '127.0.0.1']",
            pattern = Forms.HOST,
            expected = Forms.HOST_WORDS)
        List<String> allowedHosts,
    @Setting(value = "TLS for the port; null is plain HTTP.", byDefault = "null") TlsSettings tls)
    implements Checked {
  private static final int LEAST_TOKEN = 32;

  /** Copies the lists, so that the record never changes. */
  public AdminSettings {
    tokens = List.copyOf(tokens);
    allowedHosts = List.copyOf(allowedHosts);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    checkListener("host", host).ifPresent(problems::add);
    checkTokens(problems);
    return problems;
  }

  /**
   * Returns the problem of listening for others than this machine without asking who they are.
   *
   * @param setting the name of the address
   */
  public Optional<Problem> checkListener(String setting, String address) {
    boolean asked = token.isEmpty() ? !isOpen() : token.length() >= LEAST_TOKEN;
    if (IpAddresses.isLoopback(address) || asked) {
      return Optional.empty();
    }
    String expectation =
        "a loopback address, or an admin.token of at least "
            + LEAST_TOKEN
            + " characters, or admin.tokens";
    return Optional.of(new Problem(setting, address, expectation));
  }

  /** Of two equal tokens the weaker role would win or lose by its place. */
  private void checkTokens(List<Problem> problems) {
    String one = token.isEmpty() ? "" : TokenHash.text(token);
    Set<String> known = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      AdminTokenSettings each = tokens.get(i);
      String path = "tokens[%d].%s".formatted(i, each.sha256() == null ? "token" : "sha256");
      if (each.hash().isEmpty()) {
        continue;
      }
      if (each.hash().equals(one)) {
        problems.add(new Problem(path, "***", "another token than admin.token"));
      } else if (!known.add(each.hash())) {
        problems.add(new Problem(path, "***", "a token that is not listed before"));
      }
    }
  }

  /** True if nobody is asked who it is. */
  public boolean isOpen() {
    return token.isEmpty() && tokens.isEmpty() && identity == null;
  }

  /** Everything but the secrets. */
  @Override
  public String toString() {
    return "AdminSettings[host=%s, port=%d, token=%s, tokens=%s, identity=%s, allowedHosts=%s, tls=%s]"
        .formatted(host, port, token.isEmpty() ? "" : "***", tokens, identity, allowedHosts, tls);
  }
}
