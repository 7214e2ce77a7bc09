package com.huntaze.rollout.proxy;

import com.huntaze.rollout.client.ClientSink;
import com.huntaze.rollout.exchange.ExchangeEvent;
import com.huntaze.rollout.exchange.ExchangeMachine;
import com.huntaze.rollout.exchange.ExchangeState;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.relay.AgentError;
import com.huntaze.rollout.relay.AnswerHead;
import com.huntaze.rollout.relay.EarlyHints;
import com.huntaze.rollout.relay.HeldAnswer;
import com.huntaze.rollout.relay.RelayListener;
import com.huntaze.rollout.request.Monotonic;
import com.huntaze.rollout.request.RequestBody;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.upstream.UpstreamClient;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;

/**
 * The attempts of one request: tells {@link ExchangeMachine} what happens, and has {@link
 * AttemptRunner} do what follows.
 */
final class AttemptLoop implements Attempt.Listener, RelayListener, ExchangeTimer.Owner {
  private final Resources resources;
  private final AttemptLoopListener listener;
  private final ExchangeState state;
  private final LoopMoment now;
  private final AttemptRunner runner;
  private UpstreamRequest ask;
  private ExchangeRecorder recorder;
  private EarlyHints hints;

  /** The current attempt asks a stream for its usage, which the client does not. */
  private boolean asksUsage;

  /** It is told of probes and breakers. */
  private boolean listens;

  AttemptLoop(
      Resources resources,
      RequestBody body,
      ClientSink sink,
      AttemptLoopListener listener,
      long startMillis) {
    this.resources = resources;
    this.listener = listener;
    this.state = new ExchangeState(resources.limits(), startMillis);
    this.now = new LoopMoment(resources, body);
    this.runner = new AttemptRunner(resources, state, now, sink, this, listener);
  }

  /** The request can be sent. */
  void start(UpstreamRequest request, ExchangeRecorder recorder) {
    ask = request;
    this.recorder = recorder;
    now.of(ask.chosen());
    hints = new EarlyHints(ask.request());
    runner.of(ask, recorder, hints);
    resources.failover().budget().request(Monotonic.millis());
    state.accept(ask.terms(resources.failover().enabled()));
    tell(new ExchangeEvent.Ready());
  }

  /** The client has left, or is refused: nothing is sent to anybody any more. */
  void stop() {
    tell(new ExchangeEvent.Stopped());
  }

  @Override
  public long nextDeadline() {
    return ExchangeMachine.deadline(state, now);
  }

  @Override
  public void deadline() {
    tell(new ExchangeEvent.DeadlineReached());
  }

  void probeDown(Provider provider, long sinceNanos) {
    tell(new ExchangeEvent.ProbeDown(provider, sinceNanos));
  }

  void probeUp(Provider provider) {
    tell(new ExchangeEvent.ProbeUp(provider));
  }

  void breakerClosed(Provider provider) {
    tell(new ExchangeEvent.BreakerClosed(provider));
  }

  ExchangeState state() {
    return state;
  }

  /** Takes one step. An effect may bring the next event about, which is told within. */
  void tell(ExchangeEvent event) {
    ExchangeMachine.step(state, event, now.next(), runner);
    if (state.listens() != listens) {
      listens = state.listens();
      if (listens) {
        resources.waiting().add(this);
      } else {
        resources.waiting().remove(this);
      }
    }
    listener.deadlineMoved();
  }

  @Override
  public void write(HttpClientRequest acquired) {
    tell(new ExchangeEvent.Sent());
    UpstreamClient client = runner.attempt().client();
    asksUsage =
        ask.usageUnasked()
            && resources.billing().usage().requestInStreams()
            && client.settings().requestUsageInStreams()
            && !state.plain(client.provider())
            && resources.streamOptions().allowed(client.provider(), ask.model());
    ask.write(acquired, client, recorder.trace(), asksUsage);
  }

  @Override
  public void hinted(MultiMap head) {
    hints.came(head);
    tell(new ExchangeEvent.Hinted());
  }

  @Override
  public void answered(HttpClientResponse response) {
    runner.answered(response, asksUsage);
    Provider provider = runner.attempt().provider();
    int status = response.statusCode();
    KeyNotice.of(status, ask, runner.attempt().client());
    if (state.plain(provider)) {
      resources.streamOptions().learn(provider, ask.model(), status);
    }
    tell(
        new ExchangeEvent.Answered(
            runner.attempt().meaning(response.statusCode(), null),
            AnswerHead.body(ask, response, resources.server()),
            AnswerHead.errorForm(ask, response),
            AgentError.isError(response.statusCode()),
            AnswerHead.hint(response.headers()),
            asksUsage && resources.streamOptions().suspect(provider, ask.model(), status)));
  }

  /**
   * A failing response is not read any further.
   *
   * @param whole {@code null} = it is not here whole
   * @param outcome the meaning of its head
   */
  void kept(HeldAnswer whole, Outcome outcome) {
    Outcome meaning = whole == null ? outcome : runner.attempt().meaning(whole);
    tell(new ExchangeEvent.Kept(whole != null, meaning));
  }

  @Override
  public void lost(Outcome outcome) {
    tell(new ExchangeEvent.Lost(outcome));
  }

  @Override
  public void arrives() {
    tell(new ExchangeEvent.Arriving());
  }

  @Override
  public void content() {
    tell(new ExchangeEvent.Content());
  }

  @Override
  public void commits(boolean ended) {
    tell(new ExchangeEvent.Committing(ended));
  }

  @Override
  public void relayed(Outcome outcome, Buffer whole) {
    tell(new ExchangeEvent.Relayed(runner.relayed(outcome, whole)));
  }

  @Override
  public void unfit(Outcome outcome, Buffer whole) {
    runner.unfit(outcome, whole);
    tell(new ExchangeEvent.Unfit(outcome));
  }

  @Override
  public void broken(Outcome outcome) {
    tell(new ExchangeEvent.Broken(outcome));
  }

  @Override
  public void handedOver(Future<Void> taken) {
    listener.handedOver(taken);
  }

  @Override
  public void deadlineMoved() {
    listener.deadlineMoved();
  }
}
