package com.huntaze.rollout.admin.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.quality.FeedbackBook;
import com.huntaze.rollout.quality.FeedbackSums;
import com.huntaze.rollout.quality.Rating;
import com.huntaze.rollout.quality.Subject;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ratings and latest requests of several replicas as one. */
class FleetSumsTest {
  private static final long NOW = 1_796_000_000_000L;
  private static final int MOST = 100;

  private static FeedbackBook book() {
    return new FeedbackBook(Set.of("gpt"), Set.of("writer"));
  }

  private static void rate(FeedbackBook book, Random random) {
    Provider provider = random.nextBoolean() ? Provider.FOUNDRY : Provider.LEGACY;
    String model = random.nextBoolean() ? "gpt" : "m" + random.nextInt(3);
    long seed = random.nextLong();
    book.rate(
        book.served(NOW, provider, model, "writer"),
        Rating.of(new Random(seed).nextInt(11) / 10.0, "l" + new Random(seed).nextInt(3)),
        NOW);
  }

  /** Means and intervals of sums that are added are those of one book that has seen it all. */
  @ParameterizedTest
  @EnumSource(Subject.class)
  void ratingsOfThreeBooksAreThoseOfOne(Subject by) {
    FeedbackBook all = book();
    FeedbackSums sum = null;
    for (int i = 0; i < 3; i++) {
      FeedbackBook one = book();
      int seed = i;
      IntStream.range(0, 40).forEach(n -> rate(one, new Random(100 * seed + n)));
      IntStream.range(0, 40).forEach(n -> rate(all, new Random(100 * seed + n)));
      FeedbackSums told = SumsJson.read(new JsonObject(SumsJson.write(one.all(by, NOW)).encode()));
      sum = sum == null ? told : sum.plus(told);
    }
    assertThat(sum.summary()).isEqualTo(all.summary(by, NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rows\":{\"gpt\":{\"foundry\":[-1,0,0]}}}",
        "{\"rows\":{\"gpt\":{\"foundry\":[1,1001,0]}}}",
        "{\"rows\":{\"gpt\":{\"foundry\":[1,1,1001]}}}",
        "{\"rows\":{\"gpt\":{\"foundry\":[9223372036854775807,0,0]}}}",
        "{\"rows\":{\"gpt\":{\"foundry\":[null,0,0]}}}",
        "{\"rows\":{\"gpt\":{\"nobody\":[1,1,1]}}}",
        "{\"rows\":{\"gpt\":7}}",
        "{\"labels\":{\"foundry\":{\"good\":-1}}}"
      })
  void ratingsThatNobodyCanHaveGivenAreRefused(String told) {
    JsonObject json = new JsonObject(told);
    assertThatThrownBy(() -> SumsJson.read(json)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void rowsOfASumAreBounded() {
    JsonObject rows = new JsonObject();
    IntStream.range(0, 5_000)
        .forEach(
            n ->
                rows.put(
                    "m" + n, new JsonObject().put("foundry", JsonArray.of(1, 1_000, 1_000_000))));
    FeedbackSums told = SumsJson.read(new JsonObject().put("rows", rows));
    FeedbackSums sum = book().all(Subject.MODEL, NOW).plus(told);
    assertThat(sum.rows()).hasSizeLessThanOrEqualTo(1_001).containsKey("other");
    assertThat(sum.summary().total().foundry().count()).isEqualTo(5_000);
  }

  private static JsonObject requests(String... times) {
    JsonArray rows = new JsonArray();
    for (String each : times) {
      rows.add(new JsonObject().put("at", each));
    }
    return new JsonObject().put("requests", rows);
  }

  /** As texts a whole second would come after its own milliseconds. */
  @Test
  void theNewestOfAllComeFirst() {
    JsonObject one = requests("2026-11-24T16:18:15.329Z", "2026-11-24T16:18:15Z");
    JsonObject other = requests("2026-11-24T16:18:16Z", "2026-11-24T16:18:15.100Z");
    assertThat(LatestRequests.joined(one, LatestRequests.checked(other), MOST))
        .isEqualTo(
            requests(
                "2026-11-24T16:18:16Z",
                "2026-11-24T16:18:15.329Z",
                "2026-11-24T16:18:15.100Z",
                "2026-11-24T16:18:15Z"));
    assertThat(LatestRequests.joined(one, other, 1)).isEqualTo(requests("2026-11-24T16:18:16Z"));
  }

  @Test
  void requestsThatAreNoneAreRefused() {
    JsonObject many =
        requests(Collections.nCopies(501, "2026-11-24T16:18:16Z").toArray(new String[0]));
    assertThatThrownBy(() -> LatestRequests.checked(many))
        .hasMessage("requests: 501 (expected: at most 500)");
    for (JsonObject strange :
        new JsonObject[] {
          new JsonObject(),
          requests("yesterday"),
          new JsonObject().put("requests", JsonArray.of(1)),
          new JsonObject().put("requests", JsonArray.of(new JsonObject()))
        }) {
      assertThatThrownBy(() -> LatestRequests.checked(strange))
          .isInstanceOf(RuntimeException.class);
    }
  }
}
