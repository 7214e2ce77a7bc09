package com.huntaze.rollout.feedback;

import com.huntaze.rollout.admission.ApiKeySettings;
import com.huntaze.rollout.admission.Refusal;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.quality.FeedbackBook;
import com.huntaze.rollout.quality.Scores;
import com.huntaze.rollout.quality.ServedExchange;
import com.huntaze.rollout.quality.ServedExchanges;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/**
 * Callers' judgements of answers, attributed to who gave the answer. Shared by the event loops of
 * the process. Remembered are the {@value #MAX_EXCHANGES} last answers of a day, in 4 MB, and 100
 * bytes more of each that somebody has rated.
 */
public final class Feedback {
  static final int MAX_EXCHANGES = 100_000;

  private final FeedbackBook book;
  private volatile PriceBook prices;
  private final ServedExchanges exchanges;
  private final Map<Provider, Counter> rated = new EnumMap<>(Provider.class);
  private final Counter unknown;

  /** Has other replicas take what is not known here; without a cluster nobody does. */
  private volatile BiFunction<Buffer, String, Future<Boolean>> elsewhere =
      (body, keyId) -> Future.succeededFuture(false);

  /**
   * @param prices tells under which name a model is listed
   */
  public Feedback(FeedbackBook book, PriceBook prices, MeterRegistry registry) {
    this(book, prices, registry, MAX_EXCHANGES);
  }

  Feedback(FeedbackBook book, PriceBook prices, MeterRegistry registry, int maxExchanges) {
    this.book = book;
    this.prices = prices;
    SecureRandom seeds = new SecureRandom();
    exchanges = new ServedExchanges(maxExchanges, seeds.nextLong(), seeds.nextLong());
    for (Provider provider : Provider.values()) {
      rated.put(
          provider,
          Counter.builder("rollout.feedback")
              .description("Feedback that was taken, repeated feedback included.")
              .tag("provider", provider.label())
              .register(registry));
      gauge(provider, "rollout.feedback.exchanges", Scores::count)
          .description("Exchanges of the last day that callers have rated.")
          .register(registry);
      gauge(provider, "rollout.feedback.score", Scores::mean)
          .description("The mean of their scores, 0 to 1; 0 without any.")
          .register(registry);
    }
    unknown =
        Counter.builder("rollout.feedback.unknown")
            .description("Feedback on an exchange that is not known, or not the caller's.")
            .register(registry);
  }

  /** Goes on with other prices, which tell under which name a model is listed. */
  public void configure(PriceBook newPrices) {
    prices = newPrices;
  }

  /**
   * Asks others for what is not known here from now on.
   *
   * @param others takes a body and the id of its caller's key, null = none; tells whether the
   *     exchange was known
   */
  public void share(BiFunction<Buffer, String, Future<Boolean>> others) {
    elsewhere = others;
  }

  private Gauge.Builder<FeedbackBook> gauge(
      Provider provider, String name, ToDoubleFunction<Scores> figure) {
    return Gauge.builder(
            name, book, of -> figure.applyAsDouble(of.scores(provider, System.currentTimeMillis())))
        .tag("provider", provider.label());
  }

  /**
   * Remembers who served an exchange that has ended, if a provider answered well what may cost
   * money. A correlation id that comes again stands for the newest exchange.
   */
  public void remember(ExchangeRecord record) {
    boolean rateable = !record.charges().isEmpty() && record.status() / 100 == 2;
    if (rateable) {
      String keyId = record.caller().keyId();
      exchanges.put(
          keyId,
          record.correlationId(),
          book.served(
              record.endedAt(),
              record.provider(),
              model(record.charges()),
              record.caller().agent()),
          record.endedAt());
    }
  }

  private String model(List<Charge> charges) {
    return prices.listedOrOwn(charges.get(charges.size() - 1).model());
  }

  /** Returns the book of the callers' ratings. */
  public FeedbackBook book() {
    return book;
  }

  /**
   * Takes a caller's judgement; a later one on the same exchange replaces it.
   *
   * @param key the caller's key, {@code null} = none that is known
   * @return fails with a {@link Refusal}: 400 if it is malformed, 404 if there is no such exchange
   *     of this caller's, 503 if other replicas cannot be asked now
   */
  public Future<Void> take(Buffer body, ApiKeySettings key) {
    String keyId = key == null ? null : key.id();
    try {
      FeedbackRequest feedback = FeedbackRequest.read(body);
      return rate(feedback, keyId)
          ? Future.succeededFuture()
          : elsewhere.apply(body, keyId).transform(asked -> told(feedback, asked));
    } catch (Refusal malformed) {
      return Future.failedFuture(malformed);
    }
  }

  private Future<Void> told(FeedbackRequest feedback, AsyncResult<Boolean> asked) {
    if (asked.failed()) {
      return Future.failedFuture(
          new Refusal(
              ErrorCode.OVERLOADED,
              "feedback: other replicas could not be asked whether they gave this answer (expected:"
                  + " another try in a second)"));
    }
    if (asked.result()) {
      return Future.succeededFuture();
    }
    unknown.increment();
    return Future.failedFuture(
        new Refusal(
            ErrorCode.NOT_FOUND,
            "correlationId: %s not known (expected: that of an answer of the last 24 hours, to the"
                    .formatted(feedback.correlationId())
                + " same API key)"));
  }

  /** Tells whether a judgement that was given at another replica is of an exchange of this one. */
  public boolean knows(Buffer body, String keyId) {
    try {
      return find(FeedbackRequest.read(body).correlationId(), keyId) != null;
    } catch (Refusal malformed) {
      return false;
    }
  }

  /**
   * Takes a judgement that was given at another replica.
   *
   * @return whether it was of an exchange that is known here
   */
  public boolean takeOfOthers(Buffer body, String keyId) {
    try {
      return rate(FeedbackRequest.read(body), keyId);
    } catch (Refusal malformed) {
      return false;
    }
  }

  private boolean rate(FeedbackRequest feedback, String keyId) {
    ServedExchange exchange = find(feedback.correlationId(), keyId);
    if (exchange == null) {
      return false;
    }
    book.rate(exchange, feedback.rating(), System.currentTimeMillis());
    rated.get(exchange.provider()).increment();
    return true;
  }

  /**
   * Finds an exchange. Each key has its own, so that no client can rate the answers of another, nor
   * push them out by choosing the same ids; one that was asked without a key that we know may be
   * rated by anybody.
   */
  private ServedExchange find(String correlationId, String keyId) {
    long now = System.currentTimeMillis();
    ServedExchange own = exchanges.find(keyId, correlationId, now);
    return own == null && keyId != null ? exchanges.find(null, correlationId, now) : own;
  }
}
