package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Fixtures;
import com.huntaze.rollout.Shape;
import com.huntaze.rollout.WireNames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program that has recorded an old version is run against the jar of today: whatever that
 * version has answered, published, measured and logged is still there, under the same name and of
 * the same type.
 */
@Tag("long")
class RecordingIT {
  private static final long MOST_SECONDS = 300;
  private static final Pattern SAMPLE =
      Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? [^ \\n]+$");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"");

  private static final String BY_MODEL = "modelBreakdown";

  /**
   * The changes that the changelog of 0.2.0 tells: FALLBACK_FAILED only where a fallback was made,
   * and a last resort that is asked although its breaker is open.
   */
  private static final Map<String, String> CHANGED =
      Map.of(
          "both-failing.txt", "HTTP/1.1 502",
          "legacy-failing.txt", "HTTP/1.1 503",
          "timeout.txt", "HTTP/1.1 504");

  /** A JVM has them or not, as luck has it. */
  private static final String OF_LUCK = "rollout_jvm_gc_";

  @TempDir private static Path folder;
  private static Path made;
  private static List<JsonObject> lines;

  @BeforeAll
  static void record() throws Exception {
    made = folder.resolve("made");
    File log = folder.resolve("log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // Main would name it, which does not run here.
            "-Dlogback.configurationFile=rollout/logback.xml",
            "-cp",
            System.getProperty("rollout.jar"),
            Fixtures.ROOT.resolve("Recorder.java").toString(),
            made.toString(),
            Path.of("conf", "prices.json").toAbsolutePath().toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("AI_"));
    builder.environment().put("LOG_FORMAT", "json");
    Process process =
        builder.redirectOutput(log).redirectError(folder.resolve("errors").toFile()).start();
    try {
      assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as("%s", Files.readString(folder.resolve("errors"))).isZero();
    lines = Files.readAllLines(log.toPath()).stream().map(JsonObject::new).toList();
  }

  private static Stream<DynamicTest> each(String below, String glob, Comparison comparison) {
    return Fixtures.versions().stream()
        .flatMap(
            version ->
                Fixtures.files(version.resolve(below), glob).stream()
                    .map(
                        file -> {
                          Path place = version.relativize(file);
                          return DynamicTest.dynamicTest(
                              version.getFileName() + " " + place,
                              () -> comparison.compare(file, made.resolve(place)));
                        }));
  }

  /** A demand on a file of then and one of now. */
  private interface Comparison {
    void compare(Path then, Path now) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> adminAnswers() {
    return each("admin", "*.json", RecordingIT::sameShape);
  }

  @TestFactory
  Stream<DynamicTest> bodiesOnTheBus() {
    return each("bus", "*.json", RecordingIT::sameShape);
  }

  private static void sameShape(Path then, Path now) {
    assertThat(now).exists();
    Shape before = Shape.of(List.of(withoutModels(Fixtures.json(then), new ArrayList<>())));
    Shape after = Shape.of(List.of(withoutModels(Fixtures.json(now), new ArrayList<>())));
    assertThat(after.losses(before)).isEmpty();
  }

  /** Models come as they are used, and their names are no fields: they are compared apart. */
  private static Object withoutModels(Object value, List<Object> models) {
    if (value instanceof JsonObject object) {
      JsonObject copy = new JsonObject();
      for (Map.Entry<String, Object> field : object) {
        boolean byModel = field.getKey().equals(BY_MODEL);
        if (byModel) {
          ((JsonObject) field.getValue()).forEach(model -> models.add(model.getValue()));
        }
        copy.put(
            field.getKey(), byModel ? new JsonObject() : withoutModels(field.getValue(), models));
      }
      return copy;
    } else if (value instanceof JsonArray list) {
      JsonArray copy = new JsonArray();
      list.forEach(element -> copy.add(withoutModels(element, models)));
      return copy;
    }
    return value;
  }

  @Test
  void figuresOfModels() {
    List<Object> now = models(made);
    for (Path version : Fixtures.versions()) {
      List<Object> then = models(version);
      assertThat(then).isNotEmpty();
      assertThat(Shape.of(now).losses(Shape.of(then))).isEmpty();
    }
  }

  private static List<Object> models(Path version) {
    List<Object> models = new ArrayList<>();
    for (String below : List.of("admin", "bus")) {
      for (Path file : Fixtures.files(version.resolve(below), "*.json")) {
        withoutModels(Fixtures.json(file), models);
      }
    }
    return models;
  }

  @TestFactory
  Stream<DynamicTest> answersOfTheDataPort() {
    return each(
        "answers",
        "*.txt",
        (then, now) -> {
          assertThat(now).exists();
          List<String> before = Files.readAllLines(then);
          List<String> after = Files.readAllLines(now);
          String name = then.getFileName().toString();
          assertThat(after.get(0)).isEqualTo(CHANGED.getOrDefault(name, before.get(0)));
          TreeSet<String> fields = fieldNames(before);
          // Since 0.2.0 it stands only where we have repeated.
          fields.remove("x-should-retry");
          assertThat(fieldNames(after)).containsAll(fields);
          String last = before.get(before.size() - 1);
          if (last.startsWith("{")) {
            Shape body = Shape.of(List.of(new JsonObject(last)));
            assertThat(Shape.of(List.of(new JsonObject(after.get(after.size() - 1)))).losses(body))
                .isEmpty();
          }
        });
  }

  private static TreeSet<String> fieldNames(List<String> answer) {
    TreeSet<String> names = new TreeSet<>();
    for (String line : answer.subList(1, answer.indexOf(""))) {
      names.add(line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT));
    }
    return names;
  }

  @TestFactory
  Stream<DynamicTest> metrics() {
    return each(
        "admin",
        "metrics.txt",
        (then, now) -> {
          TreeSet<String> gone = metricNames(then);
          gone.removeIf(isAmong(metricNames(now)));
          assertThat(gone).isEmpty();
        });
  }

  /** A metric may have more labels than it had: sums over those that it had are the same. */
  private static Predicate<String> isAmong(Set<String> now) {
    return then ->
        now.stream()
            .anyMatch(
                each -> name(each).equals(name(then)) && labels(each).containsAll(labels(then)));
  }

  private static String name(String metric) {
    return metric.substring(0, metric.indexOf('{'));
  }

  private static List<String> labels(String metric) {
    return List.of(metric.substring(metric.indexOf('{') + 1, metric.length() - 1).split(","));
  }

  /** Names with their labels: {@code rollout_requests_total{code,provider}}. */
  private static TreeSet<String> metricNames(Path scrape) {
    TreeSet<String> names = new TreeSet<>();
    SAMPLE
        .matcher(Fixtures.text(scrape))
        .results()
        .filter(sample -> sample.group(1).startsWith("rollout_"))
        .filter(sample -> !sample.group(1).startsWith(OF_LUCK))
        .forEach(
            sample -> {
              TreeSet<String> labels = new TreeSet<>();
              if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(one -> labels.add(one.group(1)));
              }
              names.add(sample.group(1) + "{" + String.join(",", labels) + "}");
            });
    return names;
  }

