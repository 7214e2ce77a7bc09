package com.huntaze.rollout;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The features of {@code docs}' package table, and what each may depend on. */
final class Feature {
  /** A fixture stands one package deeper, so that the same rule objects judge it. */
  private static final Pattern PACKAGE =
      Pattern.compile("com\\.huntaze\\.rollout\\.(?:archfixture\\.\\w+\\.)?(\\w+)(?:\\..*)?");

  /** The pure ones, lowest first; those of one level do not know each other. */
  private static final List<Set<String>> PURE =
      List.of(
          Set.of("settings"),
          Set.of("provider", "sse", "address"),
          Set.of("traffic", "outcome", "cost", "quota"),
          Set.of("failover", "health", "route"),
          Set.of("judge"),
          Set.of("canary", "quality", "exchange", "lease", "history"),
          Set.of("trace"));

  /** The rooms of the request path, lowest first; those of one level do not know each other. */
  private static final List<Set<String>> REQUEST_PATH =
      List.of(
          Set.of("http"),
          Set.of("admission"),
          Set.of("meters"),
          Set.of("client", "upstream", "breaker", "feedback"),
          Set.of("request"),
          Set.of("relay"),
          Set.of("proxy"));

  private static final Set<String> VERTX =
      Set.of(
          "control",
          "store",
          "probe",
          "alert",
          "telemetry",
          "admin",
          "simulate",
          "cli",
          "doctor",
          "cluster");

  /** The features that all of those on Vert.x share; they know none of them. */
  private static final Set<String> SHARED_VERTX =
      Set.of("bus", "watch", "tls", "dns", "token", "network");

  private static final List<String> PURE_LIBRARIES = List.of("java.", "org.HdrHistogram");
  private static final List<String> IMPURE_JAVA = List.of("java.net.http", "java.util.logging");
  private static final Map<String, String> OWN_LIBRARIES =
      Map.of(
          "cost", "com.fasterxml.jackson.core",
          "outcome", "com.fasterxml.jackson.core",
          "judge", "org.apache.commons.numbers.gamma",
          "quality", "org.apache.commons.statistics.distribution");
  private static final Map<String, List<String>> OWN_VERTX_LIBRARIES =
      Map.of(
          "telemetry",
          List.of("io.opentelemetry.", "io.prometheus.metrics.", "ch.qos.logback."),
          "cli",
          List.of("picocli"),
          "cluster",
          List.of("org.jgroups"));
  private static final List<String> VERTX_LIBRARIES =
      List.of(
          "java.",
          "javax.net.ssl",
          "javax.crypto",
          "io.vertx.",
          "io.netty.",
          "io.micrometer.",
          "org.slf4j",
          "com.fasterxml.jackson.",
          "com.github.benmanes.caffeine",
          "io.github.bucket4j",
          "org.HdrHistogram");

  private Feature() {}

  /** The feature that a class of ours belongs to; empty for a library's class. */
  static Optional<String> of(JavaClass type) {
    Matcher matcher = PACKAGE.matcher(type.getPackageName());
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static boolean isPure(String feature) {
    return level(PURE, feature) >= 0;
  }

  static boolean isVertx(String feature) {
    return VERTX.contains(feature) || SHARED_VERTX.contains(feature) || isRequestPath(feature);
  }

  static boolean isRequestPath(String feature) {
    return level(REQUEST_PATH, feature) >= 0;
  }

  /** Returns the rooms of the request path. */
  static Set<String> requestPath() {
    return REQUEST_PATH.stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }

  static boolean isKnown(String feature) {
    return isPure(feature) || isVertx(feature) || feature.equals("config") || feature.equals("app");
  }

  /** Returns whether a pure feature may know the class. */
  static boolean pureMayUse(String feature, JavaClass target) {
    Optional<String> other = of(target);
    if (other.isPresent()) {
      return other.get().equals(feature)
          || isPure(other.get()) && isBelow(PURE, other.get(), feature);
    }
    String name = target.getPackageName();
    return startsWithAny(name, PURE_LIBRARIES) && !startsWithAny(name, IMPURE_JAVA)
        || OWN_LIBRARIES.containsKey(feature) && name.startsWith(OWN_LIBRARIES.get(feature));
  }

  /** Returns whether a feature on Vert.x may know the class. */
  static boolean vertxMayUse(String feature, JavaClass target) {
    return of(target)
        .map(
            other ->
                other.equals(feature)
                    || isPure(other)
                    || SHARED_VERTX.contains(other)
                    || isBelow(REQUEST_PATH, other, feature))
        .orElseGet(
            () ->
                startsWithAny(target.getPackageName(), VERTX_LIBRARIES)
                    || startsWithAny(
                        target.getPackageName(),
                        OWN_VERTX_LIBRARIES.getOrDefault(feature, List.of())));
  }

  /**
   * Returns whether {@code config} may know the class: settings of every feature, and their enums.
   */
  static boolean configMayUse(JavaClass target) {
    return of(target)
        .map(
            other ->
                other.equals("config")
                    || other.equals("settings")
                    || !other.equals("app") && isSetting(target))
        .orElseGet(() -> startsWithAny(target.getPackageName(), VERTX_LIBRARIES));
  }

  private static boolean isSetting(JavaClass target) {
    return target.isEnum() || target.isRecord() && target.getSimpleName().endsWith("Settings");
  }

  private static boolean isBelow(List<Set<String>> levels, String lower, String upper) {
    int level = level(levels, lower);
    return level >= 0 && level < level(levels, upper);
  }

  private static int level(List<Set<String>> levels, String feature) {
    for (int level = 0; level < levels.size(); level++) {
      if (levels.get(level).contains(feature)) {
        return level;
      }
    }
    return -1;
  }

  private static boolean startsWithAny(String name, List<String> prefixes) {
    return prefixes.stream().anyMatch(name::startsWith);
  }
}
