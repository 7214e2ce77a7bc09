package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.served.ServedExchange.Share;
import com.huntaze.rollout.judge.served.Serving;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A batch of exchanges as the body of a frame, which {@link ExchangesReader} reads. Words are told
 * once, an exchange is some twenty bytes: the numbers of its words and its user, and its figures.
 */
final class ExchangesJson {
  static final int MOST_WORD = 64;

  /** Of a frame without its body. */
  private static final int FRAME_BYTES = 32;

  static final int LOW_BITS = 7;
  static final List<Provider> PROVIDERS = List.of(Provider.FOUNDRY, Provider.LEGACY);
  static final List<Serving> SERVINGS =
      List.of(Serving.FOUNDRY, Serving.LEGACY, Serving.FAILED_OVER, Serving.NOT_ASKED);

  private ExchangesJson() {}

  /** Each thing once, in the order in which they came, by its number. */
  private static final class Words<T> {
    private final Map<T, Integer> numbers = new LinkedHashMap<>();

    int of(T word) {
      Integer known = numbers.get(word);
      if (known == null) {
        known = numbers.size();
        numbers.put(word, known);
      }
      return known;
    }

    JsonArray all(Function<T, JsonArray> written) {
      JsonArray all = new JsonArray();
      numbers.keySet().forEach(each -> all.add(written.apply(each)));
      return all;
    }
  }

  record Stage(String epoch, int stage) {}

  record User(long user, int apiKey) {}

  /** The properties that many exchanges have in common. */
  record Sort(int provider, int stream, int stage, int kind, int outcome) {}

  /** Numbers of any size, small ones in few bytes. */
  private static final class Bytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void put(long number) {
      long left = number;
      while (left >>> LOW_BITS != 0) {
        bytes.write((int) (left & (1 << LOW_BITS) - 1 | 1 << LOW_BITS));
        left >>>= LOW_BITS;
      }
      bytes.write((int) left);
    }

    void putWhole(long number) {
      bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    void put(Bytes others) {
      bytes.writeBytes(others.bytes.toByteArray());
    }
  }

  /**
   * The body.
   *
   * @param level the level by which its sender must leave out users, see {@link OwnExchanges}
   */
  static JsonObject write(ExchangeBatch batch, int level) {
    JsonObject body =
        new JsonObject()
            .put("source", batch.source())
            .put("n", batch.number())
            .put("b", batch.base())
            .put("a", batch.ageMillis())
            .put("l", level);
    return batch.size() == 0 ? body : new Writer().write(batch, body);
  }

  /**
   * The bytes that a batch has on its way, or a bound of them that is no more than the room there
   * is: to deflate it is the larger part of the work.
   */
  static int bytes(ExchangeBatch batch, int room) {
    JsonObject body = write(batch, OwnExchanges.MOST_LEVEL);
    int figures = body.getBinary("x", new byte[0]).length;
    int words = FRAME_BYTES + body.copy().putNull("x").encode().length();
    return figures + words <= room
        ? figures + words
        : Frame.of(Frame.Kind.EXCHANGES, body).encode().length;
  }

  private static final class Writer {
    private final Words<Stage> stages = new Words<>();
    private final Words<ExchangeKind> kinds = new Words<>();
    private final Words<Outcome> outcomes = new Words<>();
    private final Words<Share> shares = new Words<>();
    private final Words<Long> apiKeys = new Words<>();
    private final Words<User> users = new Words<>();
    private final Words<Sort> sorts = new Words<>();

    /** Of each user the first of his API keys. */
    private final Map<Long, Integer> keyOf = new LinkedHashMap<>();

    JsonObject write(ExchangeBatch batch, JsonObject body) {
      Bytes exchanges = new Bytes();
      exchanges.put(batch.compared().size());
      batch.compared().forEach(each -> put(each, exchanges));
      exchanges.put(batch.served().size());
      for (ServedExchange each : batch.served()) {
        exchanges.put((long) shares.of(each.share()) * SERVINGS.size() + number(each.serving()));
        int key = keyOf.computeIfAbsent(each.user(), user -> apiKeys.of(0L));
        exchanges.put(users.of(new User(each.user(), key)));
      }
      Bytes all = new Bytes();
      all.put(apiKeys.numbers.size());
      apiKeys.numbers.keySet().forEach(all::putWhole);
      all.put(users.numbers.size());
      for (User each : users.numbers.keySet()) {
        all.putWhole(each.user());
        all.put(each.apiKey());
      }
      all.put(sorts.numbers.size());
      for (Sort each : sorts.numbers.keySet()) {
        all.put(2L * each.provider() + each.stream());
        all.put(each.stage());
        all.put(each.kind());
        all.put(each.outcome());
      }
      all.put(exchanges);
      return body.put("e", stages.all(each -> JsonArray.of(each.epoch(), each.stage())))
          .put("k", kinds.all(Writer::words))
          .put("o", outcomes.all(Writer::words))
          .put("h", shares.all(Writer::words))
          .put("x", all.bytes.toByteArray());
    }

    private void put(Compared exchange, Bytes to) {
      Compared.Origin origin = exchange.origin();
      int sort =
          sorts.of(
              new Sort(
                  PROVIDERS.indexOf(origin.provider()),
                  exchange.stream() ? 1 : 0,
                  stages.of(new Stage(origin.epoch(), origin.stage())),
                  kinds.of(origin.kind()),
                  outcomes.of(exchange.outcome())));
      int key = apiKeys.of(origin.apiKey());
      keyOf.putIfAbsent(origin.user(), key);
      to.put(sort);
      to.put(users.of(new User(origin.user(), key)));
      to.put(1 + Math.max(Compared.UNKNOWN, exchange.latencyMillis()));
      to.put(1 + Math.max(Compared.UNKNOWN, exchange.outputTokens()));
      to.put(1 + Math.max(Compared.UNKNOWN, exchange.costNano()));
    }

    private static int number(Serving serving) {
      return SERVINGS.indexOf(serving);
    }

    private static JsonArray words(ExchangeKind kind) {
      return new JsonArray(
          Arrays.asList(cut(kind.model()), cut(kind.agent()), cut(kind.route()), cut(kind.tier())));
    }

    /** A part of the traffic has no longer name. */
    private static String cut(String word) {
      return word == null || word.length() <= MOST_WORD ? word : word.substring(0, MOST_WORD);
    }

    private static JsonArray words(Outcome outcome) {
      String cause = outcome.cause() == null ? null : outcome.cause().name();
      return new JsonArray(Arrays.asList(outcome.meaning().name(), outcome.status(), cause));
    }

    private static JsonArray words(Share share) {
      return JsonArray.of(share.epoch(), share.stage(), share.percentage(), share.number());
    }
  }
}
