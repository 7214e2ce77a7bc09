package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.Finding;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.RollbackController;
import com.huntaze.rollout.judge.RollbackDecision;
import com.huntaze.rollout.judge.StageNotes;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each metric in each place where people and programs look for it; what is missing is named. {@code
 * -Dconfig.rewrite=true} writes the places that are files.
 */
class MetricPlacesTest {
  private static final Path FILE = Path.of("conf", "proxy.json");
  private static final Path SCHEMA = Path.of("conf", "proxy.schema.json");
  private static final Path OPENAPI = Path.of("src", "main", "resources", "openapi.json");
  private static final Path JUDGING = Path.of("docs", "judging.md");
  private static final Path LADDER = Path.of("src", "main", "resources", "web", "js", "ladder.js");

  private static final long NOTED = 1_764_423_600_000L;
  private static final String WOULD_HAVE = "would have rolled back at 2025-11-29T13:40:00Z: ";

  private static final String BEGIN = "<!-- metrics: begin -->\n";
  private static final String END = "<!-- metrics: end -->\n";

  private static JsonObject health;
  private static JsonObject checkpoint;
  private static RollbackDecision decision;

  private final List<String> missing = new ArrayList<>();

  @BeforeAll
  static void judge() throws IOException {
    if (Boolean.getBoolean("config.rewrite")) {
      rewrite();
    }
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    RollbackController controller = new RollbackController(Health.DEFAULTS, Health.PLAN);
    ObservationCounter source = new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
    source.began("1-a", 0);
    judge.stageBegan("1-a", 0, 0, 0);
    source.open(Provider.FOUNDRY, "1-a", 0).settle(true, 100, 1_000, "gpt");
    source.rows().forEach(row -> judge.take(row, 1_000));
    HealthMetrics metrics = judge.tick(1_000, BreakerFacts.CLOSED);
    decision = controller.checkHealth(metrics);
    StageNotes notes = new StageNotes();
    notes.of("1-a");
    notes.take(0, Metric.ALL.stream().map(MetricPlacesTest::watched).toList(), NOTED);
    health =
        HealthJson.of(Instant.EPOCH, metrics, decision, controller.status(decision), notes.all());
    checkpoint =
        new JsonObject(
            new JsonObject(CheckpointJson.write(judge.checkpoint(), notes.state())).encode());
  }

  private static Finding watched(Metric metric) {
    String sentence = metric.inSentence() + " is over its limit";
    return new Finding(metric, Rule.PLAIN, Action.ROLLBACK, 0, 0, 1, 0, 0, sentence);
  }

