package com.huntaze.rollout.admin.access;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A proxy before the admin port that has people log in, and says who they are.
 *
 * @param header the field in which it says so
 * @param peers its addresses and networks; nobody else is believed
 * @param role the role of whoever is not in {@code roles}
 * @param roles the roles by name
 */
public record IdentitySettings(
    @Setting(
            value =
                "The header field with the person's name. The proxy before the port has to replace"
                    + " it in each request.",
            byDefault = "'X-Forwarded-User'",
            pattern = Forms.HEADER_NAME,
            expected = Forms.HEADER_NAME_WORDS)
        String header,
    @Setting(
            value =
                "Addresses and networks (`10.0.0.0/8`) of that proxy, the only ones that are"
                    + " believed.",
            pattern = Forms.NETWORK,
            expected = Forms.NETWORK_WORDS,
            minItems = 1)
        List<String> peers,
    @Setting(value = "The role of people who are not in `roles`.", byDefault = "'viewer'")
        Role role,
    @Setting(
            value = "The roles of people by their names.",
            byDefault = "{}",
            keyPattern = IdentitySettings.PERSON,
            keyExpected = IdentitySettings.PERSON_WORDS)
        Map<String, Role> roles)
    implements Checked {
  static final String PERSON = "^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$";
  static final String PERSON_WORDS =
      "a name of at most 128 letters, digits and . _ @ + -, such as alice@example.com";

  /** Copies list and map, so that the record never changes. */
  public IdentitySettings {
    peers = List.copyOf(peers);
    roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
  }

  @Override
  public List<Problem> check() {
    return IpAddresses.networkProblems("peers", peers);
  }
}
