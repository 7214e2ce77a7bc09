package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.RolloutStore.Recovered;
import com.huntaze.rollout.canary.Saved;
import com.huntaze.rollout.canary.SavedStates;
import com.huntaze.rollout.lease.AgreedLog;
import com.huntaze.rollout.store.FileStore;
import com.huntaze.rollout.store.LeasedStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jgroups.JChannel;
import org.jgroups.protocols.DISCARD;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters over real sockets in one process, and links that are cut. */
@Tag("heavy")
class VotingIT {
  private static final List<String> NAMES = List.of("a", "b", "c");

  @TempDir private Path folder;

  private final List<Integer> ports =
      IntStream.range(0, NAMES.size()).mapToObj(each -> FreePorts.next()).toList();

  private final List<Member> members = new ArrayList<>();

  /** A voter, with its store and a way to cut it off. */
  private final class Member {
    private final DISCARD cut = new DISCARD();
    private final VotingStack voting;
    private final JChannel channel;
    private final FileStore store;
    private final String name;
    private long term;

    Member(int index) throws Exception {
      name = NAMES.get(index);
      AgreedLog log = new AgreedLog(Files.createDirectories(folder.resolve(name)));
      ClusterSettings settings = settings(index);
      voting = new VotingStack(settings, log, "nobody");
      List<Protocol> stack = ClusterChannel.stack(settings, null, voting);
      stack.add(1, cut);
      channel = new JChannel(stack);
      voting.on(channel);
      channel.connect("rollout");
      store = LeasedStores.agreed(false, "replica-" + name, log);
      await(store.open());
    }

    Recovered look() {
      Recovered found = await(store.look());
      term = found.leads() ? found.term() : term;
      return found;
    }

    boolean leads() {
      return look().leads() && store.leadLasts(term);
    }

    boolean believes() {
      return term > 0 && store.leadLasts(term);
    }

    void close() throws IOException {
      await(store.close());
      channel.close();
      voting.close();
    }
  }

  private ClusterSettings settings(int index) {
    List<String> hosts = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    DiscoverySettings discovery = new DiscoverySettings(hosts, null);
    return new ClusterSettings(
        "rollout", "127.0.0.1", ports.get(index), discovery, null, "raft", NAMES, NAMES.get(index));
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private void begin() throws Exception {
    for (int i = 0; i < NAMES.size(); i++) {
      members.add(new Member(i));
    }
  }

  @AfterEach
  void close() throws Exception {
    for (Member each : members) {
      each.close();
    }
  }

  private Member leader(List<Member> among) {
    return Waits.until(
            () -> among.stream().filter(Member::leads).findFirst(),
            Optional::isPresent,
            () -> assertThat(members.stream().filter(Member::believes)).hasSizeLessThan(2))
        .orElseThrow();
  }

  /** The things that it has heard; who leads knows it without looking. */
  private static int share(Recovered found) {
    return found.saved().map(saved -> saved.snapshot().percentage()).orElse(0);
  }

  @Test
  void aMinorityNeitherLeadsNorWritesAndFollowsOnceItIsBack() throws Exception {
    begin();
    Member first = leader(members);
    await(first.store.write(SavedStates.saved(first.term, 10)));
    long old = first.term;
    first.cut.discardAll(true);
    List<Member> others = members.stream().filter(each -> each != first).toList();
    Waits.until(() -> !first.store.leadLasts(old));
    assertThatThrownBy(() -> await(first.store.write(SavedStates.saved(old, 99))))
        .hasMessageContaining("leads");
    Member second = leader(others);
    assertThat(second.term).isGreaterThan(old);
    await(second.store.write(SavedStates.saved(second.term, 20)));
    Waits.pause(Duration.ofSeconds(3));
    assertThat(first.leads()).isFalse();
    assertThat(share(first.look())).isEqualTo(10);
    first.cut.discardAll(false);
    Waits.until(() -> share(first.look()) == 20);
    assertThat(first.leads()).isFalse();
    assertThat(leader(others).term).isGreaterThanOrEqualTo(second.term);
  }

  @Test
  void anotherProcessCannotHaveTheSameLogAndOtherVotersNeither() throws Exception {
    begin();
    AgreedLog log = new AgreedLog(folder.resolve("a"));
    assertThatThrownBy(() -> new VotingStack(settings(0), log, "nobody"))
        .hasMessageContaining("a directory for each replica");
    Member first = members.remove(0);
    first.close();
    ClusterSettings one = settings(0);
    ClusterSettings other =
        new ClusterSettings(
            one.name(),
            one.bind(),
            one.port(),
            one.discovery(),
            null,
            "raft",
            List.of("a", "b", "d"),
            "a");
    assertThatThrownBy(() -> new VotingStack(other, log, "nobody"))
        .hasMessageContaining("cluster.voters: a, b, d (expected: a, b, c");
    members.add(0, new Member(0));
    leader(members);
  }

  @Test
  void theLogStaysSmallAndALateVoterGetsItsSnapshot() throws Exception {
    begin();
    Member first = leader(members);
    Member late = members.stream().filter(each -> each != first).findFirst().orElseThrow();
    members.remove(late);
    late.close();
    String large = "x".repeat(200_000);
    for (int i = 1; i <= 30; i++) {
      Saved saved = SavedStates.saved(first.term, i);
      Saved heavy =
          new Saved(saved.snapshot(), 0, OptionalInt.empty(), Map.of("figures", large), List.of());
      await(first.store.write(heavy));
    }
    Path entries = folder.resolve(first.name).resolve("raft/voter.log/entries.raft");
    assertThat(Files.size(entries)).isLessThan(4 << 20);
    Member again = new Member(NAMES.indexOf(late.name));
    members.add(again);
    Waits.until(() -> share(again.look()) == 30);
  }

  /** As a voter that was killed a moment ago is, of which the others do not know it yet. */
  @Test
  void whoIsTakenForHisProcessBeforeJoinsOnceThatIsGone() throws Exception {
    begin();
    Member leads = leader(members);
    await(leads.store.write(SavedStates.saved(leads.term, 20)));
    int taken = leads == members.get(0) ? 1 : 0;
    ClusterSettings settings = settings(taken);
    ClusterSettings second =
        new ClusterSettings(
            settings.name(),
            settings.bind(),
            FreePorts.next(),
            settings.discovery(),
            null,
            settings.lease(),
            settings.voters(),
            settings.member());
    Path dir = Files.createDirectories(folder.resolve("second"));
    AgreedLog log = new AgreedLog(dir);
    VotingStack voting = new VotingStack(second, log, "nobody");
    AtomicInteger seen = new AtomicInteger();
    ClusterChannel.Listeners listeners =
        new ClusterChannel.Listeners((from, frame) -> {}, members -> seen.set(members.size()));
    ClusterChannel channel = new ClusterChannel(second, null, "second", listeners, voting);
    try {
      assertThat(channel.connect("rollout")).isFalse();
      assertThat(channel.connect("rollout")).isFalse();
      members.remove(taken).close();
      assertThat(channel.connect("rollout")).isTrue();
      Waits.until(() -> seen.get() == NAMES.size());
      // It hears all that was agreed upon, and what comes next of the same term.
      Waits.until(() -> log.agreed().state().contains("\"percentage\" : 20"));
      await(leads.store.write(SavedStates.saved(leads.term, 30)));
      Waits.until(() -> log.agreed().state().contains("\"percentage\" : 30"));
      assertThat(log.agreed().term()).isEqualTo(leads.term);
    } finally {
      channel.close();
      voting.close();
    }
  }
}
