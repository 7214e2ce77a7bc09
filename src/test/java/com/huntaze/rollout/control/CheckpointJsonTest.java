package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.Fixtures;
import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.Finding;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.HealthJudge;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.JudgeCheckpoint;
import com.huntaze.rollout.judge.Note;
import com.huntaze.rollout.judge.RollbackController;
import com.huntaze.rollout.judge.StageNotes;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.store.FileStore;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge's checkpoint as it is written, and as the version before has written it. */
class CheckpointJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EPOCH = "1-a";

  private static final StageNotes.State NOTES =
      new StageNotes.State(
          EPOCH,
          List.of(
              new Note(Metric.SERVED_SHARE, Rule.SHARE, Action.ALERT, 0, 7_000, "3 % of 10 %"),
              new Note(Metric.BASELINE, Rule.SEQ, Action.ROLLBACK, 1, 9_000, "error rate 9 %")));

  @TempDir private Path temporary;

  @Test
  void whatIsWrittenIsReadAgainAsItWas() {
    JudgeCheckpoint checkpoint = full();
    String text = new JsonObject(CheckpointJson.write(checkpoint, NOTES)).encode();
    assertThat(text).doesNotContain("NaN", "Infinity");
    CheckpointJson.Read read = CheckpointJson.read(new JsonObject(text).getMap());
    assertThat(read.checkpoint()).isEqualTo(checkpoint);
    assertThat(read.note()).isEmpty();
    assertThat(read.notes()).isEqualTo(NOTES);
  }

  @Test
  void whatWasWrittenBeforeThereWereNotesHasNone() {
    Map<String, Object> tree = CheckpointJson.write(full(), NOTES);
    tree.remove("notes");
    assertThat(CheckpointJson.read(tree).notes()).isEqualTo(StageNotes.State.NONE);
  }

  @Test
  void aLaterVersionIsRefused() {
    Map<String, Object> tree = CheckpointJson.write(full(), NOTES);
    tree.put("version", 3);
    assertThatThrownBy(() -> CheckpointJson.read(tree))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("version: 3 (expected: at most 2)");
  }

  @Test
  void aMetricThatIsNewBegins() {
    JsonObject json = new JsonObject(new JsonObject(CheckpointJson.write(full(), NOTES)).encode());
    json.getJsonObject("sequential").getJsonObject("wealth").remove("LATENCY_P95");
    json.getJsonObject("basis").getJsonObject("values").remove("latencyP95.limit");
    HealthJudge judge = judge();
    assertThat(judge.restore(CheckpointJson.read(json.getMap()).checkpoint(), 0)).isEmpty();
    HealthMetrics metrics = judge.tick(1_000, BreakerFacts.CLOSED);
    assertThat(metrics.sequential().of(Metric.ERROR_RATE).lnE()).isNotZero();
    assertThat(metrics.sequential().of(Metric.LATENCY_P95).lnE()).isBetween(-1e-9, 1e-9);
  }

  static Stream<String> members() {
    List<String> paths = new ArrayList<>();
    collect(JSON.valueToTree(CheckpointJson.write(full(), NOTES)), "", paths);
    return paths.stream();
  }

  private static void collect(JsonNode node, String path, List<String> paths) {
    node.properties()
        .forEach(
            field -> {
              paths.add(path + "/" + field.getKey());
              collect(field.getValue(), path + "/" + field.getKey(), paths);
            });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(node.get(i), path + "/" + i, paths);
    }
  }

  @ParameterizedTest
  @MethodSource("members")
  void aCheckpointThatLacksAnyMemberIsRefusedOrUsableAsItIs(String member) {
    isRefusedOrUsable(JSON.valueToTree(CheckpointJson.write(full(), NOTES)), member);
  }

  static Stream<Path> states() {
    return Fixtures.states();
  }

  @ParameterizedTest
  @MethodSource("states")
  void ofVersion01TheCountsGoOnAndTheEvidenceBeginsAnew(Path state) throws Exception {
    Map<String, Object> old = judge(state);
    JsonObject json = new JsonObject(old);
    CheckpointJson.Read read = CheckpointJson.read(old);
    assertThat(read.note()).contains("version 0.1").contains("evidence");
    JudgeCheckpoint checkpoint = read.checkpoint();
    assertThat(checkpoint.epoch()).isEqualTo(json.getString("epoch"));
    JsonObject all = json.getJsonObject("foundry").getJsonObject("all");
    for (Counter counter : List.of(Counter.OBSERVED, Counter.ERRORS, Counter.COST_NANO)) {
      assertThat(checkpoint.foundry().all().get(counter))
          .as(counter.label())
          .isEqualTo(all.getLong(counter.label()));
    }
    assertThat(checkpoint.marks()).hasSize(json.getJsonArray("marks").size());
    assertThat(checkpoint.sequential().wealth()).isEmpty();
    assertThat(checkpoint.sequential().tick())
        .isEqualTo(json.getJsonObject("sequential").getLong("tick"));
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    judge.stageBegan(checkpoint.epoch(), checkpoint.stage(), checkpoint.stageIndex(), 0);
    assertThat(judge.restore(checkpoint, 0)).isEmpty();
    assertThat(judge.tick(1, BreakerFacts.CLOSED).foundryTotals()).isEqualTo(checkpoint.foundry());
    // What is written then is of today's version.
    assertThat(CheckpointJson.read(CheckpointJson.write(judge.checkpoint(), NOTES)).note())
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("states")
  void ofVersion01AnyMemberMayBeMissing(Path state) throws Exception {
    List<String> paths = new ArrayList<>();
    Map<String, Object> old = judge(state);
    collect(JSON.valueToTree(old), "", paths);
    for (String member : paths) {
      isRefusedOrUsable(JSON.valueToTree(old), member);
    }
  }

  private static void isRefusedOrUsable(JsonNode tree, String member) {
    int slash = member.lastIndexOf('/');
    JsonNode parent = tree.at(member.substring(0, slash));
    if (parent instanceof ObjectNode object) {
      object.remove(member.substring(slash + 1));
    }
    HealthJudge judge = judge();
    try {
      // As the loop reads it; whatever a constructor throws is wrapped in this.
      @SuppressWarnings("unchecked")
      Map<String, Object> broken = JSON.convertValue(tree, Map.class);
      CheckpointJson.Read read = CheckpointJson.read(broken);
      StageNotes notes = new StageNotes();
      notes.of(EPOCH);
      notes.restore(read.notes());
      assertThat(notes.all())
          .as(member)
          .allSatisfy(note -> assertThat(note).hasNoNullFieldsOrProperties());
      judge.restore(read.checkpoint(), 0);
    } catch (IllegalArgumentException refused) {
      assertThat(refused).as(member).hasMessageNotContaining("NullPointer");
    }
    HealthMetrics metrics = judge.tick(1_000, BreakerFacts.CLOSED);
    assertThat(new RollbackController(Health.DEFAULTS, Health.PLAN).checkHealth(metrics).sentence())
        .as(member)
        .isNotBlank();
  }

  private Map<String, Object> judge(Path state) throws Exception {
    Path dir = Fixtures.copy(state, temporary.resolve("state"));
    FileStore store = new FileStore(dir);
    try {
      Recovered found = store.open().toCompletableFuture().join();
      return found.saved().orElseThrow().judge();
    } finally {
      store.close().toCompletableFuture().join();
    }
  }

  /**
   * Hours of traffic in which each second has an exchange, and of each kind as many as are kept.
   */
  @Test
  void theLargestOneStaysUnder256Kibibytes() throws Exception {
    HealthJudge judge = judge();
    List<ObservationCounter> sources = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sources.add(new ObservationCounter("loop-" + i, Thresholds.of(Health.DEFAULTS)));
      sources.get(i).began(EPOCH, 0);
    }
    for (int second = 0; second < 12_000; second++) {
      ObservationCounter source = sources.get(second % 4);
      Requester who = new Requester(second % 97, 1 + second % 41);
      Provider provider = second % 5 == 0 ? Provider.LEGACY : Provider.FOUNDRY;
      boolean success = second % 7 > 0;
      source
          .open(provider, EPOCH, 0, who, true)
          .settle(success, second % 11 * 1_000, second % 13 * 100_000_000L, "gpt");
      long now = 1_000L * second;
      source.rows().forEach(row -> judge.take(row, now));
      compare(judge, provider, second);
      if (second % 10 == 9) {
        judge.tick(now, BreakerFacts.CLOSED);
      }
    }
    StageNotes notes = new StageNotes();
    notes.of(EPOCH);
    for (int stage = 0; stage < 8; stage++) {
      for (Metric metric : Metric.ALL) {
        notes.take(stage, List.of(finding(metric)), 1_764_400_000_000L);
      }
    }
    byte[] written =
        JSON.writeValueAsBytes(CheckpointJson.write(judge.checkpoint(), notes.state()));
    assertThat(written.length).isBetween(64 << 10, 256 << 10);
  }

  /** Twice as many users as are kept, each of whom has every figure, in more parts than kept. */
  private static Finding finding(Metric metric) {
    return new Finding(metric, Rule.SEQ, Action.ROLLBACK, 0, 0, 1, 0, 0, "long ".repeat(1_000));
  }

  /** Twice as many users as are kept, each of whom has every figure. */
  private static void compare(HealthJudge judge, Provider provider, int second) {
    long user = Long.MAX_VALUE - 1_000_003L * (second % 8_192);
    String name = "part-" + second / 2 % 20 + "-of-a-name-as-long-as-there-may-be-any-at-all-in-it";
    ExchangeKind kind = new ExchangeKind(name, name, name, name);
    Compared.Origin origin = new Compared.Origin(provider, EPOCH, 0, user, 0, kind);
    Outcome outcome = (second % 3 == 0 ? Meaning.RESET : Meaning.COMPLETE).outcome();
    for (boolean stream : new boolean[] {true, false}) {
      judge.compare(new Compared(origin, outcome, 7_777, stream, 12_345, 123_456_789));
    }
  }

  private static HealthJudge judge() {
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    judge.stageBegan(EPOCH, 0, 0, 0);
    return judge;
  }

  private static JudgeCheckpoint full() {
    HealthJudge judge = judge();
    ObservationCounter source = new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
    source.began(EPOCH, 0);
    for (int i = 0; i < 100; i++) {
      Requester who = new Requester(100 + i % 20, 1 + i % 3);
      source.open(Provider.FOUNDRY, EPOCH, 0, who, true).settle(i >= 7, 3_000, 1_000, null);
    }
    source.open(Provider.LEGACY, EPOCH, 0).slow();
    source.rows().forEach(row -> judge.take(row, 0));
    judge.tick(1_000, BreakerFacts.CLOSED);
    return judge.checkpoint();
  }
}
