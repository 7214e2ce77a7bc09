package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No suite is lost between the tiers: each is in {@code mvn verify}, in {@code .ci/run} ({@code
 * heavy}) or in {@code .ci/long} alone ({@code long}), and what has a full size ({@code sized}) has
 * it in {@code .ci/long}, as has what is tagged {@code full} beside its tier.
 */
class TiersTest {
  private static final Set<String> TIERS = Set.of("heavy", "long", "sized");
  private static final Pattern TAG = Pattern.compile("(?m)^@Tag\\(\"(\\w+)\"\\)$");
  private static final Pattern TYPE = Pattern.compile("(?m)^class (\\w+IT) ");
  private static final Pattern EXCLUDE = Pattern.compile("<exclude>\\*\\*/(.*?)</exclude>");

  /** The sources of the suites, by class. */
  private static Map<String, String> suites() throws IOException {
    Map<String, String> suites = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith("IT.java")).toList()) {
        suites.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return suites;
  }

  private static Set<String> tiers(String source) {
    return TAG.matcher(source)
        .results()
        .map(found -> found.group(1))
        .filter(TIERS::contains)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everySuiteIsInOneTier() throws IOException {
    Map<String, String> suites = suites();
    assertThat(suites).hasSizeGreaterThan(90);
    suites.forEach(
        (name, source) -> {
          assertThat(tiers(source)).as(name).hasSizeLessThanOrEqualTo(1);
          assertThat(TYPE.matcher(source).results().map(type -> type.group(1)))
              .as("%s: Failsafe looks for classes by their file's name", name)
              .contains(name);
          if (source.contains("\"rollout.heavy\"")) {
            assertThat(tiers(source)).as("%s has a full size", name).isNotEmpty();
            assertThat(source)
                .as("%s has its full size in .ci/long", name)
                .containsAnyOf("@Tag(\"long\")", "@Tag(\"sized\")", "@Tag(\"full\")");
          }
        });
    assertThat(suites.values().stream().filter(source -> tiers(source).contains("heavy")))
        .hasSizeGreaterThanOrEqualTo(26);
    assertThat(
            suites.values().stream()
                .filter(
                    source -> tiers(source).contains("sized") || source.contains("@Tag(\"full\")")))
        .hasSizeGreaterThanOrEqualTo(7);
  }

  @Test
  void noListOfClassesLeavesOneOut() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    assertThat(EXCLUDE.matcher(pom).results().map(MatchResult::group))
        .containsOnly("<exclude>**/*FuzzTest.java</exclude>");
    assertThat(pom).contains("<excludedGroups>heavy,long</excludedGroups>");
  }

  @Test
  void bothScriptsRunTheirTier() throws IOException {
    assertThat(Files.readString(Path.of(".ci/run")))
        .contains(
            "part verify \"${maven[@]}\" verify",
            "-Dgroups=heavy & !alone",
            "-Dgroups=heavy & alone");
    assertThat(Files.readString(Path.of(".ci/long"))).contains("-Dgroups=long | sized | full");
  }
}
