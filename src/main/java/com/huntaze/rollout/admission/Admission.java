package com.huntaze.rollout.admission;

import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.http.OwnFields;
import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.http.StrictHttp;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * The door of one event loop: who comes in, decided by the head alone, before a byte of the body is
 * read and before {@code 100 Continue}.
 */
public final class Admission {
  private final Lifecycle lifecycle;
  private final int maxInFlight;
  private final HeadLimits heads;
  private final BufferMemory memory;
  private final ApiKeys keys;
  private final RateLimits limits;

  public Admission(
      Lifecycle lifecycle,
      ServerSettings settings,
      BufferMemory memory,
      ApiKeys keys,
      RateLimits limits) {
    this.lifecycle = lifecycle;
    this.maxInFlight = settings.maxInFlight();
    this.heads = new HeadLimits(settings);
    this.memory = memory;
    this.keys = keys;
    this.limits = limits;
  }

  /**
   * Lets a request in.
   *
   * @param client the connection that it came on
   * @param own gets what the key's limit has left
   * @param inFlight how many requests the process has in flight, this one included
   * @return the client's key, {@code null} if it has none that is known
   * @throws Refusal if it stays outside
   */
  public ApiKeySettings admit(
      HttpServerRequest request, ArrivingClient client, OwnFields own, int inFlight)
      throws Refusal {
    if (lifecycle.draining()) {
      throw Refusal.shuttingDown();
    }
    if (client.refused()) {
      throw Refusal.tooManyConnections();
    }
    if (inFlight > maxInFlight) {
      throw new Refusal(ErrorCode.OVERLOADED, "the proxy has as many requests in flight as it may");
    }
    if (memory.exhausted()) {
      throw new Refusal(
          ErrorCode.OVERLOADED, "the proxy has as many bytes waiting for clients as it may");
    }
    heads.check(request, client);
    String problem = StrictHttp.problem(request);
    if (problem != null) {
      throw Refusal.malformed(problem);
    }
    checkExpectation(request);
    ApiKeySettings key = keys.find(request.headers(), client.memo());
    limits.take(key, own);
    return key;
  }

  /** RFC 9110 §10.1.1: there is one expectation, and HTTP/1.0 has none. */
  private static void checkExpectation(HttpServerRequest request) throws Refusal {
    String expectation = request.getHeader(HttpHeaders.EXPECT);
    if (expectation == null) {
      return;
    }
    if (!expectation.equalsIgnoreCase("100-continue")) {
      throw new Refusal(
          ErrorCode.EXPECTATION_FAILED, "Expect: not understood (expected: 100-continue)");
    }
    if (request.version() == HttpVersion.HTTP_1_0) {
      request.headers().remove(HttpHeaders.EXPECT);
    }
  }
}
