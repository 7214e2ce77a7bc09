package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.route.RouteTable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code docs/seed.md} has a row for each name of the seed, and what a row names is there: classes
 * and their members, files, paths, keys, addresses, headers, fields and tests.
 */
class SeedDocumentTest {
  private static final String ROOT_PACKAGE = "com.huntaze.rollout.";
  private static final Path MAIN = Path.of("src/main/java/com/huntaze/rollout");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Path PAGE = Path.of("docs/seed.md");
  private static final Path NAMES = Path.of("src/test/resources/seed-names.txt");

  private static final int CELLS = 5;
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern TYPE =
      Pattern.compile("([a-z]+(?:\\.[a-z]+)*)\\.([A-Z]\\w*(?:\\.[A-Z]\\w*)*)(?:#(\\w+))?");
  private static final Pattern TEST = Pattern.compile("(\\w+(?:Test|IT))(?:#(\\w+))?");
  private static final Pattern REQUEST = Pattern.compile("(GET|POST|PUT|DELETE) (/\\S*)");
  private static final Pattern CURL =
      Pattern.compile("`curl ([^`]*?)http://127\\.0\\.0\\.1:(?:8080|9090)(/[^ '?`]*)([^`]*)`");
  private static final Pattern COMMAND = Pattern.compile("(?m)^\\| `(\\w+)` \\| [^|]+ \\|$");
  private static final Pattern VARIABLE = Pattern.compile("(AI_[A-Z_]+)(?:=\\w+)?");
  private static final Pattern FIELD = Pattern.compile("(?:\\.\\w+)+");

  private static final Map<String, String> SOURCES = new TreeMap<>();
  private static final Set<String> REQUESTS = new HashSet<>();
  private static final Set<String> FIELDS = new HashSet<>();

  /** A row of one of the page's tables of names: its five cells. */
  private record Row(String seed, String here, String reached, String test, String seen) {
    static Row of(String line) {
      String[] cells = line.substring(1, line.length() - 1).split("\\|", -1);
      return cells.length == CELLS
          ? new Row(cells[0], cells[1], cells[2], cells[3], cells[4])
          : null;
    }

    boolean isWhole() {
      return Stream.of(seed, here, reached, test, seen).noneMatch(String::isBlank);
    }
  }

