package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Judgements on their way to the replica that gave the answer. */
class RatingsIT {
  private static final JsonObject RATING = new JsonObject().put("key", "web").put("body", "{}");

  private final Vertx vertx = Vertx.vertx();
  private final Ratings<String> ratings = new Ratings<>(vertx, new Bus(vertx, ""), "asker");
  private final Map<String, Frame> sent = new java.util.LinkedHashMap<>();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private Future<JsonObject> ask(String... members) {
    return ratings.ask(RATING, List.of(members), sent::put);
  }

  private void answer(String from, boolean known) {
    JsonObject body = sent.get(from).body();
    ratings.answered(
        from,
        new JsonObject()
            .put("id", body.getString("id"))
            .put("asked", body.getBoolean("asks", false))
            .put("known", known));
  }

  private boolean isAsked(String member) {
    return sent.get(member).body().getBoolean("asks", false);
  }

  private static boolean known(Future<JsonObject> told) {
    return told.await().getBoolean("known");
  }

  @Test
  void isTakenWhereOneOfThemKnowsTheAnswer() {
    Future<JsonObject> told = ask("b", "c");
    assertThat(sent).containsOnlyKeys("b", "c");
    assertThat(sent.get("b").kind()).isEqualTo(Frame.Kind.RATE);
    answer("b", false);
    assertThat(told.isComplete()).isFalse();
    answer("c", true);
    assertThat(told.isComplete()).isFalse();
    assertThat(isAsked("b")).isTrue();
    assertThat(isAsked("c")).as("now it is told").isFalse();
    answer("c", true);
    assertThat(known(told)).isTrue();
  }

  /** A client that tries again by the same id, through another replica. */
  @Test
  void isTakenByOneOfThemWhereTwoKnowTheId() {
    Future<JsonObject> told = ask("b", "c");
    answer("b", true);
    answer("c", true);
    assertThat(isAsked("b")).isFalse();
    assertThat(isAsked("c")).isTrue();
    answer("b", true);
    assertThat(known(told)).isTrue();
  }

  @Test
  void isNotKnownWhereTheOneThatKnewItHasForgottenMeanwhile() {
    Future<JsonObject> told = ask("b", "c");
    answer("b", true);
    answer("b", false);
    assertThat(known(told)).isFalse();
  }

  @Test
  void isNotKnownOnceAllHaveSaidSoAndOneWhoSaysItTwiceIsOne() {
    Future<JsonObject> told = ask("b", "c");
    answer("b", false);
    answer("b", false);
    ratings.answered(
        "x", new JsonObject().put("id", "asker-1").put("asked", true).put("known", true));
    ratings.answered("b", new JsonObject().put("id", 7));
    assertThat(told.isComplete()).isFalse();
    answer("c", false);
    assertThat(known(told)).isFalse();
  }

  @Test
  void whoeverIsSilentIsWaitedForASecondAndNobodyAtAllNotAtAll() {
    assertThat(known(ask())).isFalse();
    Future<JsonObject> told = ask("b");
    assertThat(told.isComplete()).isFalse();
    assertThat(known(told)).isFalse();
    answer("b", true);
  }

  @Test
  void soManyMayWaitAndNoMore() {
    for (int i = 0; i < Ratings.MOST_WAITING; i++) {
      ask("b");
    }
    assertThatThrownBy(() -> ask("b").await())
        .hasMessage("feedback: 256 wait for other replicas already (expected: another try)");
    Waits.until(() -> !ask("b").failed());
  }

  @Test
  void anothersIsTakenHereAndAnswered() {
    Bus bus = new Bus(vertx, "");
    bus.serve(
        FleetAddresses.RATE_HERE,
        body -> Future.succeededFuture(new JsonObject().put("known", body.equals(asked("7")))));
    List<Frame> answers = new CopyOnWriteArrayList<>(new ArrayList<>());
    ratings.rate(asked("7"), answers::add);
    Waits.until(() -> !answers.isEmpty());
    assertThat(answers.get(0).kind()).isEqualTo(Frame.Kind.RATED);
    assertThat(answers.get(0).body())
        .isEqualTo(new JsonObject().put("id", "7").put("asked", false).put("known", true));
  }

  private static JsonObject asked(String id) {
    return RATING.copy().put("id", id);
  }

  @Test
  void oneWhoCannotSayIsOneWhoDoesNotKnow() {
    List<Frame> answers = new CopyOnWriteArrayList<>();
    ratings.rate(asked("7"), answers::add);
    Waits.until(() -> !answers.isEmpty());
    assertThat(answers.get(0).body().getBoolean("known")).isFalse();
  }
}
