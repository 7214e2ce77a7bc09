package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The package table is kept by the code, and each rule bites: the same rule object finds every
 * offence of a fixture made for it.
 */
class ArchitectureTest {
  private static final String ROOT = "com.huntaze.rollout";
  static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** Each rule, the fixture that breaks it, and what the report has to name. */
  static Stream<Arguments> rules() {
    return Stream.of(
        rule("known packages", ArchitectureRules.KNOWN_PACKAGES, "unknown", "unknown.extra.Extra"),
        rule(
            "pure allow-list",
            ArchitectureRules.PURE_ALLOW_LIST,
            "pure",
            "pure.canary.Machine",
            "pure.cost.Ledger",
            "io.vertx.core.Future",
            "org.slf4j.Logger",
            "java.util.logging.Logger",
            "java.net.http.HttpClient",
            "com.fasterxml.jackson.core.JsonFactory"),
        rule(
            "Vert.x allow-list",
            ArchitectureRules.VERTX_ALLOW_LIST,
            "sideways",
            "sideways.probe.Probes",
            "sideways.config.Everything",
            "sideways.app.Start",
            "picocli.CommandLine"),
        rule(
            "order of the request path's rooms",
            ArchitectureRules.VERTX_ALLOW_LIST,
            "upwards",
            "upwards.relay.Answers",
            "upwards.upstream.Pool"),
        rule(
            "config allow-list",
            ArchitectureRules.CONFIG_ALLOW_LIST,
            "assembly",
            "assembly.proxy.Worker",
            "assembly.traffic.Numbers",
            "assembly.app.FlagSettings"),
        rule(
            "no clock or chance in pure packages",
            ArchitectureRules.NO_CLOCK_OR_CHANCE,
            "clock",
            "System.currentTimeMillis()",
            "System.nanoTime()",
            "Instant.now()",
            "LocalDate.now()",
            "Clock.systemUTC()",
            "InstantSource.system()",
            "ThreadLocalRandom.current()",
            "Math.random()",
            "UUID.randomUUID()",
            "java.util.Random.<init>()"),
        rule(
            "no whole bodies in the request path",
            ArchitectureRules.NO_WHOLE_BODIES,
            "bodies",
            "HttpServerRequest.body()",
            "HttpClientResponse.body()",
            "HttpServerRequest.bodyHandler(",
            "HttpServerRequest.pipe()",
            "HttpServerRequest.pipeTo("),
        rule(
            "no body types in the request path",
            ArchitectureRules.NO_BODY_TYPES,
            "bodies",
            "io.vertx.ext.web.handler.BodyHandler",
            "io.vertx.ext.web.client.WebClient"),
        rule("no sleep", ArchitectureRules.NO_SLEEP, "sleep", "Thread.sleep(", "TimeUnit.sleep("),
        rule(
            "one event bus",
            ArchitectureRules.ONE_EVENT_BUS,
            "shouting",
            "shouting.probe.Crier",
            "Vertx.eventBus()"),
        rule(
            "no standard streams",
            ArchitectureRules.NO_STANDARD_STREAMS,
            "printing",
            "System.out",
            "System.err"),
        rule(
            "telling names",
            ArchitectureRules.TELLING_NAMES,
            "naming",
            "naming.util.Anything",
            "naming.proxy.StringUtils",
            "naming.proxy.ManagerOfAll",
            "naming.proxy.ExchangeImpl",
            "naming.proxy.RequestHelper"),
        rule(
            "sealed types end in an error",
            DispatchRules.SEALED_TYPES,
            "dispatch",
            "lastIsElse(",
            "dropsTheRest(",
            "isOneOfTwo("),
        rule("no cycles", ArchitectureRules.NO_CYCLES, "cycle", "Slice admin", "Slice alert"),
        rule(
            "no circles between packages",
            ArchitectureRules.NO_CIRCLES,
            "circle",
            "canary.stage",
            "canary.step"));
  }

