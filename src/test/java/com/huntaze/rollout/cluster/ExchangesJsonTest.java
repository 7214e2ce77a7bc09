package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.served.ServedExchange.Share;
import com.huntaze.rollout.judge.served.Serving;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangesJsonTest {
  private static final List<Outcome> OUTCOMES =
      List.of(
          Meaning.COMPLETE.outcome(),
          Meaning.TRANSIENT_STATUS.outcome(503),
          Meaning.THROTTLED.outcome(),
          Outcome.unreachable(UnreachableCause.TLS));
  private static final List<ExchangeKind> KINDS =
      List.of(ExchangeKind.UNKNOWN, new ExchangeKind("m", null, "POST /v1/x", "gold"));

  private static ExchangeBatch batch(int size, Random random) {
    List<Compared> compared = new ArrayList<>();
    List<ServedExchange> served = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      long user = random.nextLong();
      Compared.Origin origin =
          new Compared.Origin(
              random.nextBoolean() ? Provider.FOUNDRY : Provider.LEGACY,
              "1-a",
              random.nextInt(3),
              user,
              random.nextBoolean() ? 0 : random.nextLong(),
              KINDS.get(random.nextInt(KINDS.size())));
      compared.add(
          new Compared(
              origin,
              OUTCOMES.get(random.nextInt(OUTCOMES.size())),
              random.nextInt(3) - 1L,
              random.nextBoolean(),
              random.nextInt(3) == 0 ? -1 : random.nextInt(),
              random.nextInt(3) == 0 ? -1 : Long.MAX_VALUE - 1));
      Share share = new Share("1-a", 0, random.nextInt(101), random.nextInt(5));
      Serving serving = Serving.values()[random.nextInt(Serving.values().length)];
      served.add(new ServedExchange(share, random.nextBoolean() ? user : 7, serving));
    }
    return new ExchangeBatch("replica-x", 9, 4, 250, compared, served);
  }

  /** A figure that nobody knows is the only one below 0. */
  private static ExchangeBatch known(ExchangeBatch batch) {
    List<Compared> compared =
        batch.compared().stream()
            .map(
                each ->
                    new Compared(
                        each.origin(),
                        each.outcome(),
                        each.latencyMillis(),
                        each.stream(),
                        Math.max(-1, each.outputTokens()),
                        each.costNano()))
            .toList();
    return new ExchangeBatch(
        batch.source(), batch.number(), batch.base(), batch.ageMillis(), compared, batch.served());
  }

  private static JsonObject body() {
    return ExchangesJson.write(batch(20, new Random(1)), 3);
  }

  /** As it comes, through a frame. */
  private static ExchangeBatch read(JsonObject body) {
    try {
      byte[] bytes = Frame.of(Frame.Kind.EXCHANGES, body).encode();
      return ExchangesReader.read(Frame.decode(bytes).orElseThrow().body());
    } catch (Frame.StrangeFrameException strange) {
      throw new AssertionError(strange);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 300, 5_000})
  void comesBackAsItWasSent(int size) {
    ExchangeBatch sent = batch(size, new Random(size));
    assertThat(read(ExchangesJson.write(sent, 0))).isEqualTo(known(sent));
    assertThat(ExchangesReader.level(ExchangesJson.write(sent, 5))).isEqualTo(5);
    int bytes = Frame.of(Frame.Kind.EXCHANGES, ExchangesJson.write(sent, 30)).encode().length;
    assertThat(bytes).isLessThanOrEqualTo(ExchangesJson.bytes(sent, Integer.MAX_VALUE));
    assertThat(ExchangesJson.bytes(sent, 100)).isEqualTo(bytes);
  }

  @Test
  void aSignOfLifeHasNoExchanges() {
    ExchangeBatch none = ExchangeBatch.none("replica-x", 12);
    assertThat(read(ExchangesJson.write(none, 0))).isEqualTo(none);
  }

  /** Of a later version; what is beside it is read. */
  @Test
  void anOutcomeThatIsNotKnownIsPassedOver() {
    ExchangeBatch sent = batch(20, new Random(1));
    JsonObject body = ExchangesJson.write(sent, 0);
    Object first = body.getJsonArray("o").getJsonArray(0).getValue(0);
    body.getJsonArray("o").getJsonArray(0).set(0, "LATER_MEANING");
    List<Compared> left =
        known(sent).compared().stream()
            .filter(each -> !each.outcome().meaning().name().equals(first))
            .toList();
    assertThat(left).isNotEmpty().hasSizeLessThan(20);
    assertThat(read(body.put("later", "field")).compared()).isEqualTo(left);
  }

  @Test
  void whatIsNoBatchIsRefused() {
    List<JsonObject> strange =
        List.of(
            new JsonObject(),
            body().put("source", "proxy-1"),
            body().put("source", 5),
            body().put("n", 0),
            body().put("n", -9),
            body().put("n", 3),
            body().put("n", Long.MAX_VALUE),
            body().put("b", 0),
            body().put("b", "4"),
            body().put("a", -1),
            body().putNull("a"),
            body().put("e", new JsonArray()),
            body().put("e", new JsonArray().add(new JsonArray().addNull().add(0))),
            body().put("e", new JsonArray().add(new JsonArray().add("x".repeat(129)).add(0))),
            body().put("e", "1-a"),
            body().put("k", new JsonArray().add("m")),
            body().put("k", new JsonArray().add(JsonArray.of("m".repeat(65), "", "", ""))),
            body().put("o", new JsonArray().add(JsonArray.of("COMPLETE", -1, ""))),
            body().put("o", new JsonArray().add(JsonArray.of("COMPLETE", 1e300, ""))),
            body().put("h", new JsonArray().add(JsonArray.of("1-a", 0, 101, 1))),
            body().put("h", new JsonArray().add(JsonArray.of("1-a", 0, -1, 1))),
            body().putNull("h"),
            body().put("x", "no base64 at all?"),
            body().put("x", new byte[0]),
            body().putNull("x"));
    for (JsonObject each : strange) {
      assertThatThrownBy(() -> read(each))
          .as(each.encode())
          .isInstanceOfAny(IllegalArgumentException.class, ClassCastException.class);
    }
    for (Object level : List.of(-1, 31, Long.MAX_VALUE)) {
      assertThatThrownBy(() -> ExchangesReader.level(body().put("l", level)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Garbage in the figures is refused, or it is figures: nothing else is thrown. */
  @Test
  void randomFiguresAreFiguresOrRefused() {
    Random random = new Random(4);
    byte[] good = body().getBinary("x");
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 9));
      for (int changes = random.nextInt(9); changes > 0 && bytes.length > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      JsonObject body = body().put("x", bytes);
      try {
        assertThat(ExchangesReader.read(body).compared())
            .allMatch(each -> each.latencyMillis() >= -1 && each.costNano() >= -1);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageMatching("(?s)(exchanges|x|status|percentage).*");
      }
    }
  }
}
