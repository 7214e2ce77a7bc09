package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.TlsSettings;
import com.huntaze.rollout.tls.TlsFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Looks at the files that the TLS settings name before anything is opened with them. */
final class TlsCheck {
  private final Vertx vertx;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();

  private TlsCheck(Vertx vertx) {
    this.vertx = vertx;
  }

  /** The same configuration, or a failure with a {@link ConfigException} that has every problem. */
  static Future<Loaded> of(Vertx vertx, Loaded loaded) {
    return vertx.executeBlocking(
        () -> {
          TlsCheck check = new TlsCheck(vertx);
          check.add(loaded.settings());
          if (!check.problems.isEmpty()) {
            throw new ConfigException(check.problems)
                .dependingOn(loaded.files())
                .dependingOn(check.files);
          }
          return loaded;
        },
        false);
  }

  private void add(Settings settings) {
    add("server.tls", settings.server().tls(), true);
    add("admin.tls", settings.admin().tls(), true);
    add("providers.foundry.tls", settings.providers().foundry().upstream().tls(), false);
    add("providers.legacy.tls", settings.providers().legacy().upstream().tls(), false);
    if (settings.cluster() != null) {
      add("cluster.tls", settings.cluster().tls(), true);
    }
  }

  private void add(String path, TlsSettings tls, boolean listener) {
    TlsFiles.problems(vertx, tls, listener).forEach(problem -> problems.add(problem.under(path)));
    if (tls != null) {
      Stream.of(tls.certificate(), tls.key(), tls.ca())
          .filter(Objects::nonNull)
          .map(Path::of)
          .forEach(files::add);
    }
  }
}
