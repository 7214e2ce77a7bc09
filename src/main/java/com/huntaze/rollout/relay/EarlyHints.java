package com.huntaze.rollout.relay;

import com.huntaze.rollout.http.HeaderRules;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes the 103s of the upstream that answers on (RFC 8297; RFC 9110 §15.2: a proxy forwards
 * interim answers that it did not cause itself). Their fields obey the rules of an answer's. Those
 * of an attempt that another one may follow wait for its answer: what they promise may not come. A
 * 100 is not passed: clients who wait for one have had it from us, and providers are never told
 * that they wait.
 */
public final class EarlyHints {
  private final HttpServerRequest request;

  /** Few: a connection's guard takes more than 16 interim answers for a fault. */
  private List<MultiMap> waiting = List.of();

  public EarlyHints(HttpServerRequest request) {
    this.request = request;
  }

  /** Takes the fields of a 103. */
  public void came(MultiMap hints) {
    waiting = waiting.isEmpty() ? new ArrayList<>() : waiting;
    waiting.add(hints);
  }

  /** The attempt is given up, and they with it. */
  public void forget() {
    waiting = List.of();
  }

  /** The attempt's answer passes: so do they, before its head. */
  public void pass() {
    // Seldom any, and never many.
    for (int i = 0; i < waiting.size(); i++) {
      write(waiting.get(i));
    }
    waiting = List.of();
  }

  /** Writes them, unless the client cannot understand them or has the answer's head. */
  private void write(MultiMap hints) {
    if (request.version() == HttpVersion.HTTP_1_0 || request.response().headWritten()) {
      return;
    }
    MultiMap fields = HttpHeaders.headers();
    HeaderRules.copyResponse(hints, fields);
    fields.remove(HttpHeaders.CONTENT_LENGTH);
    if (!fields.isEmpty()) {
      request.response().writeEarlyHints(fields);
    }
  }
}
