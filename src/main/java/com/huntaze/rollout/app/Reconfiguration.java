package com.huntaze.rollout.app;

import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.control.CanaryVerticle;
import io.vertx.core.Future;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a changed configuration into the verticles. The rollout is asked first, because it may
 * object; after it nothing can. What has not changed is not touched, so that connections, counts,
 * breakers and buckets go on.
 *
 * <p>Called by one verticle, one change after the other.
 */
final class Reconfiguration {
  /** One that runs by the configuration, and can be handed another runtime. */
  interface Follower {
    /** Runs by {@code after} from now on; done when it does. It cannot object. */
    Future<Void> follow(ProcessRuntime before, ProcessRuntime after);
  }

  private static final Logger log = LoggerFactory.getLogger(Reconfiguration.class);

  private final ProcessServices services;
  private final CanaryVerticle canary;
  private final List<Follower> followers;
  private volatile ProcessRuntime running;

  /**
   * @param followers those who are told, in this order
   */
  Reconfiguration(
      ProcessServices services,
      ProcessRuntime running,
      CanaryVerticle canary,
      List<Follower> followers) {
    this.services = services;
    this.running = running;
    this.canary = canary;
    this.followers = followers;
  }

  /** The configuration in force. */
  Loaded loaded() {
    return running.loaded();
  }

  /** All that is run by. */
  ProcessRuntime running() {
    return running;
  }

  /** The same values, which may come from other places: nobody need be told. */
  void readAgain(Loaded same) {
    running = running.readAgain(same);
  }

  /**
   * Puts a configuration in force that needs no restart.
   *
   * @return when it is so; a failure when the rollout objects, and then nothing has changed
   */
  Future<Void> apply(Loaded newer) {
    ProcessRuntime before = running;
    ProcessRuntime after = ProcessRuntime.of(newer, before, services);
    return canary.configure(after.canary()).compose(agreed -> tell(before, after));
  }

  private Future<Void> tell(ProcessRuntime before, ProcessRuntime after) {
    running = after;
    Future<Void> told = Future.succeededFuture();
    for (Follower each : followers) {
      told = told.compose(done -> each.follow(before, after)).recover(Reconfiguration::goOn);
    }
    return told;
  }

  /** It is in force by now: those that are told later, such as the admin port, must hear of it. */
  private static Future<Void> goOn(Throwable failure) {
    log.error("A part of the process has failed to follow a changed configuration", failure);
    return Future.succeededFuture();
  }
}
