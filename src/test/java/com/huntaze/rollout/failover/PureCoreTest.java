package com.huntaze.rollout.failover;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The decision core knows Java, its own packages and those below it, and nothing else. */
class PureCoreTest {
  private static final String ROOT = "com.huntaze.rollout.";

  static Stream<Arguments> packages() {
    String json = "com.fasterxml.jackson.core..";
    return Stream.of(
        Arguments.of("sse", new String[] {}),
        Arguments.of("outcome", new String[] {json}),
        Arguments.of("quota", new String[] {}),
        Arguments.of(
            "failover",
            new String[] {ROOT + "settings", ROOT + "provider", ROOT + "outcome", ROOT + "quota"}));
  }

  @ParameterizedTest
  @MethodSource("packages")
  void knowsOnlyWhatStandsBelowIt(String name, String[] below) {
    JavaClasses core =
        new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests())
            .importPackages(ROOT + name);
    String[] allowed =
        Stream.concat(Stream.of("java..", ROOT + name), Stream.of(below)).toArray(String[]::new);
    classes().should().onlyDependOnClassesThat().resideInAnyPackage(allowed).check(core);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void readsNoClockAndDrawsNoLots(String name, String[] below) {
    JavaClasses core =
        new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests())
            .importPackages(ROOT + name);
    noClasses().should().callMethod(System.class, "nanoTime").check(core);
    noClasses().should().callMethod(System.class, "currentTimeMillis").check(core);
    noClasses().should().dependOnClassesThat().haveSimpleNameContaining("Random").check(core);
  }
}
