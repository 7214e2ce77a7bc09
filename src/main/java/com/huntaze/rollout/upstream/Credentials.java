package com.huntaze.rollout.upstream;

import com.huntaze.rollout.admission.ApiKeys;
import com.huntaze.rollout.admission.AuthSettings;
import com.huntaze.rollout.admission.ClientKeys;
import com.huntaze.rollout.http.FieldTable;
import com.huntaze.rollout.http.HeaderRules;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules by which a client's credentials reach each provider, made from {@link
 * CredentialSettings}. A name with underscores is taken for the one with hyphens, as some backends
 * take it.
 *
 * <p>Decision 98 in {@code docs/decisions.md}.
 */
public final class Credentials {
  private static final int FOUNDRY = 1;
  private static final int LEGACY = 1 << 1;
  private static final int DROPPED = 1 << 2;

  private final CredentialSettings settings;
  private final ClientKeys clientKeys;

  /** A key that is ours is for a provider, too: the configuration names whom. */
  private final boolean oursPass;

  private final FieldTable table = new FieldTable();
  private final List<Rule> rules;
  private final Pattern query;

  /** A name with a {@code *}. */
  private record Rule(String prefix, Pattern pattern, int bits) {
    boolean matches(String name) {
      return name.regionMatches(true, 0, prefix, 0, prefix.length())
          && pattern.matcher(name).matches();
    }
  }

  /** Those of clients whose keys are Foundry's. */
  public Credentials(CredentialSettings settings) {
    this(settings, ClientKeys.FOUNDRY, false);
  }

  /**
   * @param clientKeys whom the clients' keys are for
   * @param oursPass whether that holds for keys that are known to us, too
   */
  Credentials(CredentialSettings settings, ClientKeys clientKeys, boolean oursPass) {
    this.settings = settings;
    this.clientKeys = clientKeys;
    this.oursPass = oursPass;
    List<Rule> all = new java.util.ArrayList<>();
    add(settings.foundry(), FOUNDRY, all);
    add(settings.legacy(), LEGACY, all);
    add(settings.dropped(), DROPPED, all);
    rules = List.copyOf(all);
    query =
        Pattern.compile(
            settings.query().stream().map(Credentials::regex).collect(Collectors.joining("|")),
            Pattern.CASE_INSENSITIVE);
  }

  /** The credentials by a configuration. */
  public static Credentials of(
      CredentialSettings settings, AuthSettings auth, ProviderMode mode, UpstreamSettings foundry) {
    boolean own = foundry.token() != null || new Credentials(settings).areIn(foundry.headers());
    return new Credentials(settings, ClientKeys.of(auth, mode, own), auth.clientKeys() != null);
  }

  /** Tells whether header fields that we set have a credential among them. */
  boolean areIn(Map<String, String> headers) {
    return headers.entrySet().stream()
        .anyMatch(field -> isCredential(field.getKey()) && !field.getValue().isEmpty());
  }

  /** Tells whether two have the same rules, so that connections made by one serve the other. */
  public boolean sameAs(Credentials other) {
    return other != null
        && settings.equals(other.settings)
        && clientKeys == other.clientKeys
        && oursPass == other.oursPass;
  }

  private void add(List<String> names, int bits, List<Rule> to) {
    for (String written : names) {
      String name = written.toLowerCase(Locale.ROOT);
      int star = name.indexOf('*');
      if (star < 0) {
        table.add(bits, List.of(name));
      } else {
        Pattern pattern = Pattern.compile(regex(name), Pattern.CASE_INSENSITIVE);
        to.add(new Rule(name.substring(0, star), pattern, bits));
      }
    }
  }

  private static String regex(String name) {
    return Pattern.compile("\\*")
        .splitAsStream(name + " ")
        .map(part -> Pattern.quote(part.stripTrailing()))
        .collect(Collectors.joining(".*"));
  }

  /** Returns whether a field is a credential of either provider. */
  boolean isCredential(String name) {
    return (bits(name) & (FOUNDRY | LEGACY)) != 0;
  }

