package com.huntaze.rollout.proxy;

import com.huntaze.rollout.exchange.Moment;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.relay.ResponseRelay;
import com.huntaze.rollout.request.Monotonic;
import com.huntaze.rollout.request.RequestBody;
import com.huntaze.rollout.traffic.ProviderChoice;
import java.util.concurrent.ThreadLocalRandom;

/** The world as one exchange sees it, for the steps of its machine. */
final class LoopMoment implements Moment {
  private final Failover failover;
  private final Chooser chooser;
  private final WaitingLoops probes;
  private final RequestBody body;
  private ProviderChoice chosen;
  private ResponseRelay relay;
  private long nanos = System.nanoTime();

  LoopMoment(Resources resources, RequestBody body) {
    this.failover = resources.failover();
    this.chooser = resources.chooser();
    this.probes = resources.waiting();
    this.body = body;
  }

  void of(ProviderChoice choice) {
    chosen = choice;
  }

  void of(ResponseRelay newer) {
    relay = newer;
  }

  /** The clock stands until the next step. */
  LoopMoment next() {
    nanos = System.nanoTime();
    return this;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public double chance() {
    return ThreadLocalRandom.current().nextDouble();
  }

  @Override
  public boolean breakerOpen(Provider provider) {
    return failover.breaker(provider).open();
  }

  @Override
  public boolean legacyThrottled() {
    return failover.breaker(Provider.LEGACY).throttledLately();
  }

  @Override
  public boolean withdrawn() {
    return chooser.withdrawn(chosen);
  }

  @Override
  public boolean bodyKept() {
    return body.replayable();
  }

  @Override
  public boolean bodyAwaited() {
    return body.awaited();
  }

  @Override
  public long bodyByteNanos() {
    return body.lastByteNanos();
  }

  @Override
  public long answerByteNanos() {
    return relay.lastByteNanos();
  }

  @Override
  public boolean answerPaused() {
    return relay.paused();
  }

  @Override
  public boolean doubtful(Provider provider, long sinceNanos) {
    return probes.doubtful(provider, sinceNanos);
  }

  @Override
  public boolean tryRetry() {
    return failover.budget().tryRetry(Monotonic.millis(nanos));
  }
}
