package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.lease.AgreedEntry;
import com.huntaze.rollout.lease.AgreedLog;
import com.huntaze.rollout.lease.Lease;
import com.huntaze.rollout.lease.LeaseContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lease in a log of voters: real leases and states, a clock that the test moves, and a log in
 * the place of the network. An entry is agreed upon at once, or not at all.
 */
class AgreedLeaseTest extends LeaseContractTest {
  private static final int STEP = 50;

  /** The voters take a dead one for dead, and have another to order the entries. */
  private static final long ELECTION_MILLIS = 900;

  /** The same for one that stands still, or whose disk does. */
  private static final long SILENCE_MILLIS = 4_500;

  @TempDir private Path dir;

  private long now = 1;
  private final Map<Lease, Voter> voters = new LinkedHashMap<>();
  private final List<byte[]> entries = new ArrayList<>();
  private Voter orders;
  private long unableSince;

  /** A voter's process: its own clock, its own troubles. */
  private final class Voter implements AgreedLog.Voters {
    private final long offset;
    private final AgreedLog log;
    private final BeatingLease lease;
    private Trouble trouble = Trouble.NONE;
    private boolean paused;
    private boolean killed;
    private long busyUntil;
    private int heard;

    Voter(String name, long offset) throws IOException {
      this.offset = offset;
      this.log = new AgreedLog(Files.createDirectories(dir.resolve(name)));
      this.log.connect(this);
      this.lease = LeasedStores.lease(name, log, () -> now + this.offset, 0);
    }

    boolean isAble() {
      boolean works =
          trouble != Trouble.AWAY && trouble != Trouble.FULL && trouble != Trouble.TOO_SLOW;
      return !paused && !killed && works;
    }

    void catchUp() {
      while (heard < entries.size() && !paused && !killed && trouble != Trouble.AWAY) {
        log.apply(entries.get(heard++));
      }
    }

    @Override
    public CompletionStage<byte[]> append(byte[] entry) {
      if (!isAble() || orders == null || !orders.isAble()) {
        return CompletableFuture.failedFuture(new IOException("there is no leader"));
      }
      if (trouble == Trouble.SLOW) {
        busyUntil = now + 300;
        pass(busyUntil - now);
      }
      catchUp();
      entries.add(entry);
      heard++;
      byte[] answer = log.apply(entry);
      voters.values().forEach(Voter::catchUp);
      boolean ends =
          AgreedEntry.decode(entry).orElseThrow() instanceof AgreedEntry.Show show
              && show.record().ended();
      if (ends) {
        // A process that ends in order leaves the others, and is missed at once.
        killed = true;
        orders = voters.values().stream().filter(Voter::isAble).findFirst().orElse(null);
      }
      return CompletableFuture.completedFuture(answer);
    }

    @Override
    public boolean orders() {
      return orders == this && isAble();
    }
  }

  @Override
  protected Lease another() throws IOException {
    Voter voter = new Voter("m" + voters.size(), 600_000L * voters.size());
    voters.put(voter.lease, voter);
    voter.catchUp();
    orders = orders == null ? voter : orders;
    return voter.lease;
  }

  /** One that cannot is followed by one that can, as soon as that is noticed. */
  private void elect() {
    if (orders != null && orders.isAble()) {
      unableSince = now;
      return;
    }
    long wait = orders != null && orders.killed ? ELECTION_MILLIS : SILENCE_MILLIS;
    if (now - unableSince >= wait) {
      orders = voters.values().stream().filter(Voter::isAble).findFirst().orElse(orders);
    }
  }

  @Override
  protected void pass(long millis) {
    long end = now + millis;
    while (now < end) {
      now = Math.min(end, now + STEP);
      elect();
      assertThat(leaders()).as("at %d", now).hasSizeLessThanOrEqualTo(1);
      for (Voter voter : List.copyOf(voters.values())) {
        if (!voter.paused && !voter.killed && voter.busyUntil <= now) {
          voter.catchUp();
          voter.lease.turn();
        }
      }
      assertThat(leaders()).as("at %d", now).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Override
  protected void pause(Lease member, boolean paused) {
    voters.get(member).paused = paused;
  }

  @Override
  protected void kill(Lease member) {
    voters.get(member).killed = true;
  }

  @Override
  protected void trouble(Lease member, Trouble trouble) {
    voters.get(member).trouble = trouble;
  }

  @Test
  void aVoterThatDoesNotOrderTheEntriesDoesNotTry() throws IOException {
    Lease first = another();
    Lease second = another();
    second.begin();
    pass(5_000);
    assertThat(second.standing().holds()).isFalse();
    first.begin();
    assertThat(first.standing().holds()).isTrue();
  }

  @Test
  void whoGivesUpATermLeadsAgainByAnother() throws IOException {
    Lease first = another();
    first.begin();
    long term = first.standing().term();
    first.giveUp(term);
    assertThat(first.standing().holds()).isFalse();
    assertThatThrownBy(() -> first.confirm(term)).isInstanceOf(IOException.class);
    pass(1_700);
    assertThat(first.standing().holds()).isFalse();
    pass(400);
    assertThat(first.standing().term()).isGreaterThan(term);
  }

  @Test
  void anotherProcessInTheSameDirectoryKeepsAVoterFromLeading() throws IOException {
    Lease first = another();
    LeaderLock other = new LeaderLock(voters.get(first).log.dir().resolve(FileStore.LOCK));
    assertThat(other.hold()).isTrue();
    first.begin();
    pass(5_000);
    assertThat(first.standing().holds()).isFalse();
    other.release();
    pass(200);
    assertThat(first.standing().holds()).isTrue();
  }
}
