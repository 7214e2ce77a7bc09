package com.huntaze.rollout.store;

import com.huntaze.rollout.lease.AgreedLog;
import com.huntaze.rollout.lease.Lease;
import com.huntaze.rollout.lease.LeaseTimes;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** The stores whose leader is who holds a lease, by the place where that is kept. */
public final class LeasedStores {
  private static final LongSupplier MILLIS = () -> System.nanoTime() / 1_000_000;

  private LeasedStores() {}

  /**
   * A store in a directory that all replicas share: the lease is in it, too.
   *
   * @param replicaId who this replica is, another for each start
   */
  public static FileStore directory(Path dir, boolean ownedByDemo, String replicaId) {
    Path place = dir.toAbsolutePath();
    Lease lease =
        new BeatingLease(
            LeaseTimes.USUAL,
            replicaId,
            new LeaseFiles(place, replicaId),
            new LeaseLockFile(place.resolve(FileStore.LOCK)),
            () -> FileStore.writtenTerm(new DurableFiles(place)),
            MILLIS,
            BeatingLease.LOOK_MILLIS);
    return FileStore.leased(place, ownedByDemo, lease);
  }

  /**
   * A store of what voters have agreed upon, the lease among it. The directory is this replica's
   * own, and keeps a copy.
   */
  public static FileStore agreed(boolean ownedByDemo, String replicaId, AgreedLog log) {
    return agreed(ownedByDemo, log, lease(replicaId, log, MILLIS, BeatingLease.OFTEN_MILLIS));
  }

  static FileStore agreed(boolean ownedByDemo, AgreedLog log, Lease lease) {
    Path place = log.dir().toAbsolutePath();
    return new FileStore(place, ownedByDemo, new LeasedLead(lease), new AgreedCommons(log));
  }

  /**
   * The lease of one of the voters.
   *
   * @param every milliseconds between two turns of its own thread; 0 = the caller takes them
   */
  static BeatingLease lease(String holder, AgreedLog log, LongSupplier millis, long every) {
    Path place = log.dir().toAbsolutePath();
    return new BeatingLease(
        LeaseTimes.AGREED,
        holder,
        new AgreedPlace(log),
        new OwnDirectoryLock(new LeaderLock(place.resolve(FileStore.LOCK))),
        () -> FileStore.writtenTerm(new DurableFiles(place)),
        millis,
        every);
  }
}
