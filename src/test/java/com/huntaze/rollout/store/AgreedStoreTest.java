package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.Command;
import com.huntaze.rollout.canary.RollbackRecord;
import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.canary.SavedStates;
import com.huntaze.rollout.canary.Transition;
import com.huntaze.rollout.lease.AgreedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state that voters agree upon, and its copies: a directory for each of two replicas. */
class AgreedStoreTest {
  @TempDir private Path folder;

  private final List<byte[]> entries = new ArrayList<>();
  private final List<Replica> replicas = new ArrayList<>();
  private boolean majority = true;
  private boolean silent;

  /** One that hears each entry at once; the first is the one that orders them. */
  private final class Replica implements AgreedLog.Voters {
    private final AgreedLog log;
    private FileStore store;

    Replica(String name) throws IOException {
      log = new AgreedLog(Files.createDirectories(folder.resolve(name)));
      entries.forEach(log::apply);
      log.connect(this);
      replicas.add(this);
      store = LeasedStores.agreed(false, log, LeasedStores.lease(name, log, () -> now, 0));
    }

    @Override
    public CompletionStage<byte[]> append(byte[] entry) {
      if (!majority) {
        return CompletableFuture.failedFuture(new IOException("there is no leader"));
      }
      if (silent) {
        // Whoever orders the entries has died with the question.
        return new CompletableFuture<>();
      }
      entries.add(entry);
      byte[] own = null;
      for (Replica each : replicas) {
        byte[] answer = each.log.apply(entry);
        own = each == this ? answer : own;
      }
      return CompletableFuture.completedFuture(own);
    }

    @Override
    public boolean orders() {
      return majority && replicas.get(0) == this;
    }

    Recovered look() {
      return await(store.look());
    }

    Path file(String name) {
      return log.dir().resolve(name);
    }
  }

  private volatile long now = 1;

