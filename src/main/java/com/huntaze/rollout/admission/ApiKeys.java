package com.huntaze.rollout.admission;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The clients' keys (Property 10, requirement 2.3). Only their SHA-256 is known here; a key is
 * random and long, so one hash is enough. Two live keys for one client are two entries.
 */
public final class ApiKeys {
  private static final String BEARER = "Bearer ";

  private final boolean required;
  private final Map<String, ApiKeySettings> byHash = new HashMap<>();

  public ApiKeys(AuthSettings settings) {
    required = settings.required();
    settings.keys().forEach(key -> byHash.put(key.sha256(), key));
  }

  /**
   * Remembers the last key of a connection, which seldom sends another: the hash is then computed
   * once a connection, not once a request. What other keys have remembered is worth nothing: a key
   * may have been revoked since.
   */
  public static final class Memo {
    private ApiKeys by;
    private String presented;
    private ApiKeySettings key;
  }

  /**
   * The key that a request presents; {@code null} if it presents none that is known, which is only
   * returned when none is required.
   *
   * @throws Refusal 401, the same for a missing, a wrong and an ambiguous key
   */
  ApiKeySettings find(MultiMap headers, Memo memo) throws Refusal {
    if (byHash.isEmpty()) {
      // Both keys of a client that sends two may be the provider's, but not two in one place.
      once(headers, "x-api-key");
      once(headers, "api-key");
      once(headers, HttpHeaders.AUTHORIZATION);
      return null;
    }
    String presented = presented(headers);
    ApiKeySettings key = presented == null ? null : remembered(presented, memo);
    if (key == null && required) {
      throw unauthorized();
    }
    return key;
  }

  private ApiKeySettings remembered(String presented, Memo memo) {
    if (memo.by != this || !presented.equals(memo.presented)) {
      memo.by = this;
      memo.key = lookUp(presented);
      memo.presented = presented;
    }
    return memo.key;
  }

  private ApiKeySettings lookUp(String presented) {
    String hash = sha256(presented);
    ApiKeySettings key = byHash.get(hash);
    boolean same =
        key != null
            && MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII),
                key.sha256().getBytes(StandardCharsets.US_ASCII));
    return same ? key : null;
  }

  static String sha256(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Of three places one may be used, or all with the same key: Azure's client sends two. */
  private static String presented(MultiMap headers) throws Refusal {
    String key = once(headers, "x-api-key");
    key = agreed(key, once(headers, "api-key"));
    return agreed(key, borne(once(headers, HttpHeaders.AUTHORIZATION)));
  }

  /** The key in an {@code Authorization}; {@code null} = it bears none. */
  private static String borne(String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length()).strip()
        : null;
  }

  /**
   * The key that an admitted request presents: wherever it has one, they are the same.
   *
   * @return {@code null} = none
   */
  public static String admitted(MultiMap headers) {
    String key = headers.get("x-api-key");
    key = key == null ? headers.get("api-key") : key;
    return key == null ? borne(headers.get(HttpHeaders.AUTHORIZATION)) : key;
  }

  /** Tells whether a credential is a key, with or without the word that bears it. */
  public static boolean isKey(String credential, String key) {
    return key.equals(credential) || key.equals(borne(credential));
  }

  private static String once(MultiMap headers, CharSequence name) throws Refusal {
    String first = headers.get(name);
    if (first == null) {
      return null;
    }
    List<String> all = headers.getAll(name);
    if (all.size() > 1) {
      throw unauthorized();
    }
    return first;
  }

  private static String agreed(String one, String other) throws Refusal {
    if (one != null && other != null && !one.equals(other)) {
      throw unauthorized();
    }
    return one == null ? other : one;
  }

  private static Refusal unauthorized() {
    return Refusal.unauthorized();
  }
}
