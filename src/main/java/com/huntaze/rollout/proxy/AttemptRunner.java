package com.huntaze.rollout.proxy;

import com.huntaze.rollout.breaker.BreakerPermit;
import com.huntaze.rollout.client.ClientSink;
import com.huntaze.rollout.exchange.ErrorForm;
import com.huntaze.rollout.exchange.ExchangeEffects;
import com.huntaze.rollout.exchange.ExchangeEvent;
import com.huntaze.rollout.exchange.ExchangeState;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.outcome.BreakerResult;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.relay.AgentShape;
import com.huntaze.rollout.relay.AnswerType;
import com.huntaze.rollout.relay.CodedBody;
import com.huntaze.rollout.relay.EarlyHints;
import com.huntaze.rollout.relay.HeldAnswers;
import com.huntaze.rollout.relay.ResponseRelay;
import com.huntaze.rollout.relay.UsageTap;
import com.huntaze.rollout.request.RequestInfo;
import com.huntaze.rollout.request.Requesters;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.upstream.UpstreamClient;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.EnumSet;
import java.util.Set;

/** Does what the machine of one exchange says, in the order of a request's life. */
final class AttemptRunner implements ExchangeEffects {
  private final Resources resources;
  private final ExchangeState state;
  private final LoopMoment now;
  private final ClientSink sink;
  private final AttemptLoop loop;
  private final AttemptLoopListener listener;

  /** Made for the first response that may have to be kept: few exchanges have one. */
  private HeldAnswers held;

  private Set<Provider> failedAt = Set.of();
  private UpstreamRequest ask;
  private Requester who;
  private ExchangeRecorder recorder;
  private EarlyHints earlyHints;
  private ExchangeWatch watch = ExchangeWatch.NONE;
  private BreakerPermit permit;
  private Attempt attempt;
  private HttpClientResponse response;
  private boolean stream;
  private ResponseRelay relay;

  /** The body of a response that may tell of objects, or its beginning. */
  private Buffer telling;

  AttemptRunner(
      Resources resources,
      ExchangeState state,
      LoopMoment now,
      ClientSink sink,
      AttemptLoop loop,
      AttemptLoopListener listener) {
    this.resources = resources;
    this.state = state;
    this.now = now;
    this.sink = sink;
    this.loop = loop;
    this.listener = listener;
  }

  void of(UpstreamRequest request, ExchangeRecorder recorder, EarlyHints hints) {
    ask = request;
    this.recorder = recorder;
    earlyHints = hints;
    who = Requesters.of(request);
    watch = resources.observations().watch(request, who);
  }

  Attempt attempt() {
    return attempt;
  }

  @Override
  public void refuseLate() {
    listener.bodyLate();
  }

  @Override
  public void ask(Provider provider, Standing standing) {
    permit =
        resources
            .failover()
            .breaker(provider)
            .admit(standing, who.user(), failedAt.contains(provider));
    loop.tell(permit == null ? new ExchangeEvent.Refused() : new ExchangeEvent.Admitted());
  }

  @Override
  public void begin(Provider provider, boolean chosen) {
    UpstreamClient client = resources.upstreams().get(provider);
    ExchangeWatch watched = watch.attempt(chosen, recorder.began(client));
    attempt = new Attempt(client, permit, resources.meters(), watched, loop);
    attempt.start(ask.request().method(), ask.target(client));
  }

  @Override
  public void passHints() {
    earlyHints.pass();
  }

  void answered(HttpClientResponse head, boolean asksUsage) {
    response = head;
    stream = AnswerType.of(head.headers()).isStream();
    recorder.answered(head, asksUsage);
  }

  @Override
  public void keep(boolean headAtLeast) {
    Outcome outcome = attempt.meaning(response.statusCode(), null);
    if (headAtLeast) {
      held().keep(state.served(), outcome, response, Buffer.buffer());
    }
    held().take(state.served(), outcome, response, whole -> loop.kept(whole, outcome));
  }

  /** Keeps a response that is here whole and is no answer. */
  void unfit(Outcome outcome, Buffer whole) {
    held().keep(state.served(), outcome, response, whole);
  }

  private HeldAnswers held() {
    if (held == null) {
      held = new HeldAnswers(resources.server().holdJsonBytes(), resources.memory());
    }
    return held;
  }

  private void forgetHeld() {
    if (held != null) {
      held.forget();
    }
  }

  @Override
  public void settle(Outcome outcome) {
    if (outcome.breaker() == BreakerResult.FAILURE) {
      failedAt = failedAt.isEmpty() ? EnumSet.noneOf(Provider.class) : failedAt;
      failedAt.add(attempt.provider());
    }
    attempt.settle(outcome, recorder.ended(attempt, outcome));
    loop.tell(new ExchangeEvent.Settled());
  }

  @Override
  public void leave() {
    if (relay != null) {
      relay.cancel();
      relay = null;
    }
    if (held != null) {
      held.cancel();
    }
    attempt.stop();
    earlyHints.forget();
  }

  @Override
  public void countRetry(Provider provider) {
    resources.meters().retried(provider);
  }

  @Override
  public void countFailover(Outcome outcome) {
    resources.meters().fellBack(outcome);
  }

  @Override
  public void relay() {
    AgentShape shape = AgentShape.of(ask, recorder.tap(), state.served(), response);
    relay =
        new ResponseRelay(resources.relaying(), ask, response, sink, recorder.tap(), shape, loop);
    now.of(relay);
    sink.from(attempt.provider());
    relay.start();
    CodedBody.count(ask, response, resources.meters());
  }

  @Override
  public void release() {
    relay.release();
  }

  @Override
  public void recordContent() {
    recorder.content();
    watch.content(stream);
  }

  @Override
  public void prove() {
    attempt.proves(response.statusCode());
  }

  @Override
  public void commit() {
    listener.commits(response);
  }

  /** The meaning of a response that is here whole; {@code whole} is its body if it was held. */
  Outcome relayed(Outcome outcome, Buffer whole) {
    Buffer plain = CodedBody.telling(ask, response, whole, resources.server().holdJsonBytes());
    Outcome meant = attempt.meaning(response.statusCode(), plain);
    boolean complete = Meaning.COMPLETE.isOf(meant);
    telling = complete ? plain == null ? relay.beginning() : plain : null;
    return complete ? outcome : meant;
  }

  @Override
  public void finish() {
    forgetHeld();
    watch.ended();
    remember();
    listener.relayed();
  }

  /** Keeps in mind who has the objects that an answer tells of: later requests go there. */
  private void remember() {
    RequestInfo identity = ask.identity();
    if (identity.place() == null) {
      return;
    }
    Provider maker = attempt.provider();
    UsageTap tap = recorder.tap();
    if (tap != null && tap.isStream()) {
      resources.objects().remember(identity.place(), tap.objectId(), maker, identity.object());
      resources.objects().rememberItems(identity.place(), tap.itemIds(), maker);
    } else {
      resources.objects().remember(identity.place(), telling, maker, identity.object());
    }
  }

  @Override
  public void end() {
    forgetHeld();
    watch.over();
    watch.ended();
  }

  @Override
  public void passKept() {
    listener.passes(held().last());
  }

  @Override
  public void giveUp(ErrorCode code, Provider provider, Outcome outcome) {
    listener.givenUp(code, provider, outcome);
  }

  @Override
  public void cutShort(Outcome outcome, ErrorForm form) {
    listener.cutShort(outcome, form);
  }
}