  @Test
  void everyMetricIsInEveryPlace() throws Exception {
    String reference = Files.readString(Path.of("docs", "configuration.md"));
    JsonObject file = read(FILE).getJsonObject("health");
    JsonObject schema = at(read(SCHEMA), "properties", "health", "properties");
    JsonObject event = (JsonObject) call("admin.HealthEvent", health);
    String status = (String) call("cli.StatusText", state(), event, new JsonArray());
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    RolloutMeters.registerMetrics(meters, decision::rows);
    for (Metric metric : Metric.values()) {
      String key = metric.settingKey();
      if (key != null) {
        place(metric, "settings (HealthSettings)", hasComponent(key));
        place(metric, "settings (conf/proxy.json)", file.containsKey(key));
        place(metric, "schema", schema.containsKey(key));
        place(metric, "docs/configuration.md", reference.contains("`health." + key + "."));
      }
      if (metric.isJudgedBy(Rule.PLAIN)) {
        JsonObject window = health.getJsonObject("foundryWindow");
        place(metric, "judge (window)", window.containsKey(metric.denominator().label()));
        JsonObject values = checkpoint.getJsonObject("basis").getJsonObject("values");
        place(metric, "checkpoint (basis)", values.containsKey(key + ".limit"));
      }
      if (metric.testName() != null) {
        JsonObject wealth = checkpoint.getJsonObject("sequential").getJsonObject("wealth");
        place(metric, "checkpoint (evidence)", wealth.containsKey(metric.name()));
        JsonObject tests = health.getJsonObject("sequential");
        place(metric, "API (sequential)", tests.containsKey(metric.testName()));
      }
      place(metric, "API (metrics)", rowOf(health, metric));
      place(metric, "API (openapi.json)", described().contains(metric.label()));
      place(metric, "events", rowOf(event, metric));
      place(metric, "CLI", status.contains(metric.title()));
      String noted = WOULD_HAVE + metric.inSentence() + " is over its limit";
      place(metric, "API (wouldHave)", wouldHave(health, metric).contains(noted));
      place(metric, "events (wouldHave)", wouldHave(event, metric).contains(noted));
      place(metric, "CLI (wouldHave)", status.contains("    " + noted));
      place(metric, "checkpoint (notes)", notes().contains(metric.name()));
      place(
          metric,
          "metrics",
          meters.find("rollout.canary.metric").tag("metric", metric.label()).gauge() != null);
      place(metric, "docs/judging.md", Files.readString(JUDGING).contains(row(metric)));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyRuleIsDescribed() throws IOException {
    List<Object> rules =
        Stream.of(Rule.values()).<Object>map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    JsonObject rule = at(read(OPENAPI), "components", "schemas", "Finding", "properties", "rule");
    assertThat(rule.getJsonArray("enum").stream()).containsExactlyElementsOf(rules);
  }

  /** The dashboard prints every row that it gets, and computes none. */
  @Test
  void theDashboardPrintsTheRows() throws IOException {
    String ladder = Files.readString(LADDER);
    assertThat(ladder).contains("...health.metrics", "...health.gates", "gate.wouldHave");
    assertThat(ladder).doesNotContain("Window", "Threshold", "errors");
    for (Metric metric : Metric.values()) {
      assertThat(ladder).doesNotContain(metric.title());
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    place(Metric.ERROR_RATE, "events", rowOf(new JsonObject(), Metric.ERROR_RATE));
    assertThat(missing).containsExactly("error_rate is missing in: events");
  }

  private void place(Metric metric, String place, boolean present) {
    if (!present) {
      missing.add("%s is missing in: %s".formatted(metric.label(), place));
    }
  }

  private static boolean hasComponent(String key) {
    return Arrays.stream(HealthSettings.class.getRecordComponents())
        .anyMatch(component -> component.getName().equals(key));
  }

  private static String wouldHave(JsonObject told, Metric metric) {
    return told.getJsonArray("metrics").stream()
        .map(JsonObject.class::cast)
        .filter(row -> metric.label().equals(row.getString("metric")))
        .map(row -> row.getJsonArray("wouldHave").getJsonObject(0).getString("sentence"))
        .collect(Collectors.joining());
  }

  private static List<String> notes() {
    return checkpoint.getJsonObject("notes").getJsonArray("notes").stream()
        .map(note -> ((JsonObject) note).getString("metric"))
        .toList();
  }

  private static boolean rowOf(JsonObject told, Metric metric) {
    return told.getJsonArray("metrics", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .anyMatch(row -> metric.label().equals(row.getString("metric")));
  }

  private static List<Object> described() throws IOException {
    return at(read(OPENAPI), "components", "schemas", "Finding", "properties", "metric")
        .getJsonArray("enum")
        .stream()
        .toList();
  }

  private static JsonObject state() {
    return new JsonObject()
        .put("phase", "canary_10")
        .put("percentage", 10)
        .put("healthyDuration", 1L)
        .put("metrics", new JsonObject());
  }

  private static JsonObject read(Path file) throws IOException {
    return new JsonObject(Files.readString(file));
  }

  private static JsonObject at(JsonObject json, String... path) {
    JsonObject at = json;
    for (String member : path) {
      at = at.getJsonObject(member);
    }
    return at;
  }

  /** Calls a class of another room, which is not public, with the figures. */
  private static Object call(String type, Object... arguments) throws ReflectiveOperationException {
    Class<?>[] types = Arrays.stream(arguments).map(Object::getClass).toArray(Class<?>[]::new);
    Method of = Class.forName("com.huntaze.rollout." + type).getDeclaredMethod("of", types);
    of.setAccessible(true);
    return of.invoke(null, arguments);
  }

  /** A metric's line of the table in {@code docs/judging.md}. */
  private static String row(Metric metric) {
    String rules =
        Stream.of(Rule.values())
            .filter(metric::isJudgedBy)
            .map(Rule::name)
            .collect(Collectors.joining(", "));
    String key = metric.settingKey() == null ? "–" : "`health." + metric.settingKey() + "`";
    String counted =
        metric.isJudgedBy(Rule.SHARE)
            ? "the latest request of each user"
            : metric.trait() == null
                ? "`%s` of `%s`".formatted(metric.numerator().label(), metric.denominator().label())
                : "of each user of either provider";
    return "| `%s` | %s | %s | %s | %s | %s |\n"
        .formatted(metric.label(), metric.title(), counted, key, action(metric), rules);
  }

  private static String action(Metric metric) {
    Action action = metric.action(Health.DEFAULTS);
    return action.name().toLowerCase(Locale.ROOT);
  }

  private static void rewrite() throws IOException {
    rewriteTable();
    rewriteOpenApi();
    rewriteFile();
  }

  private static void rewriteTable() throws IOException {
    String page = Files.readString(JUDGING);
    String table =
        Stream.of(Metric.values()).map(MetricPlacesTest::row).collect(Collectors.joining());
    String head =
        "| `metric` | for people | counted | settings | default action | rules |\n"
            + "|---|---|---|---|---|---|\n";
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    Files.writeString(
        JUDGING, page.substring(0, begin) + head + table + page.substring(page.indexOf(END)));
  }

  private static void rewriteOpenApi() throws IOException {
    String labels =
        Stream.of(Metric.values())
            .map(metric -> "\n              \"" + metric.label() + "\"")
            .collect(Collectors.joining(","));
    String text = Files.readString(OPENAPI);
    String rewritten =
        text.replaceFirst(
            "(\"metric\": \\{\\s+\"type\": \"string\",\\s+\"enum\": \\[)[^\\]]*?(\\s+\\])",
            "$1" + labels + "$2");
    Files.writeString(OPENAPI, rewritten);
  }

  /** Puts the defaults of a key that is missing before {@code sequential}. */
  private static void rewriteFile() throws IOException {
    JsonObject present = read(FILE).getJsonObject("health");
    JsonObject schema = at(read(SCHEMA), "properties", "health", "properties");
    for (Metric metric : Metric.values()) {
      String key = metric.settingKey();
      if (key != null && !present.containsKey(key)) {
        JsonObject properties = schema.getJsonObject(key).getJsonObject("properties");
        String defaults =
            properties.fieldNames().stream()
                .map(
                    name ->
                        new JsonObject()
                            .put(name, properties.getJsonObject(name).getValue("default")))
                .map(each -> each.encode().replace("\":", "\": "))
                .map(each -> each.substring(1, each.length() - 1))
                .collect(Collectors.joining(", "));
        String text = Files.readString(FILE);
        String before = "\"sequential\": {";
        String with = "\"%s\": {%s},\n             %s".formatted(key, defaults, before);
        Files.writeString(FILE, text.replace(before, with));
      }
    }
  }
}
