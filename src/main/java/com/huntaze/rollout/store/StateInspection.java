package com.huntaze.rollout.store;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.cost.Dimension;
import com.huntaze.rollout.cost.LedgerTotals;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A state directory's files, as somebody sees them who only looks: nothing is locked or written.
 *
 * @param damages one sentence for each file that cannot be read
 * @param standing where the rollout stands; empty = no state is kept
 * @param unpriced the models of the books of whose charges some are unknown
 */
public record StateInspection(List<String> damages, String standing, Set<String> unpriced) {
  private static final String STATE = "state.json";

  /** Copies the collections, so that the record never changes. */
  public StateInspection {
    damages = List.copyOf(damages);
    unpriced = Set.copyOf(unpriced);
  }

  /**
   * Looks. Blocks.
   *
   * @throws IOException if the directory cannot be read
   */
  public static StateInspection of(Path dir) throws IOException {
    List<String> damages = new ArrayList<>();
    Set<String> unpriced = new TreeSet<>();
    String standing = Files.isDirectory(dir) ? standing(dir, damages) : "";
    Path lock = dir.resolve("state.lock");
    if (Files.exists(lock) && !Files.isRegularFile(lock)) {
      damages.add(lock + ": it is no regular file, so that nobody can lead");
    }
    if (Files.isDirectory(dir)) {
      try (DirectoryStream<Path> books = Files.newDirectoryStream(dir, "costs-*.json")) {
        for (Path book : books) {
          addUnpriced(dir, book, unpriced, damages);
        }
      }
    }
    return new StateInspection(damages, standing, unpriced);
  }

  private static String standing(Path dir, List<String> damages) throws IOException {
    DurableFiles files = new DurableFiles(dir);
    try {
      byte[] bytes = files.read(STATE);
      if (bytes != null) {
        CanarySnapshot snapshot = SavedJson.read(Envelope.open(bytes)).saved().snapshot();
        return "%s at %d %%".formatted(snapshot.phase().name(), snapshot.percentage());
      } else if (Files.exists(files.path("state.previous.json"))) {
        throw new DamagedException("it is missing, but the one before it is there");
      }
    } catch (DamagedException | FileSystemException damage) {
      damages.add(files.path(STATE) + ": " + damage.getMessage());
    }
    return "";
  }

  private static void addUnpriced(Path dir, Path book, Set<String> unpriced, List<String> damages)
      throws IOException {
    try {
      byte[] bytes = new DurableFiles(dir).read(book.getFileName().toString());
      if (bytes != null) {
        Map<String, LedgerTotals> models =
            LedgerJson.read(Envelope.open(bytes))
                .total()
                .by()
                .getOrDefault(Dimension.MODEL, Map.of());
        models.forEach(
            (model, totals) -> {
              if (totals.unknown() > 0) {
                unpriced.add(model);
              }
            });
      }
    } catch (DamagedException | FileSystemException damage) {
      damages.add(book + ": " + damage.getMessage());
    }
  }
}
