package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents lead where they say, and speak of what there is. */
class DocumentsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern RUNBOOK =
      Pattern.compile("runbook_url: '\\{\\{ \\$externalLabels.rollout_docs }}/(\\S+)'");
  private static final Pattern PACKAGE_ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| ([PV]) \\|");
  private static final Pattern KEY = Pattern.compile("`([a-zA-Z.]+)`");
  private static final Pattern CHECKED = Pattern.compile("check\\.\\w+\\(\\s*\"([^\"]+)\"");
  private static final Pattern TESTED = Pattern.compile("`(\\w+(?:Test|IT))(?:#(\\w+))?`");

  private static final Pattern CODE = Pattern.compile("`[^`]*`");

  /** In a table it ends the cell where the page is rendered. */
  private static final Pattern BAR = Pattern.compile("(?<!\\\\)\\|");

  private static List<Path> documents() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String folder : List.of("", "docs", "deploy")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(all::add);
      }
    }
    return all;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The anchors of a document, as GitHub makes them of its headings. */
  private static Set<String> anchors(Path file) {
    Set<String> anchors = new HashSet<>();
    Matcher heading = HEADING.matcher(FENCE.matcher(read(file)).replaceAll(""));
    while (heading.find()) {
      String text = heading.group(1).replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1");
      anchors.add(
          text.strip()
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
    }
    return anchors;
  }

  /** Returns the reason for which a link leads nowhere; empty when it does, or is not ours. */
  private static String problem(Path from, String link) {
    if (link.matches("[a-z]+:.*")) {
      return "";
    }
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? from : from.resolveSibling(path).normalize();
    if (!Files.exists(target)) {
      return ROOT.relativize(from) + ": " + link + ": no such file";
    }
    if (hash >= 0 && !anchors(target).contains(link.substring(hash + 1))) {
      return ROOT.relativize(from) + ": " + link + ": no such heading";
    }
    return "";
  }

  @Test
  void noTableCutsTheCodeInIt() throws IOException {
    for (Path document : documents()) {
      String text = FENCE.matcher(read(document)).replaceAll("");
      List<String> cut =
          text.lines()
              .filter(line -> line.startsWith("|"))
              .flatMap(line -> CODE.matcher(line).results().map(MatchResult::group))
              .filter(code -> BAR.matcher(code).find())
              .toList();
      assertThat(cut).as("bars in the code of %s (expected: \\|)", document).isEmpty();
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> problems = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
      Matcher link = LINK.matcher(FENCE.matcher(read(document)).replaceAll(""));
      while (link.find()) {
        links++;
        problems.add(problem(document, link.group(1)));
      }
    }
    problems.removeIf(String::isEmpty);
    assertThat(problems).isEmpty();
    assertThat(links).isGreaterThan(60);
  }

  @Test
  void aLinkThatLeadsNowhereIsFound() {
    Path readme = ROOT.resolve("README.md");
    assertThat(problem(readme, "docs/none.md")).contains("no such file");
    assertThat(problem(readme, "docs/runbook.md#none")).contains("no such heading");
    assertThat(problem(readme, "docs/runbook.md#rolloutrolledback")).isEmpty();
  }

  @Test
  void everyAlertOfPrometheusHasItsPlaceInTheRunbook() {
    Matcher runbook = RUNBOOK.matcher(read(ROOT.resolve("deploy/prometheus/rules.yml")));
    int alerts = 0;
    while (runbook.find()) {
      alerts++;
      assertThat(problem(ROOT.resolve("README.md"), "docs/" + runbook.group(1))).isEmpty();
    }
    assertThat(alerts).isGreaterThan(20);
  }

  @Test
  void everyKeyThatNeedsARestartIsTold() {
    Matcher told =
        Pattern.compile("(?m)^\\*\\*Needs a restart,\\*\\*.*$")
            .matcher(read(ROOT.resolve("docs/configuration.md")));
    assertThat(told.find()).isTrue();
    String source = read(ROOT.resolve("src/main/java/com/huntaze/rollout/app/NeedsRestart.java"));
    assertThat(found(KEY, told.group()))
        .containsExactlyInAnyOrderElementsOf(found(CHECKED, source))
        .hasSizeGreaterThan(12);
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(each -> each.group(1)).collect(Collectors.toSet());
  }

  /** In a terminal zsh takes what follows a # for more arguments. */
  @Test
  void commandsCanBePasted() throws IOException {
    List<String> commented = new ArrayList<>();
    int blocks = 0;
    for (Path document : documents()) {
      Matcher fence = FENCE.matcher(read(document));
      while (fence.find()) {
        if (fence.group().matches("(?s)```(sh|bash)\n.*")) {
          blocks++;
          fence.group().lines().filter(line -> line.matches("(.*\\s)?#.*")).forEach(commented::add);
        }
      }
    }
    assertThat(commented).isEmpty();
    assertThat(blocks).isGreaterThan(15);
  }

  @Test
  void everyAlertOfOursHasItsRemedy() {
    String runbook = read(ROOT.resolve("docs/runbook.md"));
    String table = runbook.substring(runbook.indexOf("| kind | remedy |"));
    String alerts = read(ROOT.resolve("docs/alerts.md"));
    for (Alert.Kind kind : Alert.Kind.values()) {
      assertThat(table).contains("`" + kind.label() + "`");
      assertThat(alerts).contains("`" + kind.label() + "`");
    }
  }

  @Test
  void theTableOfPackagesIsTheRules() throws IOException {
    Map<String, String> told = new TreeMap<>();
    Matcher row = PACKAGE_ROW.matcher(read(ROOT.resolve("docs/architecture.md")));
    while (row.find()) {
      told.put(row.group(1), row.group(2));
    }
    Map<String, String> real = new TreeMap<>();
    try (Stream<Path> packages = Files.list(ROOT.resolve("src/main/java/com/huntaze/rollout"))) {
      packages
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .forEach(name -> real.put(name, Feature.isPure(name) ? "P" : "V"));
    }
    assertThat(told).isEqualTo(real);
  }

  @Test
  void everyTestThatTheSecurityPageNamesIsThere() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("src/test/java"))) {
      Map<String, String> tests = new TreeMap<>();
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> tests.put(file.getFileName().toString(), read(file)));
      Matcher named = TESTED.matcher(read(ROOT.resolve("SECURITY.md")));
      int count = 0;
      while (named.find()) {
        count++;
        String source = tests.get(named.group(1) + ".java");
        assertThat(source).as(named.group()).isNotNull();
        if (named.group(2) != null) {
          assertThat(source).as(named.group()).contains("void " + named.group(2) + "(");
        }
      }
      assertThat(count).isGreaterThan(30);
    }
  }
}
