package com.huntaze.rollout.app;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.settings.ConfigAddresses;
import com.huntaze.rollout.watch.FileWatch;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hears of changes of the configuration, from its files, the event bus or the process, and has them
 * put in force one after the other.
 */
final class ConfigVerticle extends VerticleBase {
  private static final JsonObject BY_API = new JsonObject().put("cause", "api");

  private final Bus bus;
  private final ConfigSource source;
  private final Reconfiguration running;
  private final MeterRegistry registry;
  private Reloads reloads;
  private final FileWatch files;
  private FileWatch.Watched watched;
  private Set<Path> paths = Set.of();
  private long timer = -1;
  private Future<JsonObject> last = Future.succeededFuture();

  /**
   * @param files the process's watch of files
   */
  ConfigVerticle(
      Bus bus,
      ConfigSource source,
      Reconfiguration running,
      FileWatch files,
      MeterRegistry registry) {
    this.bus = bus;
    this.source = source;
    this.running = running;
    this.files = files;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    reloads = new Reloads(vertx, bus, source.name(), running, registry);
    bus.serve(
        ConfigAddresses.GET,
        body -> {
          Bodies.none(body);
          return Future.succeededFuture(reloads.effective());
        });
    bus.serve(ConfigAddresses.RELOAD, this::reload);
    watched = files.watch(changed -> reload("file"));
    watch();
    askLater();
    return Future.succeededFuture();
  }

  /**
   * Watches the files that the configuration in force depends on, and those for want of which
   * another one was refused; they may be others by now.
   */
  private void watch() {
    Set<Path> newer = new TreeSet<>(running.loaded().files());
    newer.addAll(reloads.awaited());
    source.path().ifPresent(newer::add);
    if (!source.isReadAgain() || newer.equals(paths)) {
      return;
    }
    paths = newer;
    // They may have changed between the reading and the watching.
    watched.files(newer).onSuccess(begun -> reload("file", source.read(vertx), true));
  }

  /** An address tells nobody of its changes: it is asked again, a while after its last answer. */
  private void askLater() {
    if (source.isAsked()) {
      timer =
          vertx.setTimer(
              source.interval().toMillis(),
              due -> reload(Reloads.ASKED).onComplete(done -> askLater()));
    }
  }

  private Future<JsonObject> reload(Object body) {
    // The cause is told in logs: of a stranger's words only ours are taken.
    if (BY_API.equals(body)) {
      return reload("api");
    }
    Bodies.none(body);
    return reload("event bus");
  }

  /** Reads the files again, from any thread; never fails, and tells what became of it. */
  Future<JsonObject> reload(String cause) {
    return reload(cause, source.read(vertx));
  }

  /** Puts another configuration in force, from any thread, or says why not. */
  Future<JsonObject> reload(String cause, Future<Loaded> newer) {
    return reload(cause, newer, cause.equals(Reloads.ASKED));
  }

  private Future<JsonObject> reload(String cause, Future<Loaded> newer, boolean unasked) {
    Promise<JsonObject> done = Promise.promise();
    context.runOnContext(
        turn -> {
          last =
              last.transform(before -> reloads.next(cause, newer, unasked))
                  .onSuccess(taken -> watch());
          last.onComplete(done);
        });
    return done.future();
  }

  @Override
  public Future<?> stop() {
    watched.end();
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }
}
