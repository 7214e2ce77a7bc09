package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.fleet.ExchangeBatch;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.served.ServedExchange.Share;
import com.huntaze.rollout.judge.served.Serving;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A batch of exchanges out of a frame's body, as {@link ExchangesJson} has written it. Whatever is
 * no such body is refused.
 */
final class ExchangesReader {
  /** Exchanges, users or words of one batch. */
  private static final int MOST = 16_384;

  private static final int MOST_EPOCH = 128;
  private static final int MOST_STATUS = 999;
  private static final int MOST_PERCENT = 100;
  private static final int MOST_BITS = 63;

  private final List<ExchangesJson.Stage> stages;
  private final List<ExchangeKind> kinds;
  private final List<Outcome> outcomes;
  private final List<Share> shares;
  private final List<Long> apiKeys;
  private final List<ExchangesJson.User> users;
  private final List<ExchangesJson.Sort> sorts;
  private final ByteBuffer bytes;

  private ExchangesReader(JsonObject body) {
    stages = RowsJson.list(body, "e", MOST, each -> stage((JsonArray) each));
    kinds = RowsJson.list(body, "k", MOST, each -> kind((JsonArray) each));
    outcomes = RowsJson.list(body, "o", MOST, each -> outcome((JsonArray) each));
    shares = RowsJson.list(body, "h", MOST, each -> share((JsonArray) each));
    bytes = ByteBuffer.wrap(body.getBinary("x"));
    apiKeys = all(i -> bytes.getLong());
    users = all(i -> new ExchangesJson.User(bytes.getLong(), index()));
    sorts =
        all(
            i -> {
              int first = index();
              return new ExchangesJson.Sort(first / 2, first % 2, index(), index(), index());
            });
  }

