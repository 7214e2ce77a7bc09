package com.huntaze.rollout.proxy;

import com.huntaze.rollout.breaker.BreakerPermit;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.dns.ConnectFailure;
import com.huntaze.rollout.http.Inflation;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.OutcomeClassifier;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.relay.HeldAnswer;
import com.huntaze.rollout.upstream.UpstreamClient;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;

/**
 * One try at one provider: takes a connection, has the request written to it, and hands over the
 * head of the answer, or tells why there is none. Its result goes to the breaker exactly once.
 */
final class Attempt {
  /** No error is longer: what is larger is not looked into. */
  private static final int MOST_INFLATED_BYTES = 1 << 20;

  private final UpstreamClient client;
  private final BreakerPermit permit;
  private final ProxyMeters meters;
  private final ExchangeWatch watch;
  private final Listener listener;
  private HttpClientRequest request;
  private boolean sent;
  private boolean stopped;

  /** Told what becomes of the attempt, until it is stopped. */
  interface Listener {
    /** A connection is there: the request is to be written, in this turn. */
    void write(HttpClientRequest request);

    /** The provider tells what is likely to stand in the answer's head. */
    void hinted(MultiMap hints);

    /** The head of the final answer is there; its body begins to come in this turn. */
    void answered(HttpClientResponse answer);

    /** There is no answer, or the connection was lost within it. */
    void lost(Outcome outcome);
  }

  /**
   * @param watch what the judge is told of it
   */
  Attempt(
      UpstreamClient client,
      BreakerPermit permit,
      ProxyMeters meters,
      ExchangeWatch watch,
      Listener listener) {
    this.client = client;
    this.permit = permit;
    this.meters = meters;
    this.watch = watch;
    this.listener = listener;
  }

  Provider provider() {
    return client.provider();
  }

  UpstreamClient client() {
    return client;
  }

  /** Returns whether anything of the request may have reached the provider. */
  boolean sent() {
    return sent;
  }

  /**
   * Begins by taking a connection.
   *
   * @param target the request target in origin form
   */
  void start(HttpMethod method, String target) {
    Future<HttpClientRequest> asked = client.acquire(method, target);
    if (asked.succeeded()) {
      acquired(asked.result());
    } else {
      asked.onComplete(this::acquired, this::notAcquired);
    }
  }

  private void acquired(HttpClientRequest acquired) {
    acquired.exceptionHandler(this::failed);
    if (stopped) {
      // Nobody waits any more; nothing was sent on it.
      acquired.reset();
      return;
    }
    request = acquired;
    request.earlyHintsHandler(this::hinted);
    request.response().onComplete(this::head, this::failed);
    sent = true;
    listener.write(request);
  }

  private void hinted(MultiMap hints) {
    if (!stopped) {
      listener.hinted(hints);
    }
  }

  private void notAcquired(Throwable cause) {
    lost(Outcome.unreachable(ConnectFailure.of(cause)));
  }

  /**
   * Returns the meaning of an answer.
   *
   * @param whole its body if that was held whole, else {@code null}
   */
  Outcome meaning(int status, Buffer whole) {
    // A content filter's 400 is neither the provider's fault nor proof of its health.
    boolean filtered =
        status == 400
            && whole != null
            && OutcomeClassifier.isContentFilter(whole.getBytes(), whole.length());
    return filtered
        ? Meaning.CONTENT_FILTERED.outcome()
        : OutcomeClassifier.ofStatus(status, client.ownCredentials());
  }

  /**
   * The first content of a long answer is here. If this is the trial of a half-open breaker it has
   * shown what it was for, and holds its place no longer; the head alone would not have shown it.
   */
  void proves(int status) {
    if (permit.trial() && !permit.ended()) {
      permit.end(meaning(status, null).breaker());
    }
  }

  /** The meaning of a response that was kept whole. */
  Outcome meaning(HeldAnswer whole) {
    Buffer plain = Inflation.plain(whole.headers(), whole.body(), MOST_INFLATED_BYTES);
    return meaning(whole.status(), plain);
  }

  /**
   * Records how it ended.
   *
   * @param charge what it cost, {@code null} = nothing
   */
  void settle(Outcome outcome, Charge charge) {
    if (permit.openedSince()) {
      watch.dependent();
    }
    // The breaker that it opens tells of it.
    permit.heard(outcome);
    if (!permit.ended()) {
      permit.end(outcome.breaker());
    }
    meters.attempted(provider(), outcome);
    watch.settled(outcome, charge);
  }

  /** Ends it for good: the connection goes, unless its answer was read whole. */
  void stop() {
    stopped = true;
    if (request != null) {
      request.reset();
    }
  }

  private void head(HttpClientResponse answer) {
    if (stopped) {
      answer.exceptionHandler(ignored -> {});
      return;
    }
    if (answer.statusCode() < 200) {
      // An interim answer that the client took for the final one. The real one will still come, and
      // would be handed to the next request on this connection: so the connection must go.
      answer.exceptionHandler(ignored -> {});
      request.connection().close();
      lost(Meaning.JUNK.outcome());
      return;
    }
    String coding = answer.getHeader(HttpHeaders.TRANSFER_ENCODING);
    if (coding != null && !coding.strip().equalsIgnoreCase("chunked")) {
      // We asked for no coding (no TE), and passing coded bytes as plain ones would be a lie.
      answer.exceptionHandler(ignored -> {});
      request.connection().close();
      lost(Meaning.JUNK.outcome());
      return;
    }
    // One that nobody is to read must not be left lying on its connection.
    answer.handler(ignored -> {}).exceptionHandler(ignored -> {});
    listener.answered(answer);
  }

  private void failed(Throwable cause) {
    lost(
        cause instanceof DecoderException || cause instanceof IllegalArgumentException
            ? Meaning.JUNK.outcome()
            : Meaning.RESET.outcome());
  }

  private void lost(Outcome outcome) {
    if (!stopped) {
      listener.lost(outcome);
    }
  }
}
