package com.huntaze.rollout.simulate;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * One request of a simulated backend, from its head to the end of its answer or the client's
 * leaving, whichever comes first. It has at most one timer, which goes with the client. Used on its
 * connection's event loop only. Every byte of an answer passes here, so faults act here.
 */
final class SimulatedExchange {
  private static final long NO_TIMER = -1;

  /** Past the preamble and some words, in each of the APIs. */
  static final int EVENTS_BEFORE_FAULT = 5;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Ledger ledger;
  private final BackendProfile profile;
  private final Chance chance;
  private final Tempo tempo;
  private final ErrorShape errors;
  private final Fault fault;
  private final boolean spoiled;
  private int events;
  private long timer = NO_TIMER;
  private boolean over;

  /**
   * @param errors how it tells errors
   * @param spoiled whether its answer is broken
   */
  SimulatedExchange(
      Vertx vertx,
      HttpServerRequest request,
      Ledger ledger,
      BackendProfile profile,
      ErrorShape errors,
      Fault fault,
      Chance chance,
      boolean spoiled) {
    this.vertx = vertx;
    this.request = request;
    this.errors = errors;
    this.fault = fault;
    this.spoiled = spoiled;
    this.response = request.response();
    this.ledger = ledger;
    this.profile = profile;
    this.chance = chance;
    this.tempo = new Tempo(profile, fault, chance);
    ledger.received();
    request.exceptionHandler(failure -> abort());
    response.exceptionHandler(failure -> abort());
    response.closeHandler(closed -> abort());
  }

  BackendProfile profile() {
    return profile;
  }

  Chance chance() {
    return chance;
  }

  Tempo tempo() {
    return tempo;
  }

  /** Runs {@code step} after that many milliseconds, unless the client leaves before. */
  void after(long millis, Runnable step) {
    if (over) {
      return;
    }
    timer =
        vertx.setTimer(
            millis,
            id -> {
              timer = NO_TIMER;
              step.run();
            });
  }

  /** Answers with a JSON body and ends. */
  void json(int status, JsonObject body) {
    if (over) {
      return;
    }
    response.setStatusCode(status).putHeader("content-type", "application/json");
    Buffer whole = body.toBuffer();
    if (spoiled && status < 400) {
      response.putHeader("content-length", Integer.toString(whole.length()));
      breakOff(whole.slice(0, whole.length() / 2));
    } else {
      finish(whole);
    }
  }

  void reject(Rejection rejection) {
    if (!over && rejection.retryAfterSeconds() > 0) {
      response.putHeader("retry-after", Integer.toString(rejection.retryAfterSeconds()));
    }
    json(errors.status(rejection), errors.body(rejection));
  }

  /** Sends the head of an event stream. */
  void beginEvents() {
    if (over) {
      return;
    }
    response
        .putHeader("content-type", "text/event-stream; charset=utf-8")
        .putHeader("cache-control", "no-cache")
        .setChunked(true)
        .writeHead()
        .onFailure(failure -> abort());
  }

  /** Writes one event, then runs {@code next}: at once, or when a slow client has read enough. */
  void event(StreamEvent event, Runnable next) {
    if (over) {
      return;
    }
    if (spoiled || fault.failsStreams() && events == EVENTS_BEFORE_FAULT) {
      finish(errors.event().frame());
      return;
    }
    if (events++ == EVENTS_BEFORE_FAULT) {
      if (fault.cutsStreams()) {
        breakOff(event.frame());
        return;
      }
      if (fault.stallsStreams()) {
        return;
      }
    }
    response.write(event.frame()).onFailure(failure -> abort());
    if (response.writeQueueFull()) {
      response.drainHandler(drained -> next.run());
    } else {
      next.run();
    }
  }

  /** Writes the last event and ends the answer. */
  void lastEvent(StreamEvent event) {
    if (!over) {
      finish(event.frame());
    }
  }

  /** Says a part, and hangs up. */
  private void breakOff(Buffer part) {
    response.write(part).onComplete(written -> request.connection().close());
  }

  private void finish(Buffer last) {
    response
        .end(last)
        .onComplete(
            ended -> {
              if (!over) {
                over = true;
                ledger.completed();
              }
            },
            failure -> abort());
  }

  /** The client left. Vert.x says so in up to three ways, and after a normal end too. */
  private void abort() {
    if (over) {
      return;
    }
    over = true;
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
      timer = NO_TIMER;
    }
    ledger.aborted();
  }
}
