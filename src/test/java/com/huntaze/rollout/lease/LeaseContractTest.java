package com.huntaze.rollout.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The promises of every lease, whatever it is kept in. */
public abstract class LeaseContractTest {
  /** What the place may do to a member. */
  public enum Trouble {
    NONE,
    /** Nothing can be read or written. */
    AWAY,
    /** Nothing can be written. */
    FULL,
    /** Each write takes longer than a holder may be silent. */
    TOO_SLOW,
    /** Each write takes as long as a busy disk's. */
    SLOW
  }

  private final List<Lease> members = new ArrayList<>();

  /** Another member, whose clocks say ten minutes more than the last one's. */
  protected abstract Lease another() throws IOException;

  /**
   * Lets time pass: those who are not paused take their turns; at every moment at most one leads.
   */
  protected abstract void pass(long millis);

  /** Takes and gives back a process's time, as SIGSTOP and SIGCONT do. */
  protected abstract void pause(Lease member, boolean paused);

  /** SIGKILL. */
  protected abstract void kill(Lease member);

  protected abstract void trouble(Lease member, Trouble trouble);

  private Lease join() throws IOException {
    Lease member = another();
    members.add(member);
    member.begin();
    return member;
  }

  /** Those who believe to lead. */
  protected final List<Lease> leaders() {
    return members.stream().filter(each -> each.standing().holds()).toList();
  }

  private static long term(Lease member) {
    return member.standing().term();
  }

  @Test
  void theFirstLeadsAtOnceAndStaysTheLeader() throws IOException {
    Lease first = join();
    assertThat(first.standing().holds()).isTrue();
    Lease second = join();
    long term = term(first);
    pass(60_000);
    assertThat(leaders()).containsExactly(first);
    assertThat(term(first)).isEqualTo(term);
    assertThat(second.standing().holder()).isEqualTo(first.standing().holder()).isNotEmpty();
    assertThatCode(() -> first.confirm(term)).doesNotThrowAnyException();
    assertThatThrownBy(() -> second.confirm(term)).isInstanceOf(IOException.class);
  }

  @Test
  void whoEndsInOrderIsFollowedAtOnce() throws IOException {
    Lease first = join();
    Lease second = join();
    long term = term(first);
    pass(1_000);
    first.close();
    pass(300);
    assertThat(leaders()).containsExactly(second);
    assertThat(term(second)).isGreaterThan(term);
  }

  @Test
  void whoIsKilledIsFollowedWithinTwoSeconds() throws IOException {
    Lease first = join();
    Lease second = join();
    long term = term(first);
    pass(1_050);
    kill(first);
    members.remove(first);
    pass(2_000);
    assertThat(leaders()).containsExactly(second);
    assertThat(term(second)).isGreaterThan(term);
  }

  @Test
  void whoIsStoppedIsFollowedWithinSixSecondsAndWakesAsAFollower() throws IOException {
    Lease first = join();
    Lease second = join();
    long term = term(first);
    pass(1_050);
    pause(first, true);
    pass(6_000);
    assertThat(leaders()).containsExactly(second);
    long later = term(second);
    assertThat(later).isGreaterThan(term);
    pause(first, false);
    assertThat(first.standing().holds()).as("before it has looked at anything").isFalse();
    assertThatThrownBy(() -> first.confirm(term)).hasMessageContaining("another replica leads");
    pass(30_000);
    assertThat(leaders()).containsExactly(second);
    assertThat(term(second)).isEqualTo(later);
  }

  @Test
  void ofManyWhoWaitOneLeadsNext() throws IOException {
    Lease first = join();
    for (int i = 0; i < 4; i++) {
      join();
    }
    pass(2_000);
    pause(first, true);
    pass(10_000);
    assertThat(leaders()).hasSize(1).doesNotContain(first);
    pause(first, false);
    pass(10_000);
    assertThat(leaders()).hasSize(1).doesNotContain(first);
  }

  @Test
  void whoCannotReachThePlaceStopsByItselfAndTakesPartAgain() throws IOException {
    Lease first = join();
    Lease second = join();
    pass(1_000);
    trouble(first, Trouble.AWAY);
    pass(2_700);
    assertThat(first.standing().holds()).as("by its own clock").isFalse();
    pass(3_000);
    assertThat(leaders()).containsExactly(second);
    trouble(first, Trouble.NONE);
    pass(5_000);
    assertThat(leaders()).containsExactly(second);
    trouble(second, Trouble.AWAY);
    pass(6_000);
    assertThat(leaders()).containsExactly(first);
  }

  @Test
  void aPlaceThatIsAwayForAllHasNoLeaderAndThenOne() throws IOException {
    Lease first = join();
    Lease second = join();
    pass(1_000);
    trouble(first, Trouble.AWAY);
    trouble(second, Trouble.AWAY);
    pass(20_000);
    assertThat(leaders()).isEmpty();
    trouble(first, Trouble.NONE);
    trouble(second, Trouble.NONE);
    pass(6_000);
    assertThat(leaders()).hasSize(1);
  }

  @Test
  void aFullDiskHasNoLeaderUntilThereIsRoom() throws IOException {
    Lease first = join();
    Lease second = join();
    long term = term(first);
    pass(1_000);
    trouble(first, Trouble.FULL);
    trouble(second, Trouble.FULL);
    pass(20_000);
    assertThat(leaders()).isEmpty();
    trouble(second, Trouble.NONE);
    pass(6_000);
    assertThat(leaders()).containsExactly(second);
    assertThat(term(second)).isGreaterThan(term);
  }

  @Test
  void aBusyDiskKeepsItsLeader() throws IOException {
    Lease first = join();
    join();
    trouble(first, Trouble.SLOW);
    long term = term(first);
    pass(60_000);
    assertThat(leaders()).containsExactly(first);
    assertThat(term(first)).isEqualTo(term);
  }

  @Test
  void whoWritesTooSlowlyLeadsNoMore() throws IOException {
    Lease first = join();
    Lease second = join();
    pass(1_000);
    trouble(first, Trouble.TOO_SLOW);
    pass(12_000);
    assertThat(leaders()).containsExactly(second);
  }

  @Test
  void eachChangeIsTold() throws IOException {
    Lease first = join();
    List<Boolean> told = new ArrayList<>();
    pass(200);
    first.onChange(() -> told.add(first.standing().holds()));
    trouble(first, Trouble.AWAY);
    pass(4_000);
    assertThat(told).containsExactly(false);
    trouble(first, Trouble.NONE);
    pass(6_000);
    assertThat(told).containsExactly(false, true);
  }
}
