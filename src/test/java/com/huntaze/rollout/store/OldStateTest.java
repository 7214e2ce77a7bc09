package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Fixtures;
import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.canary.Transition;
import com.huntaze.rollout.cost.LedgerSnapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The state directories of old versions are read to the last field. */
class OldStateTest {
  @TempDir private Path temporary;

  static Stream<Path> states() {
    return Fixtures.states();
  }

  private static JsonObject body(Path file) throws Exception {
    return new JsonObject(Envelope.open(Files.readAllBytes(file)));
  }

  @ParameterizedTest
  @MethodSource("states")
  void theStateIsReadAndWrittenAgainAsItWas(Path state) throws Exception {
    for (String name : List.of("state.json", "state.previous.json")) {
      Path file = state.resolve(name);
      if (Files.exists(file)) {
        JsonObject before = body(file);
        SavedJson.Written read = SavedJson.read(before.encode());
        JsonObject after = new JsonObject(SavedJson.write(read.saved(), read.term()));
        assertThat(after.fieldNames()).containsAll(before.fieldNames());
        for (String field : before.fieldNames()) {
          assertThat(after.getValue(field)).as(field).isEqualTo(before.getValue(field));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("states")
  void theStoreFindsStateAndMarkersWithoutDamage(Path state) throws Exception {
    Path dir = Fixtures.copy(state, temporary.resolve("state"));
    FileStore store = new FileStore(dir);
    try {
      Recovered found = store.open().toCompletableFuture().join();
      JsonObject snapshot = body(state.resolve("state.json")).getJsonObject("snapshot");
      assertThat(found.damage()).isEmpty();
      assertThat(found.leads()).isTrue();
      assertThat(found.saved()).isPresent();
      var position = found.saved().orElseThrow().snapshot().position();
      JsonObject expected = snapshot.getJsonObject("position");
      assertThat(position.percentage()).isEqualTo(expected.getInteger("percentage"));
      assertThat(position.phase().name()).isEqualTo(expected.getString("phase"));
      assertThat(position.stage()).isEqualTo(expected.getInteger("stage"));
      List<Path> markers = Fixtures.files(state, "rollback-*");
      assertThat(found.markers()).hasSameSizeAs(markers);
      for (Transition marker : found.markers()) {
        assertThat(marker.after().rolledBack()).isTrue();
        assertThat(marker.after().percentage()).isZero();
      }
    } finally {
      store.close().toCompletableFuture().join();
    }
  }

  @ParameterizedTest
  @MethodSource("states")
  void theBooksAreReadAndWrittenAgainWithTheirSumsInNewDimensions(Path state) throws Exception {
    byte[] bytes = Files.readAllBytes(state.resolve("costs-0.json"));
    LedgerSnapshot books = LedgerJson.read(Envelope.open(bytes));
    JsonObject before = new JsonObject(Envelope.open(bytes));
    JsonObject after = new JsonObject(LedgerJson.write(books));
    for (JsonObject period : periods(after)) {
      JsonObject by = period.getJsonObject("by");
      for (String dimension : List.of("deployment", "region")) {
        JsonObject rows = (JsonObject) by.remove(dimension);
        assertThat(rows.fieldNames()).as(dimension).containsExactly("none");
        assertThat(sum(rows)).as(dimension).isEqualTo(sum(by.getJsonObject("provider")));
      }
    }
    assertThat(after).isEqualTo(before);
    assertThat(books.hours()).isNotEmpty();
    assertThat(books.days()).isNotEmpty();
    JsonArray sums =
        before
            .getJsonObject("total")
            .getJsonObject("by")
            .getJsonObject("provider")
            .getJsonArray("legacy");
    assertThat(sums.getLong(3)).as("nano-dollars").isPositive();
  }

  private static List<JsonObject> periods(JsonObject books) {
    List<JsonObject> all = new ArrayList<>();
    all.add(books.getJsonObject("total"));
    for (String length : List.of("hours", "days")) {
      books.getJsonArray(length).forEach(period -> all.add((JsonObject) period));
    }
    return all;
  }

  /** The nano-dollars of all rows. */
  private static long sum(JsonObject rows) {
    return rows.fieldNames().stream().mapToLong(row -> rows.getJsonArray(row).getLong(3)).sum();
  }
}
