package com.huntaze.rollout.store;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.Epoch;
import com.huntaze.rollout.canary.Phase;
import com.huntaze.rollout.canary.Position;
import com.huntaze.rollout.canary.RollbackRecord;
import com.huntaze.rollout.canary.Stage;
import com.huntaze.rollout.canary.Transition;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file for each epoch that was rolled back, named after it. That it is there is what counts: an
 * epoch with a marker is rolled back whatever the state file says, and whatever is in the marker.
 * Blocking: for the store's own thread.
 */
final class Markers {
  /** Markers of epochs that are this much older than the present one are deleted. */
  private static final long KEPT_EPOCHS = 20;

  private static final Pattern NAME = Pattern.compile("rollback-(\\d{1,18})-([A-Za-z0-9]{1,64})");

  private static final Comparator<Transition> NEWEST_FIRST =
      Comparator.<Transition, Epoch>comparing(rollback -> rollback.after().epoch()).reversed();

  private final DurableFiles files;
  private final Path dir;
  private final Set<String> known = new HashSet<>();

  /** Could not be read when they were first seen: another replica may be writing them. */
  private final Set<String> doubtful = new HashSet<>();

  private long newestEpoch;

  Markers(DurableFiles files, Path dir) {
    this.files = files;
    this.dir = dir;
  }

  static String name(Epoch epoch) {
    return "rollback-" + epoch;
  }

  /** Makes an epoch's rollback durable; a second time it only makes sure. */
  void write(Transition rollback) throws IOException {
    String name = name(rollback.after().epoch());
    byte[] bytes = Envelope.seal(SavedJson.writeMarker(rollback));
    // Also when it cannot be written: what a full disk leaves of it tells less than is known.
    known.add(name);
    try {
      files.create(name, bytes);
    } catch (FileAlreadyExistsException already) {
      // It may have been left half written, or not forced: the new one takes its place whole.
      files.replace(name, bytes);
    }
  }

  /**
   * Writes a marker that another replica has told of, if there is none of its name, or one that a
   * full disk has left half written.
   */
  void receive(String name, byte[] bytes) throws IOException {
    if (NAME.matcher(name).matches() && !isWhole(name)) {
      files.replace(name, bytes);
    }
  }

  private boolean isWhole(String name) throws IOException {
    try {
      byte[] bytes = files.read(name);
      return bytes != null && Envelope.open(bytes) != null;
    } catch (DamagedException half) {
      return false;
    }
  }

  /** Those that are here, as they are, by name; one that cannot be read is none of them. */
  Map<String, byte[]> all() throws IOException {
    Map<String, byte[]> all = new HashMap<>();
    for (String name : known) {
      try {
        byte[] bytes = files.read(name);
        if (bytes != null) {
          Envelope.open(bytes);
          all.put(name, bytes);
        }
      } catch (DamagedException unreadable) {
        // Nobody else has to know it as it is.
      }
    }
    return all;
  }

  /**
   * The rollbacks that markers tell of, the newest epoch's first. One that cannot be read while
   * others may be writing it is looked at once more before its name alone counts.
   *
   * @param all whether those that were read before are told again
   */
  List<Transition> read(boolean all) throws IOException {
    Map<String, Transition> found = new HashMap<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(dir, "rollback-*")) {
      for (Path path : paths) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches() && (all || !known.contains(name.group()))) {
          Epoch epoch = new Epoch(Long.parseLong(name.group(1)), name.group(2));
          newestEpoch = Math.max(newestEpoch, epoch.number());
          Optional<Transition> rollback = read(name.group(), epoch);
          if (rollback.isPresent() || all || !doubtful.add(name.group())) {
            found.put(name.group(), rollback.orElseGet(() -> unreadable(name.group(), epoch)));
          }
        }
      }
    } catch (NoSuchFileException gone) {
      // A directory that has gone tells of no rollback; that it has gone, the next write tells.
    }
    // Known is what is told: when the directory cannot be read to its end nothing is.
    known.addAll(found.keySet());
    List<Transition> rollbacks = new ArrayList<>(found.values());
    rollbacks.sort(NEWEST_FIRST);
    return rollbacks;
  }

  /** The largest epoch number that a marker was seen of. */
  long newestEpoch() {
    return newestEpoch;
  }

  private Optional<Transition> read(String name, Epoch epoch) {
    try {
      byte[] bytes = files.read(name);
      Transition rollback =
          SavedJson.readMarker(Envelope.open(bytes == null ? new byte[0] : bytes));
      if (rollback.after().epoch().equals(epoch) && rollback.after().rolledBack()) {
        return Optional.of(rollback);
      }
    } catch (IOException | DamagedException unreadable) {
      // Its name says enough.
    }
    return Optional.empty();
  }

  private static Transition unreadable(String name, Epoch epoch) {
    Position position = new Position(0, 0, Phase.INITIAL, Stage.NONE, 0, false, false, 0);
    String reason = "the marker %s is there, but cannot be read".formatted(name);
    RollbackRecord record = new RollbackRecord(0, epoch.creatorId(), 0, 0, Command.AUTO, reason);
    return new Transition(
        Transition.Action.ROLLBACK,
        new CanarySnapshot(epoch, null, position),
        new CanarySnapshot(epoch, record, position),
        Command.AUTO,
        reason,
        0,
        Map.of());
  }

  /** Deletes the markers of epochs long gone. */
  void prune(Epoch present) throws IOException {
    for (String name : List.copyOf(known)) {
      Matcher parts = NAME.matcher(name);
      if (parts.matches() && Long.parseLong(parts.group(1)) < present.number() - KEPT_EPOCHS) {
        Files.deleteIfExists(files.path(name));
        known.remove(name);
      }
    }
  }
}
