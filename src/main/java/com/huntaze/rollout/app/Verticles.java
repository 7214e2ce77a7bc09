package com.huntaze.rollout.app;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The verticles of one proxy, deployed one after the other. Whoever ends them, we, the verticle
 * that has started the proxy, or a Vert.x that closes: what is in flight is waited for first, they
 * go in the opposite order, and what they used goes last. Thread-safe.
 *
 * <p>Decision 112 in {@code docs/decisions.md}.
 */
final class Verticles {
  private final Vertx vertx;
  private final Supplier<Future<Void>> drain;
  private final Supplier<Future<Void>> release;
  private final List<Step> steps = new ArrayList<>();
  private final Promise<Void> drained = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private final Promise<Void> over = Promise.promise();
  private boolean open;
  private boolean draining;
  private Future<Void> end;

  /** Instances of one verticle. */
  private static final class Step {
    private final Promise<Void> gone = Promise.promise();
    private String id;
    private int instances;
  }

  /**
   * @param drain waits for what is in flight
   * @param release ends what the verticles have used, when all are gone
   */
  Verticles(Vertx vertx, Supplier<Future<Void>> drain, Supplier<Future<Void>> release) {
    this.vertx = vertx;
    this.drain = drain;
    this.release = release;
  }

  /** Deploys so many instances of a verticle, after those before it. */
  Future<String> deploy(Supplier<? extends Deployable> verticle, int instances) {
    Step step = new Step();
    int index = added(step);
    return vertx
        .deployVerticle(
            () -> new Held(verticle.get(), step, index),
            new DeploymentOptions().setInstances(instances))
        .onSuccess(id -> deployed(step, id))
        .onFailure(failure -> step.gone.tryComplete());
  }

  private synchronized int added(Step step) {
    steps.add(step);
    return steps.size() - 1;
  }

  private synchronized void deployed(Step step, String id) {
    step.id = id;
  }

  /** All are deployed: from now on there may be something in flight. */
  synchronized void opened() {
    open = true;
  }

  /** Waits for what is in flight, then ends them. Once begun, every caller waits for the same. */
  Future<Void> drain() {
    beginDrain();
    return drained.future().transform(done -> end());
  }

  /** Ends them now, whatever is in flight. */
  Future<Void> close() {
    synchronized (this) {
      // Nobody is waited for any more, and so no wait is begun.
      draining = true;
    }
    drained.tryComplete();
    return end();
  }

  private void beginDrain() {
    boolean inUse;
    synchronized (this) {
      if (draining) {
        return;
      }
      draining = true;
      inUse = open;
    }
    Future<Void> idle = inUse ? drain.get() : Future.succeededFuture();
    idle.onComplete(done -> drained.tryComplete());
  }

  private Future<Void> end() {
    List<String> ids;
    synchronized (this) {
      if (end != null) {
        return end;
      }
      end = over.future();
      ids = steps.stream().filter(step -> step.id != null).map(step -> step.id).toList();
    }
    if (ids.isEmpty()) {
      finish();
    }
    // One that goes already, because somebody else ends it, fails here: the other waits for it.
    List<Future<Void>> undeployed = ids.stream().map(vertx::undeploy).toList();
    Future.join(undeployed).transform(done -> ended.future()).onComplete(over);
    return over.future();
  }

  private Future<Void> finish() {
    release.get().onComplete(done -> ended.tryComplete());
    return ended.future();
  }

  private synchronized Future<Void> goneAfter(int index) {
    return index + 1 < steps.size() ? steps.get(index + 1).gone.future() : Future.succeededFuture();
  }

  private boolean isLast(Step step) {
    synchronized (this) {
      step.instances--;
      return step.instances == 0;
    }
  }

  /** A verticle that is held until it is its turn to go. */
  private final class Held implements Deployable {
    private final Deployable verticle;
    private final Step step;
    private final int index;

    Held(Deployable verticle, Step step, int index) {
      this.verticle = verticle;
      this.step = step;
      this.index = index;
      synchronized (Verticles.this) {
        step.instances++;
      }
    }

    @Override
    public Future<?> deploy(Context context) throws Exception {
      return verticle.deploy(context);
    }

    @Override
    public Future<?> undeploy(Context context) {
      beginDrain();
      return drained
          .future()
          .compose(done -> goneAfter(index))
          .compose(done -> stopped(context))
          .transform(done -> gone());
    }

    private Future<Void> stopped(Context context) {
      Promise<Void> stopped = Promise.promise();
      context.runOnContext(
          turn -> {
            try {
              verticle.undeploy(context).<Void>mapEmpty().onComplete(stopped);
            } catch (Exception failure) {
              stopped.tryFail(failure);
            }
          });
      return stopped.future();
    }

    private Future<Void> gone() {
      if (!isLast(step)) {
        return index == 0 ? ended.future() : Future.succeededFuture();
      }
      step.gone.tryComplete();
      return index == 0 ? finish() : Future.succeededFuture();
    }
  }
}
