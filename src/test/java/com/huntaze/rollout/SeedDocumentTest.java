package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/seed.md} has every name of the seed, and all that it points to is there. */
class SeedDocumentTest {
  private static final Path PAGE = Path.of("docs/seed.md");
  private static final Path NAMES = Path.of("src/test/resources/seed-names.txt");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern CLASS = Pattern.compile("([A-Z]\\w+)(?:#(\\w+))?");
  private static final Pattern ADMIN =
      Pattern.compile("(GET|POST|PUT) (/api/v1/\\S+)|curl.* '?:9090(/[^ ?']*).*");
  private static final Pattern KEY = Pattern.compile("[a-z][A-Za-z]*(\\.[a-z][A-Za-z0-9]*)*");
  private static final Map<String, Path> MAIN = sources("src/main/java");
  private static final Map<String, Path> TESTS = sources("src/test/java");

  private static Map<String, Path> sources(String root) {
    Map<String, Path> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of(root))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), file));
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
    return sources;
  }

  /** The rows of the page's tables: what the seed calls it, code, reach, test, command. */
  private static List<String[]> rows(String page) {
    return page.lines()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| seed "))
        .map(line -> line.substring(2).replaceAll("\\s*\\|$", "").split("\\s*\\|\\s*"))
        .toList();
  }

  private static List<String> codes(String cell) {
    return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
  }

  private static List<String> problems(String page) throws IOException {
    List<String> problems = new ArrayList<>();
    JsonObject openApi =
        new JsonObject(Files.readString(Path.of("src/main/resources/openapi.json")));
    String wire = Files.readString(Path.of("src/test/resources/wire-names.txt"));
    for (String[] row : rows(page)) {
      String where = row[0];
      if (row.length != 5) {
        problems.add(where + ": %d cells (expected: 5)".formatted(row.length));
        continue;
      }
      codes(row[1]).stream()
          .flatMap(code -> place(code).stream())
          .forEach(it -> problems.add(where + ": " + it));
      codes(row[2]).stream()
          .flatMap(code -> reach(code, openApi, wire).stream())
          .forEach(it -> problems.add(where + ": " + it));
      codes(row[3]).stream()
          .flatMap(code -> test(code).stream())
          .forEach(it -> problems.add(where + ": " + it));
      if (codes(row[3]).isEmpty() && !row[3].startsWith("only ")) {
        problems.add(where + ": no test (expected: one, or who alone can show it)");
      }
      codes(row[4]).stream()
          .flatMap(code -> reach(code, openApi, wire).stream())
          .forEach(it -> problems.add(where + ": " + it));
      if (codes(row[4]).isEmpty()) {
        problems.add(where + ": no command (expected: one that shows it)");
      }
    }
    return problems;
  }

  private static Optional<String> place(String code) {
    if (code.contains("/")) {
      return exists(code);
    }
    Matcher type = CLASS.matcher(code);
    if (!type.matches() || !MAIN.containsKey(type.group(1))) {
      return Optional.of(code + ": no class (expected: one of src/main/java)");
    }
    String member = type.group(2);
    return member == null || text(MAIN.get(type.group(1))).matches("(?s).*\\b" + member + "\\b.*")
        ? Optional.empty()
        : Optional.of(code + ": no such member");
  }

  private static Optional<String> test(String code) {
    if (code.startsWith(".ci/")) {
      return exists(code);
    }
    return TESTS.containsKey(code)
        ? Optional.empty()
        : Optional.of(code + ": no test (expected: one of src/test/java)");
  }

  private static Optional<String> reach(String code, JsonObject openApi, String wire) {
    Matcher admin = ADMIN.matcher(code);
    if (admin.matches()) {
      String path = admin.group(2) == null ? admin.group(3) : admin.group(2);
      JsonObject known = openApi.getJsonObject("paths").getJsonObject(path);
      boolean there =
          known != null
              && (admin.group(1) == null
                  || known.containsKey(admin.group(1).toLowerCase(Locale.ROOT)));
      return there ? Optional.empty() : Optional.of(code + ": not in openapi.json");
    }
    if (code.startsWith("docs/") || code.startsWith("deploy/") || code.startsWith("loadtest/")) {
      return exists(code.split(" ")[0]);
    }
    if (code.startsWith("cat ")) {
      return exists(code.substring("cat ".length()));
    }
    if (code.startsWith("mvn -B test -Dtest=")) {
      return test(code.substring("mvn -B test -Dtest=".length()));
    }
    boolean name =
        code.startsWith("rollout.")
            || code.startsWith("X-")
            || code.startsWith("AI_")
            || KEY.matcher(code).matches();
    return !name || isLine(wire, code) || code.equals("limits")
        ? Optional.empty()
        : Optional.of(code + ": not in wire-names.txt");
  }

  private static boolean isLine(String wire, String name) {
    return wire.lines().anyMatch(line -> line.equalsIgnoreCase(name));
  }

  private static Optional<String> exists(String file) {
    return Files.exists(Path.of(file))
        ? Optional.empty()
        : Optional.of(file + ": no file (expected: one)");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Test
  void allThatThePagePointsToIsThere() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(rows(page)).hasSizeGreaterThan(60);
    assertThat(problems(page)).isEmpty();
  }

  @Test
  void everyNameOfTheSeedIsOnThePage() throws IOException {
    List<String> known = codes(Files.readString(PAGE).replaceAll("```", ""));
    List<String> names =
        Files.readAllLines(NAMES).stream().filter(line -> !line.startsWith("#")).toList();
    assertThat(names).hasSizeGreaterThan(120);
    assertThat(known).containsAll(names);
  }

  @Test
  void eachPropertysTestsAreTaggedWithIt() throws IOException {
    for (String[] row : rows(Files.readString(PAGE))) {
      Matcher property = Pattern.compile("`Property (\\d+)`.*").matcher(row[0]);
      if (property.matches()) {
        String tag = "azure-foundry-production-rollout, Property " + property.group(1) + ":";
        assertThat(codes(row[3]).stream().map(TESTS::get).map(SeedDocumentTest::text))
            .as(row[0])
            .anyMatch(test -> test.contains(tag));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "| `x` | `NoSuchClass` | `provider` | `SplitIT` | `curl -s :9090/metrics` |",
        "| `x` | `TrafficSplitter#noSuchMethod` | `provider` | `SplitIT` | `curl -s :9090/metrics` |",
        "| `x` | `TrafficSplitter` | `no.such.key` | `SplitIT` | `curl -s :9090/metrics` |",
        "| `x` | `TrafficSplitter` | `rollout.no.such` | `SplitIT` | `curl -s :9090/metrics` |",
        "| `x` | `TrafficSplitter` | `PUT /api/v1/split` | `SplitIT` | `curl -s :9090/metrics` |",
        "| `x` | `TrafficSplitter` | `provider` | `NoSuchIT` | `curl -s :9090/metrics` |",
        "| `x` | `TrafficSplitter` | `provider` | none | `curl -s :9090/metrics` |",
        "| `x` | `TrafficSplitter` | `provider` | `SplitIT` | `curl -s :9090/api/v1/nothing` |",
        "| `x` | `TrafficSplitter` | `provider` | `SplitIT` | nothing |",
        "| `x` | `TrafficSplitter` | `provider` | `SplitIT` |"
      })
  void aRowThatIsWrongIsFound(String row) throws IOException {
    assertThat(problems(row)).hasSize(1);
  }

  @Test
  void aRowThatIsRightIsNot() throws IOException {
    String row =
        "| `x` | `TrafficSplitter#metrics`, `deploy/README.md` | `GET /api/v1/split`, `provider`,"
            + " `rollout.health`, `AI_PROVIDER` | `SplitIT`, `.ci/load` | `curl -s :9090/metrics` |";
    assertThat(problems(row)).isEmpty();
    assertThat(Arrays.asList(rows(row).get(0))).hasSize(5);
  }
}
