package com.huntaze.rollout.app;

import com.huntaze.rollout.admin.AdminSettings;
import com.huntaze.rollout.alert.AlertHome;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.settings.IpAddresses;
import java.io.PrintStream;
import java.nio.file.Path;

/** The lines that a start prints for people: where to go, and a command that works. */
final class Banner {
  private Banner() {}

  static void print(PrintStream out, Settings settings, RolloutProxy proxy) {
    String data = url(settings.server().host(), proxy.port());
    String admin = url(settings.admin().host(), proxy.adminPort());
    boolean simulated = settings.simulate() != null;
    out.printf(
        """

        rollout-proxy %s%s

          Proxy      %s/            any client of the router: change its base URL, nothing else
          Dashboard  %s/            %s
          Canary     %s/api/v1/canary
          Metrics    %s/metrics

          Try:  curl -N %s/v1/chat/completions -H 'content-type: application/json' \\
                  -d '{"model":"demo","stream":true,"messages":[{"role":"user","content":"who are you?"}]}'

        """,
        Version.text(),
        simulated ? "  demo: two simulated AI backends, nothing leaves this machine" : "",
        data,
        admin,
        simulated
            ? "watch the canary, break Foundry, see it roll back"
            : "the rollout, live, and what you can do about it",
        admin,
        admin,
        data);
    out.flush();
  }

  /** The same in one line, for a log that machines read. */
  static String line(Settings settings, RolloutProxy proxy) {
    return "rollout-proxy %s listens: proxy %s, admin %s"
        .formatted(
            Version.text(),
            url(settings.server().host(), proxy.port()),
            url(settings.admin().host(), proxy.adminPort()));
  }

  /** The place where an alert's reader finds this process. */
  static AlertHome home(String replica, Settings settings, ConfigSource source) {
    AdminSettings admin = settings.admin();
    String plain = url(admin.host(), admin.port());
    String address = admin.tls() == null ? plain : plain.replaceFirst("http", "https");
    // Which one a free port is, is not known yet.
    return new AlertHome(
        replica,
        admin.port() == 0 ? "" : address,
        !admin.token().isEmpty() || !admin.tokens().isEmpty(),
        settings.state().dir().isEmpty()
            ? ""
            : Path.of(settings.state().dir()).toAbsolutePath().toString(),
        source.check());
  }

  private static String url(String host, int port) {
    String name = IpAddresses.isWildcard(host) ? "127.0.0.1" : host;
    return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
  }
}