  @Test
  void metricNamesAreListed() {
    assertThat(WireNames.problems("metrics", metricNames(made.resolve("admin/metrics.txt"))))
        .isEmpty();
  }

  @Test
  void fieldsOfAnswersAreListed() throws Exception {
    TreeSet<String> names = new TreeSet<>();
    for (Path answer : Fixtures.files(made.resolve("answers"), "*.txt")) {
      names.addAll(fieldNames(Files.readAllLines(answer)));
    }
    assertThat(WireNames.problems("headers of answers", names)).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> linesOfTheAccessLog() {
    return each(
        "log",
        "access.txt",
        (then, now) -> {
          List<JsonObject> before = lines(then);
          List<JsonObject> after = lines.stream().filter(RecordingIT::isAccess).toList();
          assertThat(Shape.of(after).losses(Shape.of(before))).isEmpty();
          assertThat(kinds(after)).containsAll(kinds(before));
        });
  }

  private static List<JsonObject> lines(Path file) throws Exception {
    return Files.readAllLines(file).stream().map(JsonObject::new).toList();
  }

  private static boolean isAccess(JsonObject line) {
    return "rollout.access".equals(line.getString("event.dataset"));
  }

  /** The ends that a log tells apart. */
  private static TreeSet<String> kinds(List<JsonObject> lines) {
    TreeSet<String> kinds = new TreeSet<>();
    for (String field : Arrays.asList("rollout.ending", "rollout.reason", "rollout.cost_kind")) {
      lines.forEach(line -> kinds.add(field + " " + line.getString(field)));
    }
    return kinds;
  }

  @TestFactory
  Stream<DynamicTest> linesOfTheLogInJson() {
    return each(
        "log",
        "json.txt",
        (then, now) -> {
          List<JsonObject> after = lines.stream().filter(line -> !isAccess(line)).toList();
          assertThat(Shape.of(after).losses(Shape.of(lines(then)))).isEmpty();
        });
  }
}
