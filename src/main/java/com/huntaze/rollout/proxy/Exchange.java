package com.huntaze.rollout.proxy;

import com.huntaze.rollout.admission.ApiKeySettings;
import com.huntaze.rollout.admission.Refusal;
import com.huntaze.rollout.client.ClientConnection;
import com.huntaze.rollout.client.ClientSink;
import com.huntaze.rollout.client.ClientTime;
import com.huntaze.rollout.client.Expectation;
import com.huntaze.rollout.client.LingeringClose;
import com.huntaze.rollout.client.OpenExchange;
import com.huntaze.rollout.exchange.ErrorForm;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.feedback.FeedbackRequest;
import com.huntaze.rollout.http.CorrelationId;
import com.huntaze.rollout.http.OwnFields;
import com.huntaze.rollout.meters.ProxyMeters.Ending;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.relay.AgentError;
import com.huntaze.rollout.relay.AnswerHead;
import com.huntaze.rollout.relay.ErrorResponder;
import com.huntaze.rollout.relay.HeldAnswer;
import com.huntaze.rollout.relay.UpstreamFault;
import com.huntaze.rollout.request.Monotonic;
import com.huntaze.rollout.request.RequestBody;
import com.huntaze.rollout.request.RequestClassifier;
import com.huntaze.rollout.request.RequestInfo;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.traffic.ProviderChoice;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;

/**
 * One request's life as its client sees it: admitted, read, identified, answered, settled. The
 * attempts to get an answer are an {@link AttemptLoop}.
 *
 * <p>Everything happens on the event loop of the client's connection, so there are no locks: {@code
 * over} is set by whichever ending comes first, and all the others then do nothing. Whoever ends
 * the exchange also ends the attempts: a client that hangs up stops the model at once, in every
 * phase.
 */
final class Exchange implements OpenExchange, RequestBody.Listener, AttemptLoopListener {

  private static final int NO_CONTENT = 204;

  private final Resources resources;
  private final ClientConnection client;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final String correlationId;
  private final OwnFields own;
  private final Expectation expectation;
  private final Trace trace;
  private final ExchangeRecorder recorder;
  private final boolean feedback;
  private final long maxBodyBytes;
  private final RequestBody body;
  private final AttemptLoop attempts;
  private final ErrorResponder errors;
  private final ExchangeTimer timer;
  private final ClientSink sink;
  private ApiKeySettings key;
  private UpstreamRequest ask;
  private String clientAddress;
  private boolean shapesErrors;
  private boolean over;

  Exchange(Resources resources, ClientConnection client, HttpServerRequest request) {
    this.resources = resources;
    this.client = client;
    this.request = request;
    this.response = request.response();
    this.correlationId = CorrelationId.of(request.headers());
    this.own = new OwnFields(correlationId, resources.server().cors(), request.headers());
    this.expectation = new Expectation(request);
    this.trace = resources.tracing() == null ? null : Trace.begin(resources.tracing(), request);
    this.recorder = new ExchangeRecorder(request, correlationId, trace);
    this.feedback = FeedbackRequest.isFor(request.method().name(), request.path());
    this.maxBodyBytes = feedback ? FeedbackRequest.MAX_BYTES : resources.server().maxBodyBytes();
    this.body =
        new RequestBody(
            request,
            resources.server().replayBytes(),
            resources.memory(),
            maxBodyBytes,
            new ClientTime(),
            this);
    this.sink = new ClientSink(response, client, resources.memory(), this::clientStalled);
    this.attempts =
        new AttemptLoop(resources, body, sink, this, Monotonic.millis(recorder.startNanos()));
    this.errors = new ErrorResponder(response, request.path(), own, attempts.state());
    this.timer = new ExchangeTimer(resources.deadlines(), attempts);
  }