  /**
   * Returns the test for those of a client's fields that a provider must not get.
   *
   * @param ownCredential whether we set a credential of our own there
   * @param ourKey the key of ours that the client has shown, which no provider gets, whatever the
   *     field; {@code null} = none
   * @return by the name of a field and its value
   */
  public BiPredicate<String, String> withheld(
      Provider provider, boolean ownCredential, String ourKey) {
    int keys = keysPass(provider, ownCredential) ? FOUNDRY : 0;
    int cookies = provider == Provider.LEGACY && clientKeys != ClientKeys.NONE ? LEGACY : 0;
    int wanted = keys | cookies;
    String ours = oursPass ? null : ourKey;
    return (name, value) -> {
      int bits = bits(name);
      boolean passes = bits == 0 || (bits & wanted) != 0 && (bits & DROPPED) == 0;
      boolean isOurs =
          ours != null
              && (HeaderRules.isCredential(name) || bits != 0 && ApiKeys.isKey(value, ours));
      return !passes || isOurs;
    };
  }

  /** A provider for which we have a credential of our own gets no other one. */
  private boolean keysPass(Provider provider, boolean ownCredential) {
    return clientKeys.areFor(provider) && !ownCredential;
  }

  /**
   * Tells whether a provider has refused a request for want of a key that the client sent, and that
   * a setting kept back.
   *
   * @param ownCredential as for {@link #withheld}, like {@code ourKey}
   */
  public boolean keptBack(
      MultiMap headers, String target, Provider provider, boolean ownCredential, String ourKey) {
    if (ownCredential) {
      return false;
    }
    BiPredicate<String, String> withheld = withheld(provider, false, ourKey);
    return headers.entries().stream()
            .anyMatch(
                field ->
                    (bits(field.getKey()) & FOUNDRY) != 0
                        && withheld.test(field.getKey(), field.getValue()))
        || !target(target, provider, false, ourKey).equals(target);
  }

  private int bits(String name) {
    String hyphened = name.indexOf('_') < 0 ? name : name.replace('_', '-');
    int bits = table.bits(hyphened) | (name.equals(hyphened) ? 0 : table.bits(name));
    // By index: an iterator for each field of each request would be garbage.
    for (int i = 0; i < rules.size(); i++) {
      bits |= rules.get(i).matches(hyphened) ? rules.get(i).bits() : 0;
    }
    return bits;
  }

  /**
   * The target as a provider gets it: without the parameters that are keys for somebody else.
   *
   * @param ourKey as for {@link #withheld}, like {@code ownCredential}
   */
  public String target(String target, Provider provider, boolean ownCredential, String ourKey) {
    int at = target.indexOf('?');
    boolean pass = keysPass(provider, ownCredential);
    String ours = oursPass ? null : ourKey;
    if (at < 0 || pass && ours == null || settings.query().isEmpty()) {
      return target;
    }
    StringBuilder kept = new StringBuilder(target.length()).append(target, 0, at);
    char separator = '?';
    for (String parameter : target.substring(at + 1).split("&", -1)) {
      boolean isOurs = ours != null && isKey(parameter, ours);
      if (pass && !isOurs || !isCredentialParameter(name(parameter))) {
        kept.append(separator).append(parameter);
        separator = '&';
      }
    }
    return kept.toString();
  }

  private boolean isCredentialParameter(String name) {
    return query.matcher(name).matches() || query.matcher(name.replace('_', '-')).matches();
  }

  private static String name(String parameter) {
    int end = parameter.indexOf('=');
    return decoded(end < 0 ? parameter : parameter.substring(0, end));
  }

  /** A plus may be a space or, where a client does not encode its key, itself. */
  private static boolean isKey(String parameter, String key) {
    String written = parameter.substring(parameter.indexOf('=') + 1);
    return ApiKeys.isKey(decoded(written), key)
        || ApiKeys.isKey(written, key)
        || ApiKeys.isKey(decoded(written.replace("+", "%2B")), key);
  }

  private static String decoded(String written) {
    try {
      return URLDecoder.decode(written, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return written;
    }
  }
}
