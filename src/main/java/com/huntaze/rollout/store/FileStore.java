package com.huntaze.rollout.store;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.RolloutStore;
import com.huntaze.rollout.canary.Saved;
import com.huntaze.rollout.canary.Transition;
import com.huntaze.rollout.lease.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rollout's state in a directory, which several replicas may share: {@code state.json}, the one
 * before it, a marker for each epoch that was rolled back, and the lock whose holder leads.
 *
 * <p>All of it happens on one thread of its own, in the order of the calls.
 */
public final class FileStore implements RolloutStore {
  private static final Logger log = LoggerFactory.getLogger(FileStore.class);
  private static final String STATE = "state.json";
  private static final String PREVIOUS = "state.previous.json";
  private static final String DAMAGED = "state.damaged.json";
  static final String LOCK = "state.lock";

  private final Path dir;
  private final DurableFiles files;
  private final Lead lead;
  private final Commons commons;
  private final Markers markers;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread daemon = new Thread(work, "rollout-store");
            daemon.setDaemon(true);
            return daemon;
          });

  private boolean leads;
  private long term;

  /** The state of the largest term that was read; one of a lower term was written too late. */
  private SavedJson.Written newest;

  /**
   * The snapshot that was written or read last; a change of it keeps the one before for people to
   * look at.
   */
  private CanarySnapshot latest;

  /** The part of what is decided elsewhere that this directory has. */
  private Commons.Written copy;

  private boolean damaged;
  private boolean opened;

  /** True if a rollout may begin here by itself. */
  private final boolean ownedByDemo;

  private volatile boolean marked;

  /**
   * @param dir is created when it is not there
   */
  public FileStore(Path dir) {
    this(dir, false);
  }

  /**
   * @param dir is created when it is not there
   * @param ownedByDemo whether it was made for this process alone and is gone at its end
   */
  public FileStore(Path dir, boolean ownedByDemo) {
    this(dir, ownedByDemo, new LeaderLock(dir.toAbsolutePath().resolve(LOCK)), Commons.NONE);
  }

  FileStore(Path dir, boolean ownedByDemo, Lead lead, Commons commons) {
    this.ownedByDemo = ownedByDemo;
    this.commons = commons;
    this.dir = dir.toAbsolutePath();
    this.files = new DurableFiles(this.dir);
    this.lead = lead;
    this.markers = new Markers(files, this.dir);
  }

  /** A store whose leader is who holds the lease, and who loses it when it hangs. */
  static FileStore leased(Path dir, boolean ownedByDemo, Lease lease) {
    return new FileStore(dir, ownedByDemo, new LeasedLead(lease), Commons.NONE);
  }

  @Override
  public CompletionStage<Recovered> open() {
    return look();
  }

  @Override
  public boolean mayBeginByItself() {
    return ownedByDemo || marked;
  }

  /** Marks a directory, so that {@code canary.autoStart} may begin a rollout in it, once. */
  public static void init(Path dir) throws IOException {
    try {
      StateDirectory.mark(dir);
    } catch (IOException failure) {
      throw new StoreException(dir, failure);
    }
  }

  @Override
  public CompletionStage<Void> write(Saved saved) {
    long asked = lead.present();
    return run(
        () -> {
          // A lead that was lost and taken again meanwhile is another one.
          boolean same = lead.present() == asked && lead.lasts(term);
          if (!leads || !same || !lead.hold()) {
            throw new IOException("another replica leads");
          }
          byte[] bytes = Envelope.seal(SavedJson.write(saved, term));
          if (decide(bytes)) {
            keepCopy(new Commons.Written(term, bytes), saved.snapshot());
          } else {
            keepTheOneBefore(saved.snapshot());
            replaceState(bytes);
          }
          latest = saved.snapshot();
          prune(saved);
          return null;
        });
  }

  /** Of what may be decided or not the next lead is to hear, and nobody is to go on without. */
  private boolean decide(byte[] bytes) throws IOException {
    try {
      return commons.decide(term, bytes);
    } catch (IOException unknown) {
      lead.giveUp();
      throw unknown;
    }
  }

  /** Copies what is decided: a disk that cannot keep it does not undo it. */
  private void keepCopy(Commons.Written decided, CanarySnapshot snapshot) {
    if (copy != null && Arrays.equals(decided.state(), copy.state())) {
      return;
    }
    try {
      keepTheOneBefore(snapshot);
      files.replace(STATE, decided.state());
      copy = decided;
    } catch (IOException unwritten) {
      log.warn("The state is decided, but its copy here is older: {}", unwritten.toString());
    }
  }

  /** For people to look at: a file system without links must not stop the rollout. */
  private void keepTheOneBefore(CanarySnapshot next) {
    boolean changes = latest != null && !latest.equals(next);
    try {
      if (damaged) {
        files.keepAs(STATE, DAMAGED);
      } else if (changes && Files.exists(files.path(STATE))) {
        files.keepAs(STATE, PREVIOUS);
      }
    } catch (IOException unlinked) {
      log.debug("The state before is not kept: {}", unlinked.toString());
    }
    damaged = false;
  }

  /** The state is durable by now, whatever becomes of old markers. */
  private void prune(Saved present) {
    try {
      markers.prune(present.snapshot().epoch());
      if (!present.history().isEmpty()) {
        StateDirectory.unmark(dir);
      }
    } catch (IOException left) {
      log.debug("An old file stays: {}", left.toString());
    }
  }

  /** A file whose {@code fsync} failed is given up, and another one tried once. */
  private void replaceState(byte[] bytes) throws IOException {
    try {
      files.replace(STATE, bytes, () -> lead.confirm(term));
    } catch (IOException first) {
      lead.confirm(term);
      log.warn("The state could not be written, once more with another file: {}", first.toString());
      files.replace(STATE, bytes, () -> lead.confirm(term));
    }
  }

  @Override
  public CompletionStage<Void> mark(Transition rollback) {
    return run(
        () -> {
          markers.write(rollback);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> heard(Transition rollback) {
    return commons.isShared() ? mark(rollback) : CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Recovered> look() {
    return run(
        () -> {
          if (opened) {
            return read(false);
          }
          StateDirectory.prepare(dir);
          Recovered found = read(true);
          marked = StateDirectory.marked(dir);
          opened = true;
          return found;
        });
  }

  private Recovered read(boolean first) throws IOException {
    boolean led = leads && !first;
    // Who holds the lock and could not read what is there does not lead: the next look begins anew.
    leads = false;
    boolean kept = led && lead.kept();
    boolean holds = lead.hold();
    boolean goesOn = kept && holds && lead.term(term) == term;
    if (commons.isShared()) {
      commons.exchange(markers, written());
    }
    List<Transition> seen = markers.read(first || holds && !goesOn);
    if (goesOn) {
      leads = true;
      return new Recovered(true, term, Optional.empty(), seen, Optional.empty(), 0);
    }
    long newest = markers.newestEpoch();
    try {
      if (holds) {
        // Before the state is read: what a leader before was about to write never gets its name.
        StateDirectory.deleteStray(dir);
      }
      Optional<SavedJson.Written> written = readState();
      if (holds) {
        term = lead.term(1 + Math.max(term, written.map(FileStore::term).orElse(0L)));
      }
      leads = holds;
      Optional<Saved> saved = written.map(SavedJson.Written::saved);
      saved.ifPresent(state -> latest = state.snapshot());
      return new Recovered(leads, term, saved, seen, Optional.empty(), newest);
    } catch (DamagedException damage) {
      damaged = true;
      leads = holds;
      term = holds ? lead.term(term + 1) : term;
      return new Recovered(
          leads,
          term,
          Optional.empty(),
          seen,
          Optional.of(files.path(STATE) + ": " + damage.getMessage()),
          Math.max(newest, epochOfTheOneBefore()));
    }
  }

  private static long term(SavedJson.Written written) {
    return Math.max(written.term(), written.saved().snapshot().position().term());
  }

  private Optional<SavedJson.Written> readState() throws IOException, DamagedException {
    Optional<byte[]> decided = commons.state();
    if (decided.isPresent()) {
      SavedJson.Written read = SavedJson.read(Envelope.open(decided.get()));
      keepCopy(new Commons.Written(term(read), decided.get()), read.saved().snapshot());
      return Optional.of(read);
    }
    byte[] bytes = files.read(STATE);
    if (bytes == null) {
      if (Files.exists(files.path(PREVIOUS))) {
        throw new DamagedException("it is missing, but the one before it is there");
      }
      return Optional.empty();
    }
    SavedJson.Written read = SavedJson.read(Envelope.open(bytes));
    newest = newest == null || term(read) >= term(newest) || !lead.fences() ? read : newest;
    return Optional.of(newest);
  }

  /** The state in this directory, as long as nothing else is known to be decided. */
  private Commons.Written written() throws IOException {
    if (copy != null) {
      return copy;
    }
    try {
      byte[] bytes = files.read(STATE);
      return new Commons.Written(bytes == null ? 0 : writtenTerm(files), bytes);
    } catch (DamagedException unknown) {
      return new Commons.Written(0, null);
    }
  }

  /** The term of the state that is there, 0 = none, or it cannot be told. */
  static long writtenTerm(DurableFiles files) throws IOException {
    try {
      byte[] bytes = files.read(STATE);
      return bytes == null ? 0 : term(SavedJson.read(Envelope.open(bytes)));
    } catch (DamagedException unknown) {
      return 0;
    }
  }

  /** For its number alone: what it says may be more than what was in force. */
  private long epochOfTheOneBefore() {
    try {
      byte[] bytes = files.read(PREVIOUS);
      return bytes == null
          ? 0
          : 1 + SavedJson.read(Envelope.open(bytes)).saved().snapshot().epoch().number();
    } catch (IOException | DamagedException unreadable) {
      return 0;
    }
  }

  @Override
  public boolean leadLasts(long of) {
    return lead.lasts(of);
  }

  @Override
  public void onLeadChange(Runnable heard) {
    lead.onChange(heard);
    commons.onChange(heard);
  }

  @Override
  public CompletionStage<Void> close() {
    if (thread.isShutdown()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletionStage<Void> closed =
        run(
            () -> {
              leads = false;
              lead.release();
              return null;
            });
    thread.shutdown();
    return closed;
  }

  /** Runs work that touches the disk; its failure has a sentence that names the directory. */
  private <T> CompletionStage<T> run(Callable<T> work) {
    try {
      return CompletableFuture.supplyAsync(() -> call(work), thread);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(new IOException("the store is closed"));
    }
  }

  private <T> T call(Callable<T> work) {
    try {
      return work.call();
    } catch (Exception failure) {
      throw new CompletionException(new StoreException(dir, failure));
    }
  }
}
