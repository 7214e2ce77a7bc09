package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Epoch;
import com.huntaze.rollout.canary.Phase;
import com.huntaze.rollout.canary.Position;
import com.huntaze.rollout.canary.RollbackRecord;
import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.canary.Saved;
import com.huntaze.rollout.canary.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contents of the state directory, and the use that is made of a damaged one. */
class FileStoreTest {
  private static final Epoch EPOCH = new Epoch(3, "a");

  @TempDir private Path temporary;

  private final List<FileStore> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(store -> await(store.close()));
  }

  private Path dir() {
    return temporary.resolve("state");
  }

  private FileStore store() {
    FileStore store = new FileStore(dir());
    opened.add(store);
    return store;
  }

  @Test
  void aFileInTheDirectorysPlaceIsToldInOneSentence() throws IOException {
    Files.createFile(dir());
    String sentence =
        "state.dir %s: it is no directory (expected: a directory, or nothing in its place)"
            .formatted(dir());
    assertThat(catchThrowable(() -> await(store().open()))).hasRootCauseMessage(dir().toString());
    assertThat(catchThrowable(() -> await(store().open())).getCause()).hasMessage(sentence);
    assertThatThrownBy(() -> FileStore.init(dir())).hasMessage(sentence);
  }

  private Recovered reopened() {
    close();
    opened.clear();
    return await(store().open());
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static CanarySnapshot at(int percentage) {
    return new CanarySnapshot(
        EPOCH, null, new Position(1, 7, new Phase("canary_50"), 1, percentage, false, true, 99));
  }

  private static Transition rollback() {
    CanarySnapshot before = at(50);
    RollbackRecord record = new RollbackRecord(8, "b", 5, 50, "auto", "error rate 6 % > 5 %");
    return new Transition(
        Transition.Action.ROLLBACK,
        before,
        new CanarySnapshot(EPOCH, record, before.position()),
        "auto",
        "error rate 6 % > 5 %",
        5,
        Map.of("findings", List.of(Map.of("metric", "error_rate", "observed", 0.06))));
  }

  private static Saved saved(int percentage) {
    return new Saved(
        at(percentage),
        123_456,
        OptionalInt.of(10),
        Map.of("wealth", List.of(0.25, Double.NEGATIVE_INFINITY), "tick", 12),
        List.of(rollback()));
  }

  private Path state() {
    return dir().resolve("state.json");
  }

  @Test
  void findsNothingInAFreshDirectoryAndMakesItForItsOwnerAlone() throws IOException {
    Recovered found = await(store().open());
    assertThat(found.saved()).isEmpty();
    assertThat(found.damage()).isEmpty();
    assertThat(found.markers()).isEmpty();
    assertThat(found.leads()).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir())))
        .isEqualTo("rwx------");
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    FileStore store = store();
    await(store.open());
    await(store.write(saved(50)));
    try (Stream<Path> files = Files.list(dir())) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as("%s", file)
            .isEqualTo("rw-------");
      }
    }
    Recovered found = reopened();
    Saved read = found.saved().orElseThrow();
    assertThat(read.snapshot()).isEqualTo(at(50));
    assertThat(read.healthyMillis()).isEqualTo(123_456);
    assertThat(read.configured()).hasValue(10);
    assertThat(read.history()).containsExactly(rollback());
    assertThat(read.judge().get("wealth")).hasToString("[0.25, -Infinity]");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state())))
        .isEqualTo("rw-------");
  }

  @Test
  void eachLeadHasALargerTerm() {
    FileStore store = store();
    assertThat(await(store.open()).term()).isEqualTo(1);
    await(store.write(saved(50)));
    Recovered second = reopened();
    assertThat(second.term()).isEqualTo(2);
    await(opened.get(0).write(saved(50)));
    assertThat(reopened().term()).isEqualTo(3);
  }

  @Test
  void everyTruncationIsDamageAndMeansNothingToFoundry() throws IOException {
    FileStore store = store();
    await(store.open());
    await(store.write(saved(50)));
    byte[] whole = Files.readAllBytes(state());
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Envelope.open(part)).isInstanceOf(DamagedException.class);
    }
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Files.write(state(), Arrays.copyOf(whole, length));
      Recovered found = reopened();
      assertThat(found.damage()).isPresent();
      assertThat(found.saved()).isEmpty();
      assertThat(found.leads()).isTrue();
    }
  }

  @Test
  void everyFlippedBitIsDamage() throws IOException {
    FileStore store = store();
    await(store.open());
    await(store.write(saved(50)));
    byte[] whole = Files.readAllBytes(state());
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Throwable damage = catchThrowable(() -> Envelope.open(flipped));
      assertThat(damage).as("bit %d", bit).isInstanceOf(DamagedException.class);
    }
  }

  @Test
  void theOneBeforeIsNeverUsedButForItsNumber() throws IOException {
    FileStore store = store();
    await(store.open());
    await(store.write(saved(50)));
    await(store.write(saved(10)));
    Files.write(state(), new byte[] {1, 2, 3});
    Recovered found = reopened();
    assertThat(found.damage().orElseThrow()).endsWith("state.json: no state file of this program");
    assertThat(found.newestEpoch()).isGreaterThanOrEqualTo(EPOCH.number());
    // What was damaged is kept for people to look at.
    await(opened.get(0).write(saved(0)));
    assertThat(Files.readAllBytes(dir().resolve("state.damaged.json")))
        .isEqualTo(new byte[] {1, 2, 3});
    assertThat(reopened().saved().orElseThrow().snapshot()).isEqualTo(at(0));
  }

  @Test
  void aMissingStateBesideTheOneBeforeIsDamage() throws IOException {
    FileStore store = store();
    await(store.open());
    await(store.write(saved(50)));
    await(store.write(saved(10)));
    Files.delete(state());
    assertThat(reopened().damage().orElseThrow())
        .endsWith("it is missing, but the one before it is there");
  }

  @Test
  void refusesAFormatThatIsNewer() throws IOException {
    FileStore store = store();
    await(store.open());
    await(store.write(saved(50)));
    String newer =
        Files.readString(state()).replaceFirst("rollout-proxy-state 1 ", "rollout-proxy-state 2 ");
    Files.writeString(state(), newer);
    assertThat(reopened().damage().orElseThrow()).contains("format rollout-proxy-state 2");
  }

  @Test
  void aTakeOverThatCouldNotReadTheStateIsNoneAndIsTriedAgain() throws IOException {
    FileStore first = store();
    await(first.open());
    await(first.write(saved(50)));
    FileStore second = store();
    assertThat(await(second.open()).leads()).isFalse();
    await(first.close());
    Path aside = temporary.resolve("aside");
    Files.move(state(), aside);
    Files.createDirectory(state());
    assertThatThrownBy(() -> await(second.look())).hasMessageContaining(dir().toString());
    assertThatThrownBy(() -> await(second.write(saved(10)))).hasMessageContaining("leads");
    Files.delete(state());
    Files.move(aside, state());
    Recovered found = await(second.look());
    assertThat(found.leads()).isTrue();
    assertThat(found.saved()).map(Saved::snapshot).contains(at(50));
    assertThat(found.term()).isGreaterThan(1);
    await(second.write(saved(10)));
  }

  @Test
  void aLeadThatWasLostAndTakenAgainHasAnotherTerm() throws IOException {
    FileStore first = store();
    long term = await(first.open()).term();
    await(first.write(saved(50)));
    Files.move(dir(), temporary.resolve("gone"));
    Files.createDirectory(dir());
    // Another lock file: nothing is known of who led in between.
    Recovered again = await(first.look());
    assertThat(again.leads()).isTrue();
    assertThat(again.term()).isGreaterThan(term);
  }

  @Test
  void aMarkerThatCannotBeReadHidesNoOtherAndCountsByItsName() throws IOException {
    FileStore store = store();
    await(store.open());
    Files.createDirectory(dir().resolve("rollback-9-z"));
    FileStore other = store();
    await(other.open());
    await(other.mark(rollback()));
    List<Transition> first = await(store.look()).markers();
    assertThat(first).containsExactly(rollback());
    List<Transition> second = await(store.look()).markers();
    assertThat(second).hasSize(1);
    assertThat(second.get(0).after().epoch()).isEqualTo(new Epoch(9, "z"));
    assertThat(second.get(0).after().rolledBack()).isTrue();
    assertThat(await(store.look()).markers()).isEmpty();
  }

  @Test
  void aMarkerIsHonouredWhateverIsInIt() throws IOException {
    FileStore store = store();
    await(store.open());
    await(store.mark(rollback()));
    assertThat(reopened().markers()).containsExactly(rollback());
    for (byte[] content : new byte[][] {{}, {1, 2, 3}}) {
      Files.write(dir().resolve("rollback-3-a"), content);
      Transition marker = reopened().markers().get(0);
      assertThat(marker.after().rolledBack()).isTrue();
      assertThat(marker.after().epoch()).isEqualTo(EPOCH);
      assertThat(marker.reason()).contains("rollback-3-a is there, but cannot be read");
    }
  }

  @Test
  void aMarkerThatIsStillBeingWrittenIsLookedAtOnceMoreBeforeItsNameAloneCounts()
      throws IOException {
    FileStore store = store();
    await(store.open());
    Path marker = Files.write(dir().resolve("rollback-3-a"), new byte[0]);
    assertThat(await(store.look()).markers()).as("perhaps half written").isEmpty();
    Files.write(marker, Envelope.seal(SavedJson.writeMarker(rollback())));
    assertThat(await(store.look()).markers()).containsExactly(rollback());
    Files.write(dir().resolve("rollback-4-b"), new byte[0]);
    assertThat(await(store.look()).markers()).isEmpty();
    assertThat(await(store.look()).markers()).hasSize(1);
    assertThat(await(store.look()).markers()).as("told once").isEmpty();
  }

  @Test
  void aSecondMarkOfTheSameEpochMendsAHalfWrittenOne() throws IOException {
    FileStore store = store();
    await(store.open());
    Files.write(dir().resolve("rollback-3-a"), new byte[0]);
    await(store.mark(rollback()));
    assertThat(reopened().markers()).containsExactly(rollback());
  }

  @Test
  void oneOfTwoLeadsAndTheOtherFollowsAndTakesOver() {
    FileStore leader = store();
    await(leader.open());
    await(leader.write(saved(50)));
    FileStore follower = store();
    Recovered found = await(follower.open());
    assertThat(found.leads()).isFalse();
    assertThat(found.saved().orElseThrow().snapshot()).isEqualTo(at(50));
    assertThatThrownBy(() -> await(follower.write(saved(60))))
        .hasMessageContaining("another replica leads");
    await(follower.mark(rollback()));
    assertThat(await(leader.look()).markers()).containsExactly(rollback());
    assertThat(await(leader.look()).markers()).as("told once").isEmpty();
    await(leader.close());
    Recovered taken = await(follower.look());
    assertThat(taken.leads()).isTrue();
    assertThat(taken.term()).isEqualTo(2);
    await(follower.write(saved(60)));
  }

  @Test
  void tellsOfADirectoryThatIsGoneAndGoesOnWhenItIsBack() throws IOException {
    FileStore store = store();
    await(store.open());
    await(store.write(saved(50)));
    try (var files = Files.list(dir())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(dir());
    assertThatThrownBy(() -> await(store.write(saved(60)))).hasMessageContaining("is gone");
    assertThatThrownBy(() -> await(store.mark(rollback()))).hasMessageContaining("is gone");
    assertThat(await(store.look()).leads()).isTrue();
    Files.createDirectory(dir());
    await(store.look());
    await(store.write(saved(60)));
    assertThat(reopened().saved().orElseThrow().snapshot()).isEqualTo(at(60));
  }

  @Test
  void strayFilesOfAnInterruptedWriteAreDeleted() throws IOException {
    FileStore store = store();
    await(store.open());
    await(store.write(saved(50)));
    Path stray = Files.writeString(dir().resolve("state.json.tmp.1.2"), "half");
    assertThat(reopened().saved()).isPresent();
    assertThat(stray).doesNotExist();
  }

  @Test
  void aFileInThePlaceOfTheDirectoryIsRefusedWithASentence() throws IOException {
    Files.writeString(temporary.resolve("state"), "no directory");
    assertThatThrownBy(() -> await(store().open())).hasMessageContaining("state.dir " + dir());
  }
}
