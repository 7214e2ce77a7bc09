package com.huntaze.rollout.app;

import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.settings.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The settings that cannot change while the process runs: what the listeners were opened with, the
 * number of event loops, the cluster, and the directory that holds the rollout's state. A file that
 * changes one is refused as a whole.
 */
final class NeedsRestart {
  private final List<Problem> problems = new ArrayList<>();

  private NeedsRestart() {}

  /** Returns the reasons against putting {@code after} in force now; empty = none. */
  static List<Problem> problems(Settings before, Settings after) {
    NeedsRestart check = new NeedsRestart();
    check.same("server.host", before.server().host(), after.server().host());
    check.same("server.port", before.server().port(), after.server().port());
    check.same("server.eventLoops", before.server().eventLoops(), after.server().eventLoops());
    check.same(
        "server.maxHeaderBytes", before.server().maxHeaderBytes(), after.server().maxHeaderBytes());
    check.same(
        "server.tls", spoken(before.server().tls() != null), spoken(after.server().tls() != null));
    check.same("admin.host", before.admin().host(), after.admin().host());
    check.same("admin.port", before.admin().port(), after.admin().port());
    check.same(
        "admin.tls", spoken(before.admin().tls() != null), spoken(after.admin().tls() != null));
    check.same("state.dir", before.state().dir(), after.state().dir());
    check.same("history.maxBytes", before.history().maxBytes(), after.history().maxBytes());
    check.same("eventBus.prefix", before.eventBus().prefix(), after.eventBus().prefix());
    check.same("metrics.vertx", before.metrics().vertx(), after.metrics().vertx());
    check.whole("metrics.listener", before.metrics().listener(), after.metrics().listener());
    check.whole("cluster", before.cluster(), after.cluster());
    check.whole("simulate", before.simulate(), after.simulate());
    return check.problems;
  }

  private static String spoken(boolean tls) {
    return tls ? "TLS" : "plain HTTP";
  }

  private void same(String path, Object before, Object after) {
    if (!before.equals(after)) {
      problems.add(
          new Problem(
              path,
              String.valueOf(after),
              "%s, as at the start: another one needs a restart".formatted(before)));
    }
  }

  private void whole(String path, Object before, Object after) {
    if (!Objects.equals(before, after)) {
      problems.add(new Problem(path, "changed", "as at the start: another one needs a restart"));
    }
  }
}
