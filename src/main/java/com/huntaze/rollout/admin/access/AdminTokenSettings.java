package com.huntaze.rollout.admin.access;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.List;
import java.util.Locale;

/**
 * One token of the admin port, with a name and a role.
 *
 * @param name its name in audit and alerts; several tokens may have one, while it is renewed
 * @param role the things that it may do
 * @param sha256 the SHA-256 of the token, 64 lower-case hexadecimal digits, or null; secret
 * @param token the token itself, or null; secret
 */
public record AdminTokenSettings(
    @Setting(
            value =
                "The token's name in audit and alerts. Several may have one name, while a token is"
                    + " renewed.",
            pattern = Forms.NAME,
            expected = Forms.NAME_WORDS)
        String name,
    @Setting(
            value =
                "What it may do: `viewer` reads, `operator` gives orders to the rollout as well,"
                    + " `admin` reloads and simulates as well.",
            byDefault = "'viewer'")
        Role role,
    @Setting(
            value = "The SHA-256 of the token; either this or `token`.",
            byDefault = "null",
            pattern = "^[0-9a-fA-F]{64}$",
            expected = "64 hexadecimal digits",
            // Somebody may put the token itself here.
            secret = true)
        String sha256,
    @Setting(
            value =
                "The token, at least 32 characters, from a variable or a file:"
                    + " `${file:grafana.token}`.",
            byDefault = "null",
            pattern = "^[!-~]{32,}$",
            expected = "at least 32 visible ASCII characters without spaces",
            secret = true)
        String token)
    implements Checked {

  /** Writes the hash in lower case, so that equal tokens are equal records. */
  public AdminTokenSettings {
    sha256 = sha256 == null ? null : sha256.toLowerCase(Locale.ROOT);
  }

  /** The SHA-256 of the token, however it is told; empty = it is not told, which is a problem. */
  public String hash() {
    if (sha256 != null) {
      return sha256;
    }
    return token == null ? "" : TokenHash.text(token);
  }

  @Override
  public List<Problem> check() {
    if (name.equals(Caller.UNNAMED)) {
      String expectation = "another name: it is that of admin.token in audit and alerts";
      return List.of(new Problem("name", name, expectation));
    }
    if ((sha256 == null) != (token == null)) {
      return List.of();
    }
    String value = sha256 == null ? "missing" : "set beside token";
    return List.of(new Problem("sha256", value, "either sha256 or token"));
  }

  /** Everything but the secrets. */
  @Override
  public String toString() {
    return "AdminTokenSettings[name=%s, role=%s]".formatted(name, role);
  }
}
