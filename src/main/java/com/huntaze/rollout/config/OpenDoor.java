package com.huntaze.rollout.config;

import com.huntaze.rollout.settings.IpAddresses;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.upstream.UpstreamSettings;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A port that others reach, behind which the proxy adds a credential of its own: whoever finds it
 * uses paid models at the owner's cost. That is refused unless the configuration says that it is
 * meant.
 */
final class OpenDoor {
  /** A header whose name says that its value opens something. */
  private static final Pattern CREDENTIAL =
      Pattern.compile(".*(auth|key|token|secret|cookie|credential).*", Pattern.CASE_INSENSITIVE);

  private OpenDoor() {}

  static Optional<Problem> check(Settings settings) {
    if (settings.auth().required()
        || settings.auth().open()
        || IpAddresses.isLoopback(settings.server().host())) {
      return Optional.empty();
    }
    return injected("foundry", settings.providers().foundry().upstream())
        .or(() -> injected("legacy", settings.providers().legacy().upstream()))
        .map(
            header ->
                new Problem(
                    "auth.required",
                    "false",
                    ("true, because server.host %s is reached by others and the proxy adds its own"
                            + " %s; or auth.open: true if everybody may use it, or a loopback"
                            + " server.host")
                        .formatted(settings.server().host(), header)));
  }

  private static Optional<String> injected(String provider, UpstreamSettings upstream) {
    if (upstream.token() != null) {
      return Optional.of("providers.%s.token".formatted(provider));
    }
    return upstream.headers().entrySet().stream()
        .filter(header -> !header.getValue().isEmpty())
        .map(java.util.Map.Entry::getKey)
        .filter(name -> CREDENTIAL.matcher(name).matches())
        .findFirst()
        .map(name -> "providers.%s.headers.%s".formatted(provider, name));
  }
}
