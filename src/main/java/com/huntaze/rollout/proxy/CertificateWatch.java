package com.huntaze.rollout.proxy;

import com.huntaze.rollout.settings.TlsSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a new certificate in force when its files change, without a restart: new connections get it,
 * old ones keep theirs. Files that cannot be read leave the old one in force.
 */
final class CertificateWatch {
  private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);
  private static final long POLL_MILLIS = 1_000;

  /** The options name the same files as before, so Vert.x would see no change in them. */
  private static final boolean FORCED = true;

  private final Vertx vertx;
  private final ServerSettings settings;
  private final HttpServer server;
  private String seen = "";

  private CertificateWatch(Vertx vertx, ServerSettings settings, HttpServer server) {
    this.vertx = vertx;
    this.settings = settings;
    this.server = server;
  }

  static void start(Vertx vertx, ServerSettings settings, HttpServer server) {
    if (settings.tls() == null) {
      return;
    }
    CertificateWatch watch = new CertificateWatch(vertx, settings, server);
    watch.stamp().onSuccess(stamp -> watch.seen = stamp);
    vertx.setPeriodic(POLL_MILLIS, poll -> watch.poll());
  }

  private void poll() {
    stamp()
        .onSuccess(
            stamp -> {
              if (!stamp.equals(seen)) {
                seen = stamp;
                reload();
              }
            });
  }

  /** Changes when a file does, also when it is replaced by a link to another. */
  private Future<String> stamp() {
    TlsSettings tls = settings.tls();
    return stamp(tls.certificate())
        .compose(certificate -> stamp(tls.key()).map(key -> certificate + key));
  }

  private Future<String> stamp(String file) {
    return vertx
        .fileSystem()
        .props(file)
        .map(props -> props.lastModifiedTime() + ":" + props.size() + ";");
  }

  private void reload() {
    server
        .updateSSLOptions(ListenOptions.of(settings).getSslOptions(), FORCED)
        .onComplete(
            changed -> log.info("The certificate of the data port is in force anew"),
            failure ->
                log.error(
                    "The certificate of the data port cannot be read, the old one stays: {}",
                    failure.getMessage()));
  }
}
