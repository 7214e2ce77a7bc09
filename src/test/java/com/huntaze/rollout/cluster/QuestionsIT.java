package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Figures on their way to the replica that is asked for those of all. */
class QuestionsIT {
  private static final JsonObject COSTS =
      new JsonObject().put("of", "costs").put("query", new JsonObject().put("by", "model"));
  private static final JsonObject OF_LEADER =
      new JsonObject().put("of", "health").put("leader", true);

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, "");
  private final Questions<String> questions =
      new Questions<>(
          vertx,
          bus,
          "asker",
          (leader, now) -> members(),
          () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  private final Map<String, Frame> sent = new LinkedHashMap<>();
  private List<JsonObject> absent = List.of();
  private Questions.Members<String> members;

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private Questions.Members<String> members() {
    return members;
  }

  private Future<JsonObject> ask(JsonObject question, boolean leads, String... members) {
    this.members = new Questions.Members<>(List.of(members), absent, each -> "replica-" + each);
    return questions.ask(question, leads, sent::put);
  }

  private void answer(String from, JsonObject answer) {
    String id = sent.get(from).body().getString("id");
    questions.answered(from, answer.copy().put("id", id));
  }

  private static JsonObject figures(int n) {
    return new JsonObject().put("body", new JsonObject().put("n", n));
  }

  private static List<String> missing(Future<JsonObject> told) {
    return told.await().getJsonArray("missing").stream()
        .map(JsonObject.class::cast)
        .map(each -> each.getString("replica") + ": " + each.getString("why"))
        .toList();
  }

  private static List<String> told(Future<JsonObject> told) {
    return told.await().getJsonArray("told").stream()
        .map(JsonObject.class::cast)
        .map(each -> each.getString("replica"))
        .toList();
  }

  @Test
  void allAreAskedAndEachAnswersOnce() {
    Future<JsonObject> told = ask(COSTS, false, "b", "c");
    assertThat(sent).containsOnlyKeys("b", "c");
    assertThat(sent.get("b").kind()).isEqualTo(Frame.Kind.ASK);
    answer("b", figures(1));
    answer("b", figures(2));
    questions.answered("x", figures(3).put("id", "asker-1"));
    questions.answered("c", figures(4).put("id", "asker-9"));
    assertThat(told.isComplete()).isFalse();
    answer("c", figures(5));
    assertThat(told(told)).containsExactly("replica-b", "replica-c");
    assertThat(missing(told)).isEmpty();
    assertThat(told.await().getString("self")).isEqualTo("asker");
  }

  @Test
  void whoeverIsSilentIsWaitedForAndNamed() {
    absent = List.of(Questions.missing("old", "of an earlier version"));
    long begun = System.nanoTime();
    Future<JsonObject> told = ask(COSTS, false, "b", "c");
    answer("b", figures(1));
    assertThat(missing(told))
        .containsExactly("old: of an earlier version", "replica-c: no answer in 900 ms");
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun))
        .isBetween(Questions.DEADLINE_MILLIS - 20, Waits.bound(Duration.ofSeconds(1)).toMillis());
    assertThat(told.await().getLong("ageMillis")).isBetween(850L, 5_000L);
  }

  @Test
  void theSameQuestionIsAskedOnce() {
    Future<JsonObject> one = ask(COSTS, false, "b");
    JsonObject id = sent.get("b").body();
    Future<JsonObject> other = ask(COSTS.copy(), false, "b");
    assertThat(sent.get("b").body()).isEqualTo(id);
    answer("b", figures(1));
    assertThat(told(one)).isEqualTo(told(other)).containsExactly("replica-b");
  }

  @Test
  void soManyQuestionsWaitAndNoMore() {
    for (int i = 0; i < Questions.MOST_WAITING; i++) {
      ask(COSTS.copy().put("n", i), false, "b");
    }
    assertThat(missing(ask(COSTS, false, "b")))
        .containsExactly("replica-b: not asked: 8 questions wait already");
  }

  @Test
  void anAnswerThatIsTooLargeIsDropped() {
    Future<JsonObject> told = ask(COSTS, false, "b", "c");
    JsonObject large = new JsonObject().put("n", "x".repeat(Questions.MOST_TOLD));
    answer("b", new JsonObject().put("body", large));
    answer("c", new JsonObject().put("refused", "bu\u001bsy".repeat(100)));
    assertThat(told(told)).isEmpty();
    assertThat(missing(told).get(0)).isEqualTo("replica-b: its answer is too large");
    assertThat(missing(told).get(1)).startsWith("replica-c: bu?sybu?sy").hasSizeLessThan(220);
  }

  @Test
  void allAnswersTogetherAreBounded() {
    String[] members = new String[9];
    for (int i = 0; i < members.length; i++) {
      members[i] = "m" + i;
    }
    Future<JsonObject> told = ask(COSTS, false, members);
    JsonObject large = new JsonObject().put("n", "x".repeat(Questions.MOST_TOLD - 100));
    for (String each : members) {
      answer(each, new JsonObject().put("body", large));
    }
    assertThat(told(told)).hasSize(8);
    assertThat(missing(told)).containsExactly("replica-m8: its answer is too large");
  }

  @Test
  void aLeaderAsksNobodyForItsOwnFigures() {
    assertThat(told(ask(OF_LEADER, true, "b"))).isEmpty();
    assertThat(missing(ask(OF_LEADER, true, "b"))).isEmpty();
    assertThat(missing(ask(new JsonObject(), false, "b"))).isEmpty();
    assertThat(sent).isEmpty();
  }

  private List<Frame> answers(JsonObject question, boolean leads) {
    List<Frame> answers = new CopyOnWriteArrayList<>();
    questions.answer(question.copy().put("id", "7"), leads, answers::add);
    Waits.until(() -> !answers.isEmpty());
    return answers;
  }

  private String refusal(JsonObject question, boolean leads) {
    return answers(question, leads).get(0).body().getString("refused");
  }

  @Test
  void anothersQuestionIsAnsweredByWhatThisProcessTells() {
    bus.serve(
        FleetAddresses.COSTS_HERE,
        query -> Future.succeededFuture(new JsonObject().put("query", query)));
    Frame answer = answers(COSTS, false).get(0);
    assertThat(answer.kind()).isEqualTo(Frame.Kind.TOLD);
    assertThat(answer.body())
        .isEqualTo(
            new JsonObject()
                .put("id", "7")
                .put("body", new JsonObject().put("query", COSTS.getJsonObject("query"))));
  }

  @Test
  void whatNobodyTellsIsRefused() {
    assertThat(refusal(COSTS, false)).isEqualTo("it cannot tell");
    assertThat(refusal(new JsonObject().put("of", "rollout.canary.command"), true))
        .isEqualTo("of an earlier version");
    assertThat(refusal(OF_LEADER, false)).isEqualTo("it leads no more");
  }

  @Test
  void anAnswerOfOursThatWouldBeTooLargeIsNotSent() {
    JsonObject large = new JsonObject().put("n", "x".repeat(Questions.MOST_TOLD));
    bus.serve(FleetAddresses.COSTS_HERE, query -> Future.succeededFuture(large));
    assertThat(refusal(COSTS, false)).isEqualTo("its answer is too large");
  }

  @Test
  void soManyAreAnsweredAtATimeAndNoMore() {
    bus.serve(FleetAddresses.COSTS_HERE, query -> Promise.promise().future());
    List<Frame> answers = new CopyOnWriteArrayList<>();
    for (int i = 0; i <= Questions.MOST_ANSWERING; i++) {
      questions.answer(COSTS.copy().put("id", "q" + i), false, answers::add);
    }
    assertThat(answers)
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.body().getString("refused"))
                    .isEqualTo("busy: it answers 32 questions"));
  }
}
