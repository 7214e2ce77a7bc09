package com.huntaze.rollout.admission;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Settings of the callers' keys.
 *
 * @param required whether a request without a known key is refused
 * @param open whether everybody who reaches the port may use the proxy's own credentials
 * @param keys the known keys
 * @param clientKeys whom the keys are for that clients send; {@code null} = decided by the rest of
 *     the configuration, see {@link ClientKeys#of}
 */
public record AuthSettings(
    @Setting(value = "Whether a request without a known key is answered 401.", byDefault = "false")
        boolean required,
    @Setting(
            value =
                "Whether it is meant that everybody who reaches the data port uses the proxy's own"
                    + " credentials for a provider. Without it, such a proxy needs `required`, or a"
                    + " loopback `server.host`.",
            byDefault = "false")
        boolean open,
    @Setting(value = "The known keys; ids and hashes are unique.", byDefault = "[]")
        List<ApiKeySettings> keys,
    @Setting(
            value =
                "Whom the keys are for that clients send (`credentials.foundry`,"
                    + " `credentials.query`): `foundry`, `legacy`, `both` or `none`. null is"
                    + " `legacy` in mode `legacy` and where `providers.foundry.headers` sets a"
                    + " credential, else `foundry`; and a key of `keys` is then nobody's.",
            byDefault = "null")
        ClientKeys clientKeys)
    implements Checked {

  /** Copies the list, so that the record never changes. */
  public AuthSettings {
    keys = List.copyOf(keys);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    if (required && keys.isEmpty()) {
      problems.add(new Problem("keys", "[]", "at least one key, because required is true"));
    }
    Set<String> ids = new HashSet<>();
    Set<String> hashes = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      ApiKeySettings key = keys.get(i);
      String at = "keys[" + i + "].";
      if (!ids.add(key.id())) {
        problems.add(new Problem(at + "id", '"' + key.id() + '"', "an id that no earlier key has"));
      }
      if (!hashes.add(key.sha256())) {
        problems.add(new Problem(at + "sha256", "repeated", "a hash that no earlier key has"));
      }
    }
    return problems;
  }
}