  @AfterEach
  void close() {
    replicas.forEach(each -> await(each.store.close()));
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Transition rollback() {
    CanarySnapshot before = SavedStates.saved(1, 50).snapshot();
    RollbackRecord record = new RollbackRecord(1, "a", 50, 0, Command.AUTO, "a test");
    CanarySnapshot after = new CanarySnapshot(before.epoch(), record, before.position());
    return new Transition(
        Transition.Action.ROLLBACK, before, after, Command.AUTO, "a test", 0, Map.of());
  }

  private static int share(Recovered found) {
    return found.saved().orElseThrow().snapshot().percentage();
  }

  @Test
  void whatTheLeaderWritesIsReadAndKeptByTheOthers() throws IOException {
    Replica first = new Replica("first");
    Replica second = new Replica("second");
    Recovered led = await(first.store.open());
    assertThat(led.leads()).isTrue();
    assertThat(await(second.store.open()).leads()).isFalse();
    await(first.store.write(SavedStates.saved(led.term(), 50)));
    assertThat(share(second.look())).isEqualTo(50);
    assertThat(Files.readAllBytes(second.file("state.json")))
        .isEqualTo(Files.readAllBytes(first.file("state.json")));
    assertThat(Files.exists(second.file("lease.json"))).isFalse();
  }

  @Test
  void withoutAMajorityNothingIsWrittenAndTheLeadIsGivenUp() throws IOException {
    Replica first = new Replica("first");
    long term = await(first.store.open()).term();
    await(first.store.write(SavedStates.saved(term, 10)));
    majority = false;
    assertThatThrownBy(() -> await(first.store.write(SavedStates.saved(term, 50))))
        .hasMessageContaining("no majority of the voters");
    assertThat(first.store.leadLasts(term)).isFalse();
    assertThat(share(first.look())).isEqualTo(10);
    assertThat(Files.readString(first.file("state.json"))).contains("\"percentage\" : 10");
  }

  @Test
  void aRollbackIsKeptWithoutAMajorityAndToldOnceThereIsOne() throws IOException {
    Replica first = new Replica("first");
    Replica second = new Replica("second");
    await(first.store.open());
    await(second.store.open());
    majority = false;
    await(second.store.mark(rollback()));
    assertThat(Files.exists(second.file("rollback-3-a"))).isTrue();
    second.look();
    assertThat(first.look().markers()).isEmpty();
    majority = true;
    second.look();
    assertThat(first.look().markers()).hasSize(1);
    assertThat(Files.readAllBytes(first.file("rollback-3-a")))
        .isEqualTo(Files.readAllBytes(second.file("rollback-3-a")));
  }

  @Test
  void aRollbackWhoseQuestionNobodyAnswersIsToldAgain() throws IOException {
    Replica first = new Replica("first");
    Replica second = new Replica("second");
    await(first.store.open());
    await(second.store.open());
    silent = true;
    await(second.store.mark(rollback()));
    second.look();
    silent = false;
    Waits.until(() -> first.look().markers(), found -> found.size() == 1, second::look);
  }

  @Test
  void aRollbackThatWasHeardIsKept() throws IOException {
    Replica first = new Replica("first");
    await(first.store.open());
    majority = false;
    await(first.store.heard(rollback()));
    assertThat(Files.exists(first.file("rollback-3-a"))).isTrue();
  }

  /** A full disk takes the name of a file, and not a byte of it. */
  @Test
  void aMarkerThatWasLeftHalfWrittenIsMadeWholeByTheOthers() throws IOException {
    Replica first = new Replica("first");
    await(first.store.open());
    await(first.store.mark(rollback()));
    first.look();
    for (String half : List.of("", "{")) {
      Replica other = new Replica("other" + half.length());
      Files.writeString(other.file("rollback-3-a"), half);
      assertThat(await(other.store.open()).markers()).containsExactly(rollback());
      assertThat(Files.readAllBytes(other.file("rollback-3-a")))
          .isEqualTo(Files.readAllBytes(first.file("rollback-3-a")));
    }
  }

  /** As on a full disk: something is in the way of the marker, and what is decided is followed. */
  @Test
  void aDiskThatCannotKeepAMarkerFollowsAllTheSame() throws IOException {
    Replica first = new Replica("first");
    Replica second = new Replica("second");
    long term = await(first.store.open()).term();
    await(second.store.open());
    Path inTheWay = Files.createDirectories(second.file("rollback-3-a"));
    Files.writeString(inTheWay.resolve("x"), "x");
    await(first.store.mark(rollback()));
    first.look();
    await(first.store.write(SavedStates.saved(term, 50)));
    assertThat(share(second.look())).isEqualTo(50);
    Files.delete(inTheWay.resolve("x"));
    Files.delete(inTheWay);
    Waits.until(() -> Files.isRegularFile(inTheWay), kept -> kept, second::look);
  }

  @Test
  void aReplicaThatHasLostItsDirectoryGetsAllAndBeginsNothing() throws IOException {
    Replica first = new Replica("first");
    long term = await(first.store.open()).term();
    await(first.store.write(SavedStates.saved(term, 50)));
    await(first.store.mark(rollback()));
    first.look();
    Replica again = new Replica("again");
    Recovered found = await(again.store.open());
    assertThat(share(found)).isEqualTo(50);
    assertThat(found.markers()).hasSize(1);
    assertThat(again.store.mayBeginByItself()).isFalse();
  }

  @Test
  void votersWithoutALogGoOnWithTheStateThatOneOfThemHasKept() throws IOException {
    Path kept = Files.createDirectories(folder.resolve("second"));
    Files.write(
        kept.resolve("state.json"), Envelope.seal(SavedJson.write(SavedStates.saved(41, 50), 41)));
    Replica first = new Replica("first");
    long term = await(first.store.open()).term();
    assertThat(term).isLessThan(41);
    Replica second = new Replica("second");
    await(second.store.open());
    assertThatThrownBy(() -> await(first.store.write(SavedStates.saved(term, 10))))
        .hasMessageContaining("another replica leads");
    assertThat(share(first.look())).isEqualTo(50);
  }

  @Test
  void aStateThatThisReplicaHasKeptIsLedByALaterTerm() throws IOException {
    Path kept = Files.createDirectories(folder.resolve("first"));
    Files.write(
        kept.resolve("state.json"), Envelope.seal(SavedJson.write(SavedStates.saved(41, 50), 41)));
    Replica first = new Replica("first");
    Recovered found = await(first.store.open());
    assertThat(found.leads()).isTrue();
    assertThat(found.term()).isEqualTo(42);
    assertThat(share(found)).isEqualTo(50);
  }

  @Test
  void aDiskThatCannotKeepTheCopyDoesNotUndoWhatIsDecided() throws IOException {
    Replica first = new Replica("first");
    long term = await(first.store.open()).term();
    Files.createDirectories(first.file("state.json").resolve("in-its-place"));
    await(first.store.write(SavedStates.saved(term, 50)));
    assertThat(first.log.agreed().state()).contains("\"percentage\" : 50");
  }
}