  void begin() {
    client.began(this, response);
    resources.retain();
    request.exceptionHandler(this::clientFailed);
    response.exceptionHandler(cause -> clientGone());
    response.closeHandler(closed -> clientGone());
    try {
      key = resources.admission().admit(request, client, own, resources.meters().enter());
    } catch (Refusal refusal) {
      refuse(refusal);
      return;
    }
    if (RequestBody.declaredLength(request) <= maxBodyBytes) {
      expectation.meet();
    }
    // Usually the attempt's deadline is the nearest; the timer is then set once for all of them.
    TimeoutSettings timeouts = resources.failover().timeouts();
    timer.armAt(
        Monotonic.millis(recorder.startNanos())
            + timeouts.toFirstContent().toMillis()
            - timeouts.fallbackReserve().toMillis());
    body.read();
  }

  /** A body that cannot be decoded is the client's fault, and the client can still be told. */
  @Override
  public void clientFailed(Throwable cause) {
    boolean left =
        cause instanceof HttpClosedException
            || cause instanceof StreamResetException
            || cause instanceof IOException;
    if (left || over) {
      clientGone();
    } else {
      refuse(Refusal.malformed("body: malformed (expected: chunks as RFC 9112 has them)"));
    }
  }

  @Override
  public void bodyTooLarge() {
    refuse(
        new Refusal(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "body: over %d bytes (expected: at most %s)"
                .formatted(maxBodyBytes, feedback ? "that" : "server.maxBodyBytes")));
  }

  @Override
  public void bodyReady() {
    if (over) {
      return;
    }
    if (feedback) {
      takeFeedback();
      return;
    }
    RequestInfo identity;
    ProviderChoice chosen;
    try {
      identity =
          new RequestClassifier(resources.routing(), resources.objects(), request, key)
              .identify(correlationId, body);
      chosen = resources.chooser().choose(identity, key);
    } catch (Refusal refusal) {
      refuse(refusal);
      return;
    }
    shapesErrors = identity.shapesErrors();
    ask =
        new UpstreamRequest(
            request,
            body,
            identity,
            key,
            chosen,
            Monotonic.millis(recorder.startNanos()),
            resources.forwarding(),
            resources.credentials(),
            resources.identityEncoding());
    recorder.identified(ask, resources.billing());
    attempts.start(ask, recorder);
  }

  /** Feedback is for us: no provider is asked. */
  private void takeFeedback() {
    if (!body.complete()) {
      // It is short, so that the memory for bodies is what it did not fit into.
      refuse(new Refusal(ErrorCode.OVERLOADED, "the proxy has as many bodies as it may"));
      return;
    }
    resources.feedback().take(body.whole(), key).onComplete(t -> taken(), t -> refuse((Refusal) t));
  }

  private void taken() {
    if (settle(Ending.COMPLETE, NO_CONTENT)) {
      own.tell(response.headers());
      response.setStatusCode(NO_CONTENT).end();
    }
  }

  @Override
  public void commits(HttpClientResponse answer) {
    body.forget();
    writeHead(
        attempts.state().served(), answer.statusCode(), answer.statusMessage(), answer.headers());
    recorder.describe(response.headers());
    clientAddress = resources.forwarding().client(request);
    recorder.keepHead();
    // Nobody is asked any more: for as long as the answer lasts the heads would lie here for none.
    request.headers().clear();
    answer.request().headers().clear();
  }

  private void writeHead(ProviderChoice served, int status, String reason, MultiMap headers) {
    AnswerHead.write(response, status, reason, headers, served, attempts.state(), own);
  }

  @Override
  public void relayed() {
    settle(Ending.COMPLETE, response.getStatusCode());
  }

  @Override
  public void handedOver(Future<Void> taken) {
    closeUnlessRead(taken);
  }

  @Override
  public void passes(HeldAnswer answer) {
    if (settle(Ending.UPSTREAM_FAILED, answer.status())) {
      writeHead(answer.from(), answer.status(), answer.reason(), answer.headers());
      closeUnlessRead(pass(answer));
    }
  }

  private Future<Void> pass(HeldAnswer answer) {
    if (shapesErrors) {
      AgentError error = AgentError.of(answer, attempts.state().fellBack());
      return errors.replace(error, answer);
    }
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
    return sink.end(answer.body());
  }