  @BeforeAll
  static void read() throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(
              file ->
                  SOURCES.put(
                      file.getFileName().toString().replace(".java", ""), Fixtures.text(file)));
    }
    JsonObject api = new JsonObject(Files.readString(Path.of("src/main/resources/openapi.json")));
    api.getJsonObject("paths")
        .forEach(
            path ->
                ((JsonObject) path.getValue())
                    .fieldNames()
                    .forEach(
                        method ->
                            REQUESTS.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    collectFields(api.getJsonObject("components"));
    collectFields(api.getJsonObject("paths"));
  }

  /** The fields of every answer that the admin port's description has. */
  private static void collectFields(Object value) {
    if (value instanceof JsonObject object) {
      if (object.getValue("properties") instanceof JsonObject properties) {
        FIELDS.addAll(properties.fieldNames());
      }
      object.forEach(entry -> collectFields(entry.getValue()));
    } else if (value instanceof JsonArray array) {
      array.forEach(SeedDocumentTest::collectFields);
    }
  }

  private static List<String> code(String cell) {
    return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
  }

  private static List<Row> rows(String page) {
    return page.lines()
        .filter(line -> line.startsWith("| `"))
        .map(Row::of)
        .filter(row -> row != null)
        .toList();
  }

  /** A sentence for everything that the page names and that is not there. */
  private static List<String> problems(String page) {
    Set<String> commands = new HashSet<>();
    COMMAND.matcher(page).results().forEach(found -> commands.add(found.group(1)));
    List<String> problems = new ArrayList<>();
    for (Row row : rows(page)) {
      if (!row.isWhole()) {
        problems.add(row.seed() + ": an empty cell (expected: five cells with something in them)");
      }
      check(row.here(), problems, SeedDocumentTest::problemOfCode);
      check(row.reached(), problems, SeedDocumentTest::problemOfReach);
      check(row.test(), problems, SeedDocumentTest::problemOfTest);
      check(row.seen(), problems, word -> problemOfSight(word, commands));
    }
    CURL.matcher(page)
        .results()
        .map(SeedDocumentTest::request)
        .forEach(
            request -> {
              if (!isRequest(request)) {
                problems.add(request + ": no such path");
              }
            });
    return problems;
  }

  private static void check(String cell, List<String> problems, UnaryOperator<String> rule) {
    for (String word : code(cell)) {
      String problem = rule.apply(word);
      if (!problem.isEmpty()) {
        problems.add(word + ": " + problem);
      }
    }
  }

  private static String problemOfCode(String word) {
    Matcher type = TYPE.matcher(word);
    if (type.matches()) {
      return problemOfType(type.group(1), type.group(2), type.group(3));
    }
    if (word.matches("[a-z]+")) {
      return Files.isDirectory(MAIN.resolve(word)) ? "" : "no such package";
    }
    return problemOfFile(word);
  }

  private static String problemOfType(String folder, String type, String member) {
    try {
      Class<?> found =
          Class.forName(
              ROOT_PACKAGE + folder + "." + type.replace('.', '$'),
              false,
              SeedDocumentTest.class.getClassLoader());
      boolean there =
          member == null
              || Arrays.stream(found.getDeclaredMethods())
                  .anyMatch(it -> it.getName().equals(member))
              || Arrays.stream(found.getDeclaredFields())
                  .anyMatch(it -> it.getName().equals(member));
      return there ? "" : "no such method or field";
    } catch (ClassNotFoundException missing) {
      return "no such class";
    }
  }

  private static String problemOfFile(String word) {
    int hash = word.indexOf('#');
    Path file = Path.of(hash < 0 ? word : word.substring(0, hash));
    if (!Files.exists(file)) {
      return "no such file";
    }
    return hash < 0 || Fixtures.text(file).contains(word.substring(hash + 1))
        ? ""
        : "its file has no such text";
  }

  private static String problemOfReach(String word) {
    if (REQUEST.matcher(word).matches()) {
      return isRequest(word) ? "" : "no such path";
    }
    if (FIELD.matcher(word).matches()) {
      return problemOfField(word);
    }
    boolean known =
        isWireName("configuration keys", word)
            || isWireName("environment variables", word)
            || isWireName("bus addresses", word)
            || isWireName("fields of the access log", word)
            || isWireName("headers of answers", word)
            || isWireName("headers that the data port knows", word)
            || Files.exists(Path.of(word));
    return known ? "" : "no such path, key, variable, address, header or field";
  }

  private static boolean isWireName(String section, String word) {
    boolean isHeader = section.startsWith("headers ");
    return WireNames.sections().get(section).stream()
        .anyMatch(name -> isHeader ? name.equalsIgnoreCase(word) : name.equals(word));
  }

  private static boolean isRequest(String request) {
    String[] parts = request.split(" ");
    boolean listed =
        !new RouteTable(List.of())
            .find(parts[0], parts[1].replaceAll("\\{\\w+}", "x"))
            .isUnlisted();
    return REQUESTS.contains(request)
        || listed
        || WireNames.sections().get("paths of the data port").contains(parts[1]);
  }

  /** The method and path of a command: PUT and the like as {@code -X} says, POST where it sends. */
  private static String request(MatchResult command) {
    Matcher method = Pattern.compile("-X (\\w+)").matcher(command.group());
    String sent = command.group(3).contains(" -d ") ? "POST" : "GET";
    return (method.find() ? method.group(1) : sent) + " " + command.group(2);
  }

  private static String problemOfField(String word) {
    String told =
        Fixtures.text(Path.of("docs/http-api.md")) + Fixtures.text(Path.of("docs/usage.md"));
    for (String name : word.substring(1).split("\\.")) {
      if (!FIELDS.contains(name) && !told.contains("\"" + name + "\"")) {
        return "no answer has such a field";
      }
    }
    return "";
  }

  private static String problemOfTest(String word) {
    Matcher test = TEST.matcher(word);
    if (!test.matches()) {
      return problemOfFile(word);
    }
    String source = SOURCES.get(test.group(1));
    if (source == null) {
      return "no such test";
    }
    return test.group(2) == null || source.contains(" " + test.group(2) + "(")
        ? ""
        : "its class has no such test";
  }

  private static String problemOfSight(String word, Set<String> commands) {
    if (FIELD.matcher(word).matches()) {
      return problemOfField(word);
    }
    Matcher variable = VARIABLE.matcher(word);
    if (variable.matches()) {
      return isWireName("environment variables", variable.group(1)) ? "" : "no such variable";
    }
    return commands.contains(word) ? "" : "no such command on the page";
  }

  /** The names of the seed that no row begins with. */
  private static Set<String> missing(String page) throws IOException {
    Set<String> missing = new TreeSet<>();
    Files.readAllLines(NAMES).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.matches("\\[[a-z ]+]"))
        .forEach(missing::add);
    rows(page).forEach(row -> missing.removeAll(code(row.seed())));
    return missing;
  }

  @Test
  void everythingThatThePageNamesIsThere() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(problems(page)).isEmpty();
    assertThat(rows(page)).hasSizeGreaterThan(150);
  }

  @Test
  void everyNameOfTheSeedHasItsRow() throws IOException {
    assertThat(missing(Files.readString(PAGE))).isEmpty();
  }

  @Test
  void aNameWithoutARowIsFound() throws IOException {
    String page = Files.readString(PAGE).replace("| `TrafficSplitter.getMetrics` ", "| `nothing` ");
    assertThat(missing(page)).containsExactly("TrafficSplitter.getMetrics");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      value = {
        "here; `traffic.Splitter`; traffic.Splitter: no such class",
        "here; `traffic.TrafficSplitter#getMetrics`; no such method or field",
        "here; `traffics`; traffics: no such package",
        "here; `conf/none.json`; conf/none.json: no such file",
        "here; `conf/proxy.json#canary_20`; its file has no such text",
        "reached; `GET /api/v1/splits`; GET /api/v1/splits: no such path",
        "reached; `POST /v2/agent`; POST /v2/agent: no such path",
        "reached; `health.errorRates.limit`; no such path, key",
        "reached; `rollout.canary.choose`; no such path, key",
        "reached; `.limits.errorLimit`; no answer has such a field",
        "test; `TrafficSplittingTest`; TrafficSplittingTest: no such test",
        "test; `TrafficSplitterTest#keepsNobody`; its class has no such test",
        "seen; `splitting`; splitting: no such command on the page",
        "seen; `AI_FALLBACK=false`; AI_FALLBACK=false: no such variable",
        "test; ; an empty cell"
      })
  void aWrongRowIsFound(String cell, String planted, String sentence) {
    String right =
        "| `x` | <here> | <reached> | <test> | <seen> |"
            .replace("<" + cell + ">", planted == null ? "" : planted)
            .replace("<here>", "`traffic.TrafficSplitter#metrics`")
            .replace("<reached>", "`GET /api/v1/canary`")
            .replace("<test>", "`TrafficSplitterTest#countsWhatItDid`")
            .replace("<seen>", "`canary` `.percentage`");
    String commands = "| `canary` | `curl -s http://127.0.0.1:9090/api/v1/canary` |\n";
    assertThat(problems(commands + right)).singleElement().asString().contains(sentence);
  }

  @Test
  void aCommandThatAsksForAPathThatIsNotThereIsFound() {
    String commands =
        "| `all` | `curl -s -X PUT http://127.0.0.1:9090/api/v1/canary -d '{}'` |\n"
            + "| `some` | `curl -s http://127.0.0.1:9090/api/v1/canary` |\n";
    assertThat(problems(commands)).containsExactly("PUT /api/v1/canary: no such path");
  }
}
