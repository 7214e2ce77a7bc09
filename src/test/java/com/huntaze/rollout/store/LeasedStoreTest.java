package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.canary.SavedStates;
import com.huntaze.rollout.lease.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state under leads that change hands: what a term writes after its end changes nothing. */
class LeasedStoreTest {
  @TempDir private Path dir;

  private final Scripted firstLease = new Scripted();
  private final Scripted secondLease = new Scripted();
  private FileStore first;
  private FileStore second;

  /** A lease that is held as the test says. */
  private static final class Scripted implements Lease {
    private volatile long term;
    private volatile Runnable whenConfirming = () -> {};

    @Override
    public void begin() {}

    @Override
    public Standing standing() {
      return new Standing(term > 0, term, "");
    }

    @Override
    public void confirm(long of) throws IOException {
      if (term != of) {
        throw new IOException("another replica leads");
      }
      Runnable now = whenConfirming;
      whenConfirming = () -> {};
      now.run();
    }

    @Override
    public void onChange(Runnable heard) {}

    @Override
    public void close() {
      term = 0;
    }
  }

  @AfterEach
  void close() {
    Stream.of(first, second).filter(each -> each != null).forEach(each -> await(each.close()));
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private int percentage() throws Exception {
    byte[] bytes = Files.readAllBytes(dir.resolve("state.json"));
    return SavedJson.read(Envelope.open(bytes)).saved().snapshot().percentage();
  }

  /** The first leads by term 5 and has written 50 %; the second follows. */
  private void begin() {
    firstLease.term = 5;
    first = FileStore.leased(dir, false, firstLease);
    second = FileStore.leased(dir, false, secondLease);
    assertThat(await(first.open()).term()).isEqualTo(5);
    await(first.write(SavedStates.saved(5, 50)));
    assertThat(await(second.open()).leads()).isFalse();
  }

  private Recovered handOver() {
    firstLease.term = 0;
    secondLease.term = 6;
    return await(second.look());
  }

  @Test
  void theTermIsTheLeasesAndIsWritten() throws Exception {
    begin();
    Recovered taken = handOver();
    assertThat(taken.leads()).isTrue();
    assertThat(taken.term()).isEqualTo(6);
    assertThat(taken.saved().orElseThrow().snapshot().percentage()).isEqualTo(50);
    await(second.write(SavedStates.saved(6, 10)));
    byte[] bytes = Files.readAllBytes(dir.resolve("state.json"));
    assertThat(SavedJson.read(Envelope.open(bytes)).term()).isEqualTo(6);
  }

  @Test
  void whoHasLostTheLeaseWritesNothing() throws Exception {
    begin();
    handOver();
    await(second.write(SavedStates.saved(6, 10)));
    assertThat(first.leadLasts(5)).isFalse();
    assertThatThrownBy(() -> await(first.write(SavedStates.saved(5, 90))))
        .hasMessageContaining("another replica leads");
    assertThat(percentage()).isEqualTo(10);
    assertThat(await(first.look()).leads()).isFalse();
  }

  @Test
  void aWriteThatWasPausedBeforeItsNameWasGivenNeverGetsIt() throws Exception {
    begin();
    // It has been asked for the last time whether it may, and sleeps; then the other one leads.
    firstLease.whenConfirming =
        () -> {
          handOver();
          await(second.write(SavedStates.saved(6, 10)));
        };
    assertThatThrownBy(() -> await(first.write(SavedStates.saved(5, 90))))
        .hasMessageContaining("another replica leads");
    assertThat(percentage()).isEqualTo(10);
  }

  @Test
  void aWriteThatWasMadeBeforeTheHandOverIsSeenByTheNext() throws Exception {
    begin();
    await(first.write(SavedStates.saved(5, 90)));
    assertThat(handOver().saved().orElseThrow().snapshot().percentage()).isEqualTo(90);
  }

  @Test
  void aStateOfALowerTermIsReadByNobodyWhoKnowsAHigherOne() throws Exception {
    begin();
    byte[] early = Files.readAllBytes(dir.resolve("state.json"));
    handOver();
    await(second.write(SavedStates.saved(6, 10)));
    await(first.look());
    Files.write(dir.resolve("state.json"), early);
    Recovered followed = await(first.look());
    assertThat(followed.saved().orElseThrow().snapshot().percentage()).isEqualTo(10);
    firstLease.term = 7;
    secondLease.term = 0;
    Recovered taken = await(first.look());
    assertThat(taken.term()).isEqualTo(7);
    assertThat(taken.saved().orElseThrow().snapshot().percentage()).isEqualTo(10);
  }

  @Test
  void aLeadThatWasLostAndTakenAgainIsAnotherOne() throws Exception {
    begin();
    firstLease.term = 8;
    assertThat(first.leadLasts(5)).isFalse();
    assertThatThrownBy(() -> await(first.write(SavedStates.saved(5, 90))))
        .as("what others have written in between is not known yet")
        .hasMessageContaining("another replica leads");
    Recovered again = await(first.look());
    assertThat(again.leads()).isTrue();
    assertThat(again.term()).isEqualTo(8);
    assertThat(again.saved()).isPresent();
    await(first.write(SavedStates.saved(8, 90)));
    assertThat(percentage()).isEqualTo(90);
  }
}