  @Override
  public void givenUp(ErrorCode code, Provider provider, Outcome outcome) {
    boolean clients = Meaning.CLIENT_GONE.isOf(outcome);
    if (settle(clients ? Ending.CLIENT_GONE : Ending.UPSTREAM_FAILED, code.status())) {
      String message = UpstreamFault.sentence(provider, outcome);
      closeUnlessRead(errors.giveUp(code, message));
    }
  }

  /** The client has a part: it is told that this is not the whole, and never sees a clean end. */
  @Override
  public void cutShort(Outcome outcome, ErrorForm form) {
    Provider provider = attempts.state().served().provider();
    lastWord(
        form,
        UpstreamFault.code(attempts.state().fellBack(), outcome),
        UpstreamFault.sentence(provider, outcome));
  }

  private void lastWord(ErrorForm form, ErrorCode code, String message) {
    if (!settle(Ending.UPSTREAM_FAILED, response.getStatusCode())) {
      return;
    }
    body.abandon();
    Buffer error = form == ErrorForm.NONE ? null : errors.within(form, code, message);
    LastWord.say(resources.vertx(), response, sink, error);
  }

  @Override
  public void deadlineMoved() {
    timer.arm();
  }

  @Override
  public void bodyLate() {
    refuse(new Refusal(ErrorCode.TIMEOUT, UpstreamFault.BODY_LATE));
  }

  private void refuse(Refusal refusal) {
    if (!settle(Ending.REFUSED, refusal.code().status())) {
      return;
    }
    if (response.headWritten()) {
      sink.cut();
      return;
    }
    if (refusal.code() == ErrorCode.SHUTTING_DOWN) {
      // Ahead of the answer, so that its client does not send the next request here, too.
      client.announceEnd();
    }
    Refusal told = expectation.isOpen() ? refusal.closing() : refusal;
    Future<Void> taken = errors.refuse(told);
    if (told.closes()) {
      LingeringClose.close(resources.vertx(), request, taken);
    } else {
      closeUnlessRead(taken);
    }
  }

  @Override
  public boolean read() {
    return body.complete();
  }

  private void clientStalled() {
    resources.meters().gaveUp();
    clientGone();
  }

  private void clientGone() {
    settle(Ending.CLIENT_GONE, response.headWritten() ? response.getStatusCode() : 0);
  }

  @Override
  public void shutDown() {
    if (ask != null && response.headWritten()) {
      ErrorForm form = attempts.state().errorForm();
      attempts.stop();
      lastWord(form, ErrorCode.SHUTTING_DOWN, "the proxy is shutting down");
    } else {
      refuse(Refusal.shuttingDown());
    }
  }

  private void stop() {
    attempts.stop();
    body.abandon();
  }

  /**
   * Ends the exchange, once.
   *
   * @param status what the client was or will be told, 0 = nothing
   */
  private boolean settle(Ending ending, int status) {
    if (over) {
      return false;
    }
    over = true;
    if (ending == Ending.REFUSED || ending == Ending.CLIENT_GONE) {
      stop();
    }
    timer.cancel();
    body.forget();
    client.ended(this);
    resources.release();
    resources.meters().leave();
    if (ending == Ending.REFUSED) {
      resources.meters().refused();
    } else if (ask == null && ending == Ending.CLIENT_GONE) {
      resources.meters().leftEarly();
    }
    ExchangeRecord record = record(ending, status);
    if (trace != null) {
      trace.end(record);
    }
    resources.records().accept(record);
    return true;
  }

  private ExchangeRecord record(Ending ending, int status) {
    String address = clientAddress == null ? resources.forwarding().client(request) : clientAddress;
    return ask == null
        ? recorder.endUnasked(ending, status, key, body.size(), address)
        : recorder.end(ending, status, attempts.state().served(), address);
  }

  /**
   * An answer that was given before the request's body was read leaves bytes on both connections
   * that nobody wants: the provider's may not be used again, and the client's when they are gone.
   */
  private void closeUnlessRead(Future<Void> taken) {
    if (body.complete()) {
      return;
    }
    stop();
    if (!body.complete()) {
      LingeringClose.closeUnlessWhole(resources.vertx(), request, taken);
    }
  }
}
