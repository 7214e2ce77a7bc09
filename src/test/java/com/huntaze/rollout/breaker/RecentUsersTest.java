package com.huntaze.rollout.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.failover.FailedUsers;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecentUsersTest {
  private static final long TEN_MINUTES = 600_000;
  private static final long LATER = 90_000_000;

  private final RecentUsers users = new RecentUsers();

  private void seen(long nowMillis, long... hashes) {
    for (long hash : hashes) {
      users.seen(hash, nowMillis);
    }
  }

  private static FailedUsers failed(long... hashes) {
    FailedUsers failed = FailedUsers.NONE;
    for (long hash : hashes) {
      failed = failed.with(hash);
    }
    return failed;
  }

  @Test
  void countsEachUserOnce() {
    assertThat(users.count(LATER)).isZero();
    seen(LATER, 1, 2, 3, 2, 1);
    assertThat(users.count(LATER)).isEqualTo(3);
  }

  @Test
  void forgetsAUserAfterTenMinutes() {
    seen(LATER, 1);
    assertThat(users.count(LATER + TEN_MINUTES)).isEqualTo(1);
    assertThat(users.count(LATER + TEN_MINUTES + 1_000)).isZero();
    seen(LATER + TEN_MINUTES, 1);
    assertThat(users.count(LATER + TEN_MINUTES + 1_000)).isEqualTo(1);
  }

  @Test
  void countsUsersWithTheHashZeroAndBeforeTheClocksZero() {
    seen(-LATER, 0, 5);
    assertThat(users.count(-LATER)).isEqualTo(2);
  }

  @Test
  void knowsOnlyOfRecentOthers() {
    seen(LATER, 1);
    assertThat(users.anyBut(failed(1), LATER)).isFalse();
    seen(LATER, 2);
    assertThat(users.anyBut(failed(1), LATER)).isTrue();
    assertThat(users.anyBut(failed(1, 2), LATER)).isFalse();
    assertThat(users.anyBut(failed(1), LATER + TEN_MINUTES + 1_000)).isFalse();
  }

  /** Failures of users who have gone since must not hide the one who is still here. */
  @Test
  void usersWhoHaveGoneHideNobody() {
    seen(LATER, 1, 2, 3);
    long later = LATER + TEN_MINUTES + 1_000;
    seen(later, 1, 9);
    assertThat(users.anyBut(failed(1, 2, 3), later)).isTrue();
  }

  @Property(tries = 300)
  void neverCountsMoreThanThereAre(
      @ForAll @Size(max = 400) Set<Long> hashes, @ForAll @LongRange(max = LATER) long nowMillis) {
    RecentUsers many = new RecentUsers();
    hashes.forEach(hash -> many.seen(hash, nowMillis));
    assertThat(many.count(nowMillis)).isBetween(hashes.isEmpty() ? 0 : 1, hashes.size());
  }

  @Property(tries = 300)
  void thoseWhoFailedAreNoOthers(
      @ForAll @Size(max = FailedUsers.MOST) Set<Long> hashes,
      @ForAll @LongRange(max = LATER) long nowMillis) {
    RecentUsers few = new RecentUsers();
    hashes.forEach(hash -> few.seen(hash, nowMillis));
    long[] all = hashes.stream().mapToLong(Long::longValue).toArray();
    assertThat(few.anyBut(failed(all), nowMillis)).isFalse();
  }
}
