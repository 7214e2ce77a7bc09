package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.lease.Lease;
import com.huntaze.rollout.lease.LeaseContractTest;
import com.huntaze.rollout.lease.LeaseRecord;
import com.huntaze.rollout.lease.LeaseTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lease in a directory: real files, and a clock that the test moves. */
class DirectoryLeaseTest extends LeaseContractTest {
  private static final int STEP = 50;

  @TempDir private Path dir;

  private long now = 1;
  private final Map<Lease, Member> members = new LinkedHashMap<>();

  /** The keepers of the terms' parts of the lock; the whole of it is {@link #WHOLE}. */
  private final Map<Long, Member> locks = new HashMap<>();

  private static final long WHOLE = -1;

  /** A process: its own clock, its own troubles, and its parts of the lock. */
  private final class Member implements LeasePlace, LeaseLock {
    private final String name;
    private final long offset;
    private final LeaseFiles files;
    private final BeatingLease lease;
    private Trouble trouble = Trouble.NONE;
    private boolean paused;

    /** The end of the write that is under way; until then its thread does nothing else. */
    private long busyUntil;

    private Runnable beforeClaim = () -> {};
    private long written;

    Member(String name, long offset) {
      this.name = name;
      this.offset = offset;
      this.files = new LeaseFiles(dir, name);
      this.lease =
          new BeatingLease(
              LeaseTimes.USUAL, name, this, this, () -> written, () -> now + this.offset, 0);
    }

    private void reads() throws IOException {
      if (trouble == Trouble.AWAY) {
        throw new IOException("the directory is away");
      }
    }

    private void writes() throws IOException {
      reads();
      if (trouble == Trouble.FULL) {
        throw new IOException("No space left on device");
      }
      if (trouble == Trouble.SLOW || trouble == Trouble.TOO_SLOW) {
        busyUntil = now + (trouble == Trouble.SLOW ? 900 : 3_000);
        pass(busyUntil - now);
      }
    }

    @Override
    public LeaseRecord read() throws IOException {
      reads();
      return files.read();
    }

    @Override
    public boolean claim(LeaseRecord first) throws IOException {
      beforeClaim.run();
      writes();
      return files.claim(first);
    }

    @Override
    public void show(LeaseRecord record, boolean durable) throws IOException {
      writes();
      files.show(record, durable);
    }

    @Override
    public boolean mayTry() {
      return files.mayTry();
    }

    @Override
    public LeaseRecord confirmed(long term) throws IOException {
      return read();
    }

    @Override
    public long highestClaim() throws IOException {
      reads();
      return files.highestClaim();
    }

    @Override
    public void tidy(LeaseRecord present) {
      files.tidy(present);
    }

    @Override
    public boolean take(long term) {
      Member whole = locks.get(WHOLE);
      if (whole != null || locks.getOrDefault(term, this) != this) {
        return false;
      }
      locks.put(term, this);
      return true;
    }

    @Override
    public boolean kept() {
      return locks.containsValue(this);
    }

    @Override
    public boolean isGone(long term) {
      return term > 0 && !locks.containsKey(term) && !locks.containsKey(WHOLE);
    }

    @Override
    public void release() {
      locks.values().removeIf(each -> each == this);
    }

    @Override
    public void close() {
      release();
    }
  }

  @Override
  protected Lease another() {
    return member().lease;
  }

  private Member member() {
    Member member = new Member("m" + members.size(), 600_000L * members.size());
    members.put(member.lease, member);
    return member;
  }

  @Override
  protected void pass(long millis) {
    long end = now + millis;
    while (now < end) {
      now = Math.min(end, now + STEP);
      assertThat(leaders()).as("at %d", now).hasSizeLessThanOrEqualTo(1);
      if (now / STEP % (BeatingLease.LOOK_MILLIS / STEP) == 0) {
        for (Member member : List.copyOf(members.values())) {
          if (!member.paused && member.busyUntil <= now) {
            member.lease.turn();
          }
        }
      }
      assertThat(leaders()).as("at %d", now).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Override
  protected void pause(Lease member, boolean paused) {
    members.get(member).paused = paused;
  }

  @Override
  protected void kill(Lease member) {
    members.get(member).paused = true;
    members.get(member).release();
  }

  @Override
  protected void trouble(Lease member, Trouble trouble) {
    members.get(member).trouble = trouble;
  }

  @Test
  void whoLeadsByTheOldLockLeadsAsLongAsItHoldsThat() throws IOException {
    Member old = member();
    members.remove(old.lease);
    locks.put(WHOLE, old);
    Member fresh = member();
    fresh.lease.begin();
    pass(20_000);
    assertThat(leases()).isEmpty();
    // What it has written last has a term, too.
    fresh.written = 41;
    locks.remove(WHOLE);
    pass(500);
    assertThat(fresh.lease.standing().holds()).isTrue();
    assertThat(fresh.lease.standing().term()).isEqualTo(42);
  }

  private List<Lease> leases() {
    return members.keySet().stream().filter(each -> each.standing().holds()).toList();
  }

  @Test
  void whoWasPausedBeforeItsClaimFindsWhoeverLeadsByThen() throws IOException {
    Member first = member();
    Member second = member();
    Member third = member();
    first.lease.begin();
    second.lease.begin();
    third.lease.begin();
    pass(1_000);
    first.paused = true;
    List<Long> terms = new ArrayList<>();
    second.beforeClaim =
        () -> {
          second.beforeClaim = () -> {};
          second.release();
          second.paused = true;
          pass(20_000);
          terms.add(third.lease.standing().term());
          second.paused = false;
        };
    pass(60_000);
    assertThat(terms).hasSize(1).doesNotContain(0L);
    assertThat(leases()).containsExactly(third.lease);
    assertThat(third.lease.standing().term()).isEqualTo(terms.get(0));
  }

  @Test
  void aClaimThatWasNeverShownIsWaitedFor() throws IOException {
    Files.createFile(dir.resolve("lease-7"));
    Member first = member();
    first.lease.begin();
    pass(900);
    assertThat(first.lease.standing().holds()).isFalse();
    pass(1_000);
    assertThat(first.lease.standing().term()).isEqualTo(8);
  }

  @Test
  void aRecordThatCannotBeReadIsWaitedForAndReplaced() throws IOException {
    Files.writeString(dir.resolve(LeaseFiles.RECORD), "torn");
    Member first = member();
    first.lease.begin();
    pass(3_900);
    assertThat(first.lease.standing().holds()).isFalse();
    pass(600);
    assertThat(first.lease.standing().holds()).isTrue();
    assertThat(first.files.read().holder()).isEqualTo("m0");
  }

  @Test
  void aLowerTermThatIsWrittenOverTheRecordStopsNobodyAndIsReplaced() throws IOException {
    Member first = member();
    Member second = member();
    first.lease.begin();
    second.lease.begin();
    pass(1_000);
    first.paused = true;
    pass(6_000);
    long term = second.lease.standing().term();
    first.files.show(new LeaseRecord(1, "m0", 99, false), false);
    pass(600);
    assertThat(second.lease.standing().term()).isEqualTo(term);
    assertThat(second.files.read().term()).isEqualTo(term);
  }

  @Test
  void theFilesOfLeadsLongGoneAreDeleted() throws IOException {
    for (int i = 0; i < 70; i++) {
      Member each = member();
      each.lease.begin();
      assertThat(each.lease.standing().holds()).isTrue();
      each.lease.close();
      members.clear();
    }
    try (var left = Files.list(dir)) {
      assertThat(left.count()).isLessThanOrEqualTo(66);
    }
  }
}