  private <T> List<T> all(Function<Integer, T> next) {
    int count = index();
    List<T> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(next.apply(i));
    }
    return all;
  }

  List<Compared> compared() {
    List<Compared> all = new ArrayList<>();
    for (int left = index(); left > 0; left--) {
      ExchangesJson.Sort sort = sorts.get(index());
      ExchangesJson.User user = users.get(index());
      Outcome outcome = outcomes.get(sort.outcome());
      ExchangesJson.Stage stage = stages.get(sort.stage());
      Compared.Origin origin =
          new Compared.Origin(
              ExchangesJson.PROVIDERS.get(sort.provider()),
              stage.epoch(),
              stage.stage(),
              user.user(),
              apiKeys.get(user.apiKey()),
              kinds.get(sort.kind()));
      long millis = figure();
      long tokens = figure();
      long nano = figure();
      if (outcome != null) {
        all.add(new Compared(origin, outcome, millis, sort.stream() == 1, tokens, nano));
      }
    }
    return all;
  }

  List<ServedExchange> served() {
    List<ServedExchange> all = new ArrayList<>();
    for (int left = index(); left > 0; left--) {
      int what = index();
      Share share = shares.get(what / ExchangesJson.SERVINGS.size());
      Serving serving = ExchangesJson.SERVINGS.get(what % ExchangesJson.SERVINGS.size());
      all.add(new ServedExchange(share, users.get(index()).user(), serving));
    }
    if (bytes.hasRemaining()) {
      throw new IllegalArgumentException("x: %d bytes too many".formatted(bytes.remaining()));
    }
    return all;
  }

  private int index() {
    long number = number();
    check("x", number, 0, MOST * ExchangesJson.SERVINGS.size());
    return (int) number;
  }

  private long figure() {
    return number() - 1;
  }

  private long number() {
    long number = 0;
    int read;
    int shift = 0;
    do {
      read = bytes.get();
      number |= (long) (read & (1 << ExchangesJson.LOW_BITS) - 1) << shift;
      shift += ExchangesJson.LOW_BITS;
    } while (read < 0 && shift < MOST_BITS);
    if (read < 0) {
      throw new IllegalArgumentException("x: a number of more than %d bits".formatted(MOST_BITS));
    }
    return number;
  }

  private static ExchangesJson.Stage stage(JsonArray of) {
    return new ExchangesJson.Stage(epoch(of), of.getInteger(1));
  }

  private static ExchangeKind kind(JsonArray of) {
    return new ExchangeKind(
        word(of, 0, ExchangesJson.MOST_WORD),
        word(of, 1, ExchangesJson.MOST_WORD),
        word(of, 2, ExchangesJson.MOST_WORD),
        word(of, 3, ExchangesJson.MOST_WORD));
  }

  /** Returns {@code null} for one that this version does not know. */
  private static Outcome outcome(JsonArray of) {
    long status = of.getLong(1);
    check("status", status, 0, MOST_STATUS);
    String meaning = word(of, 0, ExchangesJson.MOST_WORD);
    String cause = word(of, 2, ExchangesJson.MOST_WORD);
    boolean known =
        Arrays.stream(Meaning.values()).anyMatch(each -> each.name().equals(meaning))
            && (cause == null
                || Arrays.stream(UnreachableCause.values())
                    .anyMatch(each -> each.name().equals(cause)));
    return known
        ? new Outcome(
            Meaning.valueOf(meaning),
            (int) status,
            cause == null ? null : UnreachableCause.valueOf(cause))
        : null;
  }

  private static Share share(JsonArray of) {
    long percentage = of.getLong(2);
    check("percentage", percentage, 0, MOST_PERCENT);
    return new Share(epoch(of), of.getInteger(1), (int) percentage, of.getLong(3));
  }

  private static String epoch(JsonArray of) {
    String epoch = word(of, 0, MOST_EPOCH);
    if (epoch == null) {
      throw new IllegalArgumentException("epoch: missing");
    }
    return epoch;
  }

  private static String word(JsonArray of, int at, int most) {
    String word = of.getString(at);
    if (word != null && word.length() > most) {
      throw new IllegalArgumentException(
          "a word of %d characters (expected: at most %d)".formatted(word.length(), most));
    }
    return word;
  }

  /**
   * The level by which its sender must leave out users.
   *
   * @throws IllegalArgumentException if it is none
   */
  static int level(JsonObject body) {
    long level = body.containsKey("l") ? number(body, "l") : 0;
    check("l", level, 0, OwnExchanges.MOST_LEVEL);
    return (int) level;
  }

  /**
   * A number of a frame.
   *
   * @throws IllegalArgumentException if there is none
   */
  static long number(JsonObject body, String name) {
    Long number = body.getLong(name);
    if (number == null) {
      throw new IllegalArgumentException(name + ": missing (expected: a number)");
    }
    return number;
  }

  /**
   * The batch that came. An outcome that a later version has is passed over.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ExchangeBatch read(JsonObject body) {
    try {
      String source = RowsJson.source(body);
      long base = body.getLong("b");
      long number = body.getLong("n");
      check("b", base, 1, Long.MAX_VALUE - 1);
      check("n", number, 0, Long.MAX_VALUE - 1);
      check("a", body.getLong("a"), 0, Long.MAX_VALUE);
      if (!body.containsKey("x")) {
        return ExchangeBatch.none(source, base);
      }
      check("n", number, base, Long.MAX_VALUE - 1);
      ExchangesReader reader = new ExchangesReader(body);
      List<Compared> compared = reader.compared();
      List<ServedExchange> served = reader.served();
      return new ExchangeBatch(source, number, base, body.getLong("a"), compared, served);
    } catch (ClassCastException
        | NullPointerException
        | IndexOutOfBoundsException
        | BufferUnderflowException strange) {
      throw new IllegalArgumentException(
          "exchanges: a member is missing, or of another kind", strange);
    }
  }

  private static void check(String what, long number, long least, long most) {
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d..%d)".formatted(what, number, least, most));
    }
  }
}
