package com.huntaze.rollout.app;

import com.huntaze.rollout.cluster.ClusterSettings;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.lease.AgreedLog;
import com.huntaze.rollout.store.FileStore;
import com.huntaze.rollout.store.HistoryVerticle;
import com.huntaze.rollout.store.LeasedStores;
import com.huntaze.rollout.store.LedgerVerticle;
import com.huntaze.rollout.store.StateSettings;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * The directory behind {@code state.dir}: the configured one, or a new temporary one when none is.
 *
 * @param temporary whether it is to be deleted at the end
 */
record StateDir(Path path, boolean temporary) {

  /** Blocks for as long as it takes to make a directory. */
  static StateDir of(StateSettings settings) {
    if (!settings.dir().isEmpty()) {
      return new StateDir(Path.of(settings.dir()), false);
    }
    try {
      return new StateDir(Files.createTempDirectory("rollout-state"), true);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The reason why what is there can be no state directory; empty = nothing speaks against it. */
  static Optional<String> misfit(StateSettings settings) {
    Path dir = Path.of(settings.dir());
    boolean other = !settings.dir().isEmpty() && Files.exists(dir) && !Files.isDirectory(dir);
    return other
        ? Optional.of(
            "state.dir: %s is no directory (expected: a directory, or nothing)".formatted(dir))
        : Optional.empty();
  }

  /** Keeps in it what is beside the rollout's state: the costs, and the history of the charts. */
  Future<?> keep(Verticles verticles, Loaded loaded, ProcessServices services) {
    long maxBytes = loaded.settings().history().maxBytes();
    LedgerVerticle ledger = new LedgerVerticle(services.bus(), services.books().ledger(), path);
    boolean shared = services.agreed() == null;
    HistoryVerticle history =
        new HistoryVerticle(services.bus(), path, services.replicaId(), maxBytes, shared);
    return verticles.deploy(() -> ledger, 1).compose(kept -> verticles.deploy(() -> history, 1));
  }

  /** Deletes it if it is temporary; blocks for as long as that takes. */
  void end() {
    if (!temporary) {
      return;
    }
    try (var files = Files.walk(path)) {
      // The entries of a directory before itself.
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException left) {
      // A small directory stays among the temporary ones.
    }
  }

  /**
   * The store of the rollout's state. Alone a replica leads by the file lock, which costs nothing
   * while it lives; members of a cluster lead by the lease, which one that hangs loses.
   *
   * @param cluster {@code null} = none
   * @param replicaId who this replica is, another for each start
   * @param agreed the log of the voters, {@code null} = the members share the directory
   */
  FileStore store(ClusterSettings cluster, String replicaId, AgreedLog agreed) {
    if (cluster == null) {
      return new FileStore(path, temporary);
    }
    return agreed == null
        ? LeasedStores.directory(path, temporary, replicaId)
        : LeasedStores.agreed(temporary, replicaId, agreed);
  }

  /** The log of the voters in it; {@code null} = nobody votes. */
  AgreedLog agreed(ClusterSettings cluster) {
    return cluster == null || cluster.voters().isEmpty() ? null : new AgreedLog(path);
  }
}
