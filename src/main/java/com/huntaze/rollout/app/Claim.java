package com.huntaze.rollout.app;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.settings.ListenerSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A proxy's own: the addresses of its prefix on the event bus of its Vert.x, and its ports. */
final class Claim {
  private static final String PREFIXES = "rollout-proxy";
  private static final int BACKLOG = 1;

  private final Vertx vertx;
  private final Bus bus;
  private boolean claimed;

  Claim(Vertx vertx, Bus bus) {
    this.vertx = vertx;
    this.bus = bus;
  }

  /**
   * Takes it.
   *
   * @return a failure that is a {@link StartException} when somebody else has it
   */
  Future<Void> take(Settings settings) {
    return Future.<Void>future(
            asked -> {
              checkTransport();
              takePrefix();
              asked.complete();
            })
        .compose(taken -> vertx.executeBlocking(() -> checkPorts(settings)));
  }

  /** On NIO a client that leaves while its request is paused goes unnoticed. */
  private void checkTransport() {
    boolean linux = System.getProperty("os.name").startsWith("Linux");
    if (linux && !vertx.isNativeTransportEnabled()) {
      throw new StartException(
          "transport: nio (expected: native epoll, which notices every client that leaves; set"
              + " VertxOptions.preferNativeTransport, or use a glibc image on x86_64 or aarch64)",
          vertx.unavailableNativeTransportCause());
    }
  }

  /** Two proxies of one prefix would answer each other's commands. */
  private void takePrefix() {
    String prefix = bus.full("");
    claimed = vertx.sharedData().getLocalMap(PREFIXES).putIfAbsent(prefix, true) == null;
    if (!claimed) {
      throw new StartException(
          "start: a proxy with eventBus.prefix \"%s\" runs on this Vert.x (expected: another prefix"
                  .formatted(prefix)
              + " for each)",
          null);
    }
  }

  /**
   * Servers of one Vert.x that listen on the same port share it, and each would answer some of the
   * other's requests. A socket of the JDK finds the port taken.
   */
  private static Void checkPorts(Settings settings) {
    check("server.port", settings.server().host(), settings.server().port());
    check("admin.port", settings.admin().host(), settings.admin().port());
    ListenerSettings scraped = settings.metrics().listener();
    if (scraped != null) {
      check("metrics.listener.port", scraped.host(), scraped.port());
    }
    return null;
  }

  private static void check(String setting, String host, int port) {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket(port, BACKLOG, InetAddress.getByName(host))) {
      assert socket.isBound();
    } catch (IOException taken) {
      throw BindFailure.describe(setting, host, port, taken);
    }
  }

  /** Gives it back; more than once does no harm. */
  void release() {
    if (claimed) {
      vertx.sharedData().getLocalMap(PREFIXES).remove(bus.full(""));
      claimed = false;
    }
  }
}
