package com.huntaze.rollout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The rules of the package table, as allow-lists. */
final class ArchitectureRules {
  private static final Set<String> EMPTY_WORDS =
      Set.of(
          "util",
          "utils",
          "utility",
          "utilities",
          "common",
          "helper",
          "helpers",
          "manager",
          "managers",
          "impl");

  private static final Set<String> BODY_CALLS = Set.of("body", "bodyHandler", "pipe", "pipeTo");
  private static final Set<String> BODY_TYPES =
      Set.of("io.vertx.ext.web.handler.BodyHandler", "io.vertx.ext.web.client.WebClient");

  /** Without arguments they seed themselves. */
  private static final Set<String> SELF_SEEDED =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.security.SecureRandom",
          "java.util.Date",
          "java.util.GregorianCalendar");

  static final ArchRule KNOWN_PACKAGES =
      of("stand in a package of the table", (feature, type) -> !Feature.isKnown(feature));

  static final ArchRule PURE_ALLOW_LIST =
      dependOnly(
          "stay pure: java.., HdrHistogram and pure packages strictly below",
          Feature::isPure,
          Feature::pureMayUse);

  static final ArchRule VERTX_ALLOW_LIST =
      dependOnly(
          "know pure packages, libraries and lower rooms, but no other Vert.x package, config or app",
          Feature::isVertx,
          Feature::vertxMayUse);

  static final ArchRule CONFIG_ALLOW_LIST =
      dependOnly(
          "know of the features only their settings",
          "config"::equals,
          (feature, target) -> Feature.configMayUse(target));

  static final ArchRule NO_CLOCK_OR_CHANCE =
      accessNone(
          "take time and chance as arguments",
          Feature::isPure,
          access -> isClock(access) || isChance(access));

  static final ArchRule NO_WHOLE_BODIES =
      accessNone(
          "call no body(), bodyHandler, pipe or pipeTo: they hold or end what must stream",
          Feature::isRequestPath,
          access ->
              BODY_CALLS.contains(access.getName())
                  && access.getTargetOwner().getPackageName().startsWith("io.vertx.")
                  && !isMessage(access));

  static final ArchRule NO_BODY_TYPES =
      dependOnly(
          "use neither BodyHandler nor WebClient",
          Feature::isRequestPath,
          (feature, target) -> !BODY_TYPES.contains(target.getFullName()));

  static final ArchRule NO_SLEEP =
      accessNone(
          "never sleep",
          feature -> true,
          access -> isCall(access, "java.lang.Thread", "sleep") || isTimeUnitSleep(access));

  /** Of tests: a wait of one's own ends when its condition throws, or on a busy machine. */
  static final ArchRule NO_WAITS_OF_ITS_OWN =
      accessNone(
          "wait and pause in Waits alone",
          feature -> true,
          access ->
              !access.getOriginOwner().getSimpleName().equals("Waits")
                  && (isCall(access, "java.lang.Thread", "sleep", "onSpinWait", "yield")
                      || isCall(access, "java.util.concurrent.locks.LockSupport", "parkNanos")
                      || isTimeUnitSleep(access)));

  /** Else a prefix, a cluster or a body without a version would be forgotten somewhere. */
  static final ArchRule ONE_EVENT_BUS =
      accessNone(
          "use the event bus by Bus alone",
          feature -> !feature.equals("bus"),
          access -> isCall(access, "io.vertx.core.Vertx", "eventBus"));

  static final ArchRule NO_STANDARD_STREAMS =
      accessNone(
          "print nothing: only app talks to people",
          feature -> !feature.equals("app"),
          access -> isCall(access, "java.lang.System", "out", "err"));

  static final ArchRule TELLING_NAMES =
      of(
          "have a name that says what is in it",
          (feature, type) ->
              Arrays.stream(type.getPackageName().split("\\.")).anyMatch(EMPTY_WORDS::contains)
                  || Arrays.stream(type.getSimpleName().split("(?<=[a-z0-9])(?=[A-Z])"))
                      .map(word -> word.toLowerCase(Locale.ROOT))
                      .anyMatch(EMPTY_WORDS::contains));

  static final ArchRule NO_CYCLES =
      slices().assignedFrom(new ByFeature()).should().beFreeOfCycles();

  /** Within a feature, too: the packages below it are slices of their own. */
  static final ArchRule NO_CIRCLES =
      slices().matching("com.huntaze.rollout.(**)").should().beFreeOfCycles();

  private ArchitectureRules() {}

  private static boolean isClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getFullName();
    return isCall(access, "java.lang.System", "currentTimeMillis", "nanoTime")
        || owner.startsWith("java.time.") && access.getName().equals("now")
        || isCall(access, "java.time.InstantSource", "system")
        || isCall(
            access,
            "java.time.Clock",
            "system",
            "systemUTC",
            "systemDefaultZone",
            "tickMillis",
            "tickSeconds",
            "tickMinutes");
  }

  private static boolean isChance(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getFullName();
    return owner.equals("java.util.concurrent.ThreadLocalRandom")
        || isCall(access, "java.lang.Math", "random")
        || isCall(access, "java.util.UUID", "randomUUID")
        || access instanceof JavaConstructorCall call
            && SELF_SEEDED.contains(owner)
            && call.getTarget().getRawParameterTypes().isEmpty();
  }

  /** A message's body is an object on the event bus, nothing that streams. */
  private static boolean isMessage(JavaAccess<?> access) {
    return access.getTargetOwner().getPackageName().startsWith("io.vertx.core.eventbus");
  }

  private static boolean isTimeUnitSleep(JavaAccess<?> access) {
    return isCall(access, "java.util.concurrent.TimeUnit", "sleep");
  }

  private static boolean isCall(JavaAccess<?> access, String owner, String... names) {
    return access.getTargetOwner().getFullName().equals(owner)
        && Set.of(names).contains(access.getName());
  }

  private static ArchRule of(String promise, BiPredicate<String, JavaClass> broken) {
    return classes()
        .should(
            new ArchCondition<>(promise) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                String feature = Feature.of(type).orElse("none");
                if (broken.test(feature, type)) {
                  events.add(SimpleConditionEvent.violated(type, type.getFullName()));
                }
              }
            });
  }

  private static ArchRule dependOnly(
      String promise, Predicate<String> features, BiPredicate<String, JavaClass> allowed) {
    return classes()
        .should(
            new ArchCondition<>(promise) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                String feature = Feature.of(type).orElse("none");
                if (!features.test(feature)) {
                  return;
                }
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                  JavaClass target = dependency.getTargetClass().getBaseComponentType();
                  if (!target.isPrimitive() && !allowed.test(feature, target)) {
                    events.add(
                        SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                  }
                }
              }
            });
  }

  private static ArchRule accessNone(
      String promise, Predicate<String> features, Predicate<JavaAccess<?>> banned) {
    return classes()
        .should(
            new ArchCondition<>(promise) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (!features.test(Feature.of(type).orElse("none"))) {
                  return;
                }
                // Method references are accesses, too.
                for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                  if (banned.test(access)) {
                    events.add(SimpleConditionEvent.violated(access, access.getDescription()));
                  }
                }
              }
            });
  }

  private static final class ByFeature implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return Feature.of(type).map(SliceIdentifier::of).orElseGet(SliceIdentifier::ignore);
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