  /** The parts of the mission that libraries carry, each by a class that is run. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.vertx.core",
        "io.vertx.ext.web",
        "io.vertx.ext.web.client",
        "io.vertx.circuitbreaker",
        "io.vertx.micrometer",
        "io.vertx.config",
        "com.fasterxml.jackson.databind"
      })
  void theLibrariesOfTheMissionAreUsed(String library) {
    assertThat(MAIN.stream())
        .anyMatch(
            each ->
                each.getDirectDependenciesFromSelf().stream()
                    .anyMatch(on -> on.getTargetClass().getPackageName().equals(library)));
  }

  private static Arguments rule(String name, ArchRule rule, String fixture, String... offences) {
    return arguments(Named.of(name, rule), fixture, List.of(offences));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theCodeKeepsTheRule(ArchRule rule, String fixture, List<String> offences) {
    assertThat(rule.evaluate(MAIN).getFailureReport().getDetails()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theRuleFindsEveryOffenceOfItsFixture(ArchRule rule, String fixture, List<String> offences) {
    JavaClasses offenders =
        new ClassFileImporter().importPackages(ROOT + ".archfixture." + fixture);
    String report = String.join("\n", rule.evaluate(offenders).getFailureReport().getDetails());
    assertThat(report).contains(offences).doesNotContainIgnoringCase("innocent");
  }

  @Test
  void testsWaitInOnePlace() throws IOException {
    JavaClasses tests = testsWithoutTheirLibraries();
    ArchRule rule = ArchitectureRules.NO_WAITS_OF_ITS_OWN;
    assertThat(rule.evaluate(tests).getFailureReport().getDetails()).isEmpty();
    JavaClasses offenders = new ClassFileImporter().importPackages(ROOT + ".archfixture.waits");
    assertThat(String.join("\n", rule.evaluate(offenders).getFailureReport().getDetails()))
        .contains("Thread.onSpinWait()", "LockSupport.parkNanos(", "TimeUnit.sleep(");
    assertThat(OwnDeadlines.in(Path.of("src", "test", "java"))).isEmpty();
  }

  /** A call names its target: what the libraries are made of need not be read for it. */
  private static JavaClasses testsWithoutTheirLibraries() {
    ArchConfiguration configuration = ArchConfiguration.get();
    configuration.setResolveMissingDependenciesFromClassPath(false);
    try {
      return new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
          .withImportOption(place -> !place.contains("/archfixture/"))
          .importPackages(ROOT);
    } finally {
      configuration.setResolveMissingDependenciesFromClassPath(true);
    }
  }

  @Test
  void aDeadlineOfItsOwnIsFound(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("Own.java"), "assertThat(System.nan" + "oTime()).isLess");
    Files.writeString(folder.resolve("Loop.java"), "while (System.nan" + "oTime() < end) {");
    Files.writeString(folder.resolve("None.java"), "long begun = System.nanoTime();");
    assertThat(OwnDeadlines.in(folder)).hasSize(2);
  }

  @Test
  void dispatchesOverEnumsAreChecked() throws IOException {
    assertThat(EnumDispatches.unchecked(Path.of("src", "main", "java"))).isEmpty();
    Path fixture = Path.of("src/test/java/com/huntaze/rollout/archfixture/dispatch");
    assertThat(EnumDispatches.unchecked(fixture))
        .hasSize(3)
        .anyMatch(offence -> offence.contains("switch (colour) over Colour"))
        .anyMatch(offence -> offence.contains("switch (byDefault) over Colour"))
        .anyMatch(offence -> offence.contains("if compared is one of [GREEN, RED]"));
  }

  @Test
  void theWholeProgramIsLookedAt() {
    assertThat(MAIN.size()).isGreaterThan(100);
    assertThat(MAIN.contain(ROOT + ".proxy.ProxyVerticle")).isTrue();
    assertThat(MAIN.contain(ROOT + ".ArchitectureTest")).isFalse();
  }

  @Test
  void noSourceFileHasSwallowedAnother() throws IOException {
    assertThat(SourceSizes.tooLong(Path.of("src", "main", "java"))).isEmpty();
  }

  @Test
  void noPackageIsTooFullToBeKnown() throws IOException {
    Path root = Path.of("src/main/java/com/huntaze/rollout");
    assertThat(PackageSizes.tooFull(root, Set.of())).isEmpty();
  }

  @Test
  void aFullPackageAndANeedlessExceptionAreFound(@TempDir Path folder) throws IOException {
    for (String name : List.of("full", "room/inner", "excepted")) {
      Files.createDirectories(folder.resolve(name));
      int most = name.equals("room/inner") ? 40 : 41;
      for (int i = 0; i < most; i++) {
        Files.createFile(folder.resolve(name).resolve("Type" + i + ".java"));
      }
    }
    Files.createFile(folder.resolve("full/notes.txt"));
    assertThat(PackageSizes.tooFull(folder, Set.of("excepted", "room/inner")))
        .containsExactly(
            "full: 41 files (expected: at most 40)",
            "room/inner: excepted with 40 files (expected: no exception up to 40)");
  }

  @Test
  void aLongFileAndALongVerticleAreFound(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("Long.java"), "\n".repeat(391));
    Files.writeString(folder.resolve("Short.java"), "\n".repeat(390));
    Files.writeString(folder.resolve("LongVerticle.java"), "\n".repeat(151));
    Files.writeString(folder.resolve("ShortVerticle.java"), "\n".repeat(150));
    Files.writeString(
        folder.resolve("Hidden.java"), "class Hidden extends VerticleBase {}" + "\n".repeat(151));
    assertThat(SourceSizes.tooLong(folder))
        .hasSize(3)
        .anyMatch(sentence -> sentence.contains("Long.java: 391 lines (expected: at most 390)"))
        .anyMatch(sentence -> sentence.contains("LongVerticle.java: 151 lines"))
        .anyMatch(sentence -> sentence.contains("Hidden.java"));
  }
}
