package com.huntaze.rollout.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.huntaze.rollout.admission.ApiKeySettings;
import com.huntaze.rollout.admission.Refusal;
import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.cost.PriceListSettings;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.quality.FeedbackBook;
import com.huntaze.rollout.quality.Subject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackTest {
  private static final int MOST = 100;

  private final FeedbackBook book = new FeedbackBook(Set.of(), Set.of());
  private final Feedback feedback =
      new Feedback(book, PriceBook.of(PriceListSettings.EMPTY), new SimpleMeterRegistry(), MOST);

  private static ExchangeRecord record(String id, String keyId, String model, int status) {
    return new ExchangeRecord(
        System.currentTimeMillis(),
        id,
        null,
        null,
        false,
        new ExchangeRecord.Request("POST", "/route", "POST /route", 10),
        new Caller(keyId, null, null),
        Provider.FOUNDRY,
        "weight",
        false,
        ExchangeRecord.Served.NOTHING,
        status,
        "complete",
        "complete",
        1,
        1,
        1,
        1,
        List.of(new Charge(Provider.FOUNDRY, model, null, Cost.UNKNOWN)));
  }

  private static ApiKeySettings key(String id) {
    return new ApiKeySettings(id, "0".repeat(64), null, false, 0);
  }

  private void rate(String id, ApiKeySettings key) throws Refusal {
    Future<Void> taken = feedback.take(body(id), key);
    if (taken.cause() instanceof Refusal refusal) {
      throw refusal;
    }
    assertThat(taken.succeeded()).isTrue();
  }

  private static Buffer body(String id) {
    return Buffer.buffer("{\"correlationId\":\"" + id + "\",\"score\":1}");
  }

  @Test
  void whatIsNotKnownHereIsAskedOfOthersAndNothingElseIs() throws Refusal {
    List<String> asked = new ArrayList<>();
    feedback.share(
        (body, keyId) -> {
          asked.add(keyId + " " + body);
          return Future.succeededFuture(body.toString().contains("there"));
        });
    feedback.remember(record("here", "web", "m", 200));
    rate("here", key("web"));
    assertThat(asked).isEmpty();
    rate("there", key("web"));
    assertThat(asked).containsExactly("web " + body("there"));
    assertUnknown("nowhere", null);
    assertThat(asked).hasSize(2).last().asString().startsWith("null ");
  }

  @Test
  void othersWhoCannotBeAskedAreNoProofThatItIsNotKnown() {
    feedback.share((body, keyId) -> Future.failedFuture("256 wait"));
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> rate("there", null));
    assertThat(refusal.code().status()).isEqualTo(503);
  }

  @Test
  void anothersJudgementIsTakenAsOnesOwnWouldBe() {
    feedback.remember(record("a", "web", "m", 200));
    assertThat(feedback.takeOfOthers(body("a"), "other")).isFalse();
    assertThat(feedback.takeOfOthers(body("a"), null)).isFalse();
    assertThat(feedback.takeOfOthers(Buffer.buffer("{}"), "web")).isFalse();
    assertThat(feedback.knows(body("a"), "web")).isTrue();
    assertThat(feedback.knows(body("a"), "other")).isFalse();
    assertThat(feedback.knows(Buffer.buffer("{"), "web")).isFalse();
    assertThat(book.scores(Provider.FOUNDRY, System.currentTimeMillis()).count()).isZero();
    assertThat(feedback.takeOfOthers(body("a"), "web")).isTrue();
    assertThat(book.scores(Provider.FOUNDRY, System.currentTimeMillis()).count()).isEqualTo(1);
  }

  private void assertUnknown(String id, ApiKeySettings key) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> rate(id, key));
    assertThat(refusal.code().status()).isEqualTo(404);
    assertThat(refusal).hasMessageContaining("correlationId: " + id + " not known (expected: ");
  }

  @Test
  void ofAnyNumberOfExchangesOnlyTheLastAreRemembered() throws Refusal {
    int all = 100 * MOST;
    for (int i = 0; i < all; i++) {
      feedback.remember(record("id" + i, null, "model" + i, 200));
    }
    assertUnknown("id" + (all - MOST - 1), null);
    rate("id" + (all - MOST), null);
    rate("id" + (all - 1), null);
  }

  @Test
  void onlyAnswersOfProvidersMayBeRated() throws Exception {
    feedback.remember(record("good", null, "m", 200));
    feedback.remember(record("bad", null, "m", 500));
    ExchangeRecord free =
        new ExchangeRecord(
            0,
            "free",
            null,
            null,
            false,
            new ExchangeRecord.Request("GET", "/health", "GET /health", 0),
            new Caller(null, null, null),
            Provider.FOUNDRY,
            "mode",
            false,
            ExchangeRecord.Served.NOTHING,
            200,
            "complete",
            "complete",
            1,
            1,
            1,
            1,
            List.of());
    feedback.remember(free);
    rate("good", null);
    assertUnknown("bad", null);
    assertUnknown("free", null);
    assertUnknown("never", null);
  }

  @Test
  void eachKeyRatesItsOwnAndNobodyCanTakeAnIdAway() throws Exception {
    feedback.remember(record("id", "web", "mine", 200));
    feedback.remember(record("id", "app", "other", 200));
    feedback.remember(record("open", null, "m", 200));
    rate("id", key("web"));
    assertThat(book.summary(Subject.MODEL, System.currentTimeMillis()).rows())
        .containsOnlyKeys("mine");
    assertUnknown("id", key("third"));
    assertUnknown("id", null);
    rate("open", key("web"));
    rate("open", null);
  }

  @Test
  void theNewestExchangeOfAnIdIsMeant() throws Exception {
    feedback.remember(record("id", null, "older", 200));
    feedback.remember(record("id", null, "newer", 200));
    rate("id", null);
    assertThat(book.summary(Subject.MODEL, System.currentTimeMillis()).rows())
        .containsOnlyKeys("newer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"correlationId\":\"a\",\"score\":0}",
        "{\"correlationId\":\"a\",\"score\":1.0,\"label\":null}",
        " {\"label\":\"très \\\"bien\\\" <b>\",\"score\":5e-1,\"correlationId\":\"A.b_c-9\"} ",
        "{\"correlationId\":\"a\",\"score\":0.000000000000000000000000000000000000000000001}",
        "{\"correlationId\":\"a\",\"score\":-0.0}"
      })
  void readsWhatIsWellFormed(String body) throws Exception {
    assertThat(FeedbackRequest.read(Buffer.buffer(body)).rating().thousandths())
        .isBetween(0, 1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | body: not a JSON object (expected: {",
        "null | body: not a JSON object",
        "[] | body: not a JSON object",
        "{ | body: not a JSON object",
        "{} | correlationId: missing (expected: the X-Correlation-ID of an answer)",
        "{\"score\":1} | correlationId: missing",
        "{\"correlationId\":\"a\"} | score: missing (expected: a number from 0 to 1)",
        "{\"correlationId\":\"a\",\"score\":1}{} | body: not a JSON object",
        "{\"correlationId\":\"a\",\"score\":1,} | body: not a JSON object",
        "{\"correlationId\":\"a\",\"score\":1,\"score\":1} | score: set twice (expected: once)",
        "{\"correlationId\":\"a\",\"scor\":1} | scor: unknown key (expected: correlationId, score",
        "{\"a\\u0000\\u001b<\":1} | a??<: unknown key",
        "{\"correlationId\":1,\"score\":1} | correlationId: 1 (expected: the X-Correlation-ID",
        "{\"correlationId\":\"\",\"score\":1} | correlationId: \"\" (expected: ",
        "{\"correlationId\":\"a/b\",\"score\":1} | correlationId: \"a/b\" (expected: ",
        "{\"correlationId\":[\"a\"],\"score\":1} | correlationId: [ (expected: ",
        "{\"correlationId\":\"a\",\"score\":1.001} | score: 1.001 (expected: a number from 0 to 1)",
        "{\"correlationId\":\"a\",\"score\":-1} | score: -1 (expected: ",
        "{\"correlationId\":\"a\",\"score\":1e999999} | score: 1e999999 (expected: ",
        "{\"correlationId\":\"a\",\"score\":\"1\"} | score: \"1\" (expected: ",
        "{\"correlationId\":\"a\",\"score\":null} | score: null (expected: ",
        "{\"correlationId\":\"a\",\"score\":true} | score: true (expected: ",
        "{\"correlationId\":\"a\",\"score\":NaN} | body: not a JSON object",
        "{\"correlationId\":\"a\",\"score\":{}} | score: { (expected: ",
        "{\"correlationId\":\"a\",\"score\":1,\"label\":\"\"} | label: \"\" (expected: a text of 1",
        "{\"correlationId\":\"a\",\"score\":1,\"label\":\" \"} | label: \" \" (expected: ",
        "{\"correlationId\":\"a\",\"score\":1,\"label\":7} | label: 7 (expected: ",
        "{\"correlationId\":\"a\",\"score\":1,\"label\":\"a\\nb\"} | label: \"a?b\" (expected: ",
        "{\"correlationId\":\"a\",\"score\":1,\"label\":\"\\u202e\"} | label: \"?\" (expected: ",
        "{\"correlationId\":\"a\",\"score\":1,\"label\":\"\\ud800\"} | label: \"?\" (expected: ",
        "{\"correlationId\":\"a\",\"score\":1,\"label\":[[[[[[1]]]]]]} | label: [ (expected: "
      })
  void tellsWhatIsWrong(String body, String message) {
    Buffer bytes = Buffer.buffer(body == null ? "" : body);
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> FeedbackRequest.read(bytes));
    assertThat(refusal.code().status()).isEqualTo(400);
    assertThat(refusal.getMessage()).startsWith(message).hasSizeLessThan(300);
  }

  @Test
  void longTextsAreRefusedAndShownInPart() {
    String label = "x".repeat(65);
    String body = "{\"correlationId\":\"a\",\"score\":1,\"label\":\"%s\"}";
    assertThatThrownBy(() -> FeedbackRequest.read(Buffer.buffer(body.formatted(label))))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("x... (expected: ");
    assertThatThrownBy(
            () -> FeedbackRequest.read(Buffer.buffer("{\"" + "k".repeat(4_000) + "\":1}")))
        .isInstanceOf(Refusal.class)
        .message()
        .hasSizeLessThan(200);
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    Buffer noUtf8 = Buffer.buffer(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1'});
    assertThatThrownBy(() -> FeedbackRequest.read(noUtf8)).isInstanceOf(Refusal.class);
  }
}
