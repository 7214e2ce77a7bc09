package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * The proxy as a verticle: started with the {@code config()} of its deployment, which has the form
 * of {@code conf/proxy.json}, and drained when it is undeployed or its Vert.x is closed. One
 * instance; a second proxy on the same Vert.x needs another {@code eventBus.prefix}.
 *
 * <p>The deployment fails with {@link ConfigException}, which names every problem of the
 * configuration, or with {@link StartException}.
 */
public final class RolloutVerticle extends VerticleBase {
  private final MeterRegistry registry;
  private RolloutProxy proxy;

  /** One whose meters are at its admin port alone. */
  public RolloutVerticle() {
    this(null);
  }

  /**
   * One whose meters are in a registry of the host, too.
   *
   * @param registry {@code null} = none
   */
  public RolloutVerticle(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Starts the proxy. */
  @Override
  public Future<?> start() {
    return RolloutProxy.start(vertx, config(), registry).onSuccess(started -> proxy = started);
  }

  /** {@return the running proxy; {@code null} before it is deployed} */
  public RolloutProxy proxy() {
    return proxy;
  }

  /** Waits until the proxy has drained and ended. */
  @Override
  public Future<?> stop() {
    return proxy == null ? Future.succeededFuture() : proxy.drain();
  }
}
