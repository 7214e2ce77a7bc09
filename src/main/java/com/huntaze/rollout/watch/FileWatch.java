package com.huntaze.rollout.watch;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Notices when files change: written in place, renamed over, or behind a symbolic link that is
 * swapped, as Kubernetes does with ConfigMaps and secrets. One object a process, whoever wants to
 * know: the configuration, its prices and secrets, the certificates of every port and provider, and
 * files with tokens. vertx-config polls them all, once a second; their directories are watched as
 * well, so that most changes are noticed at once.
 *
 * <p>Each listener is told when its files have changed and then been still for a moment, see {@link
 * Settling}. From any thread; all that it keeps is its own context's.
 *
 * <p>Decision 177 in {@code docs/decisions.md}.
 */
public final class FileWatch {
  private static final long POLL_MILLIS = 1_000;
  private static final long STIR_MILLIS = 50;
  private static final long AGAIN_MILLIS = TimeUnit.NANOSECONDS.toMillis(Settling.STILL_NANOS);

  private final Vertx vertx;
  private final Context context;
  private final Set<Watched> all = new LinkedHashSet<>();

  /** The files of all, as {@link #stamps} looks at them. */
  private SortedSet<Path> files = new TreeSet<>();

  /** {@code null} = there is no file to be looked at. */
  private ConfigRetriever stamps;

  private DirectoryWatch directories;
  private boolean stirred;
  private boolean closed;

  public FileWatch(Vertx vertx) {
    this.vertx = vertx;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
  }

  /**
   * Begins to watch, no file yet.
   *
   * @param changed told on the caller's context what the files look like, when that has changed
   */
  public Watched watch(Consumer<String> changed) {
    return new Watched(vertx.getOrCreateContext(), changed);
  }

  /** Watches nothing any more. */
  public void close() {
    context.runOnContext(
        last -> {
          closed = true;
          all.clear();
          lookAt(new TreeSet<>());
        });
  }

  /** Some files that somebody wants to hear of. */
  public final class Watched {
    private final Context listening;
    private final Consumer<String> changed;
    private Set<Path> own = Set.of();

    /** {@code null} = the files have not been looked at yet. */
    private Settling settling;

    private Promise<Void> first = Promise.promise();
    private volatile boolean ended;

    private Watched(Context listening, Consumer<String> changed) {
      this.listening = listening;
      this.changed = changed;
    }

    /**
     * Watches these files from now on, and none of those before.
     *
     * @param newer of which some may not be there, and some may be directories: of one the files
     *     are meant that end in {@code .json}
     * @return done, on any thread, when changes from here on are noticed; whoever has read the
     *     files earlier may have missed one
     */
    public Future<Void> files(Collection<Path> newer) {
      SortedSet<Path> absolute = new TreeSet<>();
      newer.forEach(path -> absolute.add(path.toAbsolutePath().normalize()));
      Promise<Void> known = Promise.promise();
      context.runOnContext(turn -> follow(absolute, known));
      return known.future();
    }

    private void follow(Set<Path> newer, Promise<Void> known) {
      if (ended || closed) {
        known.complete();
        return;
      }
      if (!newer.equals(own)) {
        own = newer;
        settling = null;
        first = first.future().isComplete() ? Promise.promise() : first;
        all.add(this);
        lookAt(allFiles());
        look();
      }
      if (newer.isEmpty()) {
        known.complete();
      } else {
        first.future().onComplete(known);
      }
    }

    private void see(JsonObject stamps, long nanos) {
      if (!own.stream().allMatch(path -> stamps.containsKey(path.toString()))) {
        return; // They were looked at before this one came.
      }
      JsonObject mine = new JsonObject();
      own.forEach(path -> mine.put(path.toString(), stamps.getString(path.toString())));
      String now = mine.encode();
      if (settling == null) {
        settling = new Settling(now);
        first.tryComplete();
      } else if (settling.look(now, nanos)) {
        listening.runOnContext(turn -> tell(now));
      }
    }

    private void tell(String now) {
      if (!ended) {
        changed.accept(now);
      }
    }

    private boolean isMoving() {
      return settling != null && settling.isMoving();
    }

    /** Is told of nothing any more. On the listener's context: from now on. */
    public void end() {
      ended = true;
      context.runOnContext(
          last -> {
            all.remove(this);
            lookAt(allFiles());
          });
    }
  }

  private SortedSet<Path> allFiles() {
    SortedSet<Path> wanted = new TreeSet<>();
    all.forEach(each -> wanted.addAll(each.own));
    return wanted;
  }

  private void lookAt(SortedSet<Path> wanted) {
    if (wanted.equals(files)) {
      return;
    }
    files = wanted;
    if (stamps != null) {
      stamps.close();
      directories.end();
      stamps = null;
    }
    if (!wanted.isEmpty()) {
      stamps = ConfigRetriever.create(vertx, options(wanted));
      stamps.configStream().handler(this::take);
      directories = DirectoryWatch.of(vertx, wanted, this::stir);
    }
  }

  private static ConfigRetrieverOptions options(Set<Path> paths) {
    JsonArray names = new JsonArray();
    paths.forEach(path -> names.add(path.toString()));
    return new ConfigRetrieverOptions()
        .setScanPeriod(POLL_MILLIS)
        .setIncludeDefaultStores(false)
        .addStore(
            new ConfigStoreOptions()
                .setType(FileStamps.TYPE)
                .setConfig(new JsonObject().put(FileStamps.FILES, names)));
  }

  /** Something happens in a directory, in which much may happen: it is looked at now and then. */
  private void stir() {
    lookIn(STIR_MILLIS);
  }

  private void lookIn(long millis) {
    if (!stirred) {
      stirred = true;
      vertx.setTimer(
          millis,
          later -> {
            stirred = false;
            look();
          });
    }
  }

  private void look() {
    if (stamps != null) {
      stamps.getConfig().onSuccess(this::take);
    }
  }

  private void take(JsonObject now) {
    long nanos = System.nanoTime();
    all.forEach(each -> each.see(now, nanos));
    if (all.stream().anyMatch(Watched::isMoving)) {
      lookIn(AGAIN_MILLIS);
    }
  }
}
