package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.stages;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.FaultyUpstream;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of the packaged jar that share a directory, and of which one leads by the lease. */
@Tag("long")
class LeaseIT {
  private static final int KILLS = Boolean.getBoolean("rollout.heavy") ? 20 : 2;
  private static final Pattern TERM = Pattern.compile("\"term\" ?: ?(\\d+)");
  private static final String LOST = "the lead was lost: this replica follows now";

  @TempDir private Path temporary;

  private final List<RolloutProcess> processes = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private FaultyUpstream foundry;
  private FaultyUpstream legacy;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterEach
  void stop() throws Exception {
    for (RolloutProcess process : processes) {
      process.close();
    }
    RunningProxy.await(vertx.close());
  }

  private Path dir() {
    return temporary.resolve("state");
  }

  private RolloutProcess member() throws Exception {
    return launched(stages("1h").put("cluster", cluster()));
  }

  /** So many, started at the same time: any of them may lead. */
  private List<RolloutProcess> members(int count) {
    List<CompletableFuture<RolloutProcess>> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starting.add(CompletableFuture.supplyAsync(this::started));
    }
    starting.forEach(each -> each.handle((process, failure) -> process).join());
    return starting.stream().map(CompletableFuture::join).toList();
  }

  private RolloutProcess started() {
    try {
      return member();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  /** A process that knows the file lock alone, as 0.1.0 does. */
  private RolloutProcess old() throws Exception {
    return launched(stages("1h"));
  }

  private RolloutProcess launched(JsonObject settings) throws Exception {
    RolloutProcess process = RolloutProcess.start(foundry.url(), legacy.url(), dir(), settings);
    processes.add(process);
    return process;
  }

  private static JsonObject cluster() {
    int port = FreePorts.next();
    JsonArray members = new JsonArray().add("127.0.0.1:" + port);
    return new JsonObject()
        .put("bind", "127.0.0.1")
        .put("port", port)
        .put("discovery", new JsonObject().put("static", members))
        .put("lease", "directory");
  }

  private static void signal(RolloutProcess process, String signal) throws Exception {
    String pid = Long.toString(process.process().process().pid());
    assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
  }

  private Optional<RolloutProcess> leader(List<RolloutProcess> among) {
    return among.stream().filter(RolloutProcess::leads).findFirst();
  }

  private RolloutProcess awaitLeader(List<RolloutProcess> among) {
    return Waits.until(() -> leader(among), Optional::isPresent).orElseThrow();
  }

  /** The term of the leader that has written last. */
  private long writtenTerm() throws IOException {
    return term("state.json");
  }

  private long leaseTerm() throws IOException {
    return term("lease.json");
  }

  private long term(String file) throws IOException {
    Matcher term = TERM.matcher(Files.readString(dir().resolve(file)));
    assertThat(term.find()).isTrue();
    return Long.parseLong(term.group(1));
  }

  /** Waits for another leader, and returns how long that took from {@code began}. */
  private Duration takeOver(List<RolloutProcess> among, long began) {
    awaitLeader(among);
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Test
  void aLeaderThatIsKilledIsFollowedWithinTwoSeconds() throws Exception {
    RolloutProcess first = member();
    List<RolloutProcess> others = members(2);
    assertThat(first.leads()).isTrue();
    assertThat(others).noneMatch(RolloutProcess::leads);
    first.done("start");
    long term = writtenTerm();
    long began = System.nanoTime();
    first.kill();
    assertThat(takeOver(others, began)).isLessThan(Waits.bound(Duration.ofSeconds(2)));
    RolloutProcess leader = awaitLeader(others);
    assertThat(leaseTerm()).isGreaterThan(term);
    assertThat(leader.state().getInteger("percentage")).isEqualTo(10);
    assertThat(leader.set(20).statusCode()).isEqualTo(200);
    assertThat(writtenTerm()).isGreaterThan(term);
    for (RolloutProcess each : others) {
      each.waitUntil(percentage(20));
    }
  }

  @Test
  void aLeaderThatIsStoppedIsFollowedWithinSixSecondsAndChangesNothingWhenItWakes()
      throws Exception {
    RolloutProcess first = member();
    RolloutProcess second = member();
    first.done("start");
    long term = writtenTerm();
    long began = System.nanoTime();
    signal(first, "STOP");
    assertThat(takeOver(List.of(second), began)).isLessThan(Waits.bound(Duration.ofSeconds(6)));
    assertThat(second.set(30).statusCode()).isEqualTo(200);
    byte[] written = Files.readAllBytes(dir().resolve("state.json"));
    assertThat(writtenTerm()).isGreaterThan(term);
    long woken = System.nanoTime();
    signal(first, "CONT");
    Waits.until(() -> !first.leads());
    assertThat(Duration.ofNanos(System.nanoTime() - woken))
        .isLessThan(Waits.bound(Duration.ofSeconds(1)));
    first.waitUntil(percentage(30));
    Waits.pause(Duration.ofSeconds(3));
    assertThat(Files.readAllBytes(dir().resolve("state.json"))).isEqualTo(written);
    assertThat(second.leads()).isTrue();
    assertThat(first.leads()).isFalse();
    String output = first.process().output();
    assertThat(output.split(LOST, -1)).as(output).hasSize(2);
    assertThat(output).doesNotContain("cannot be written");
  }

  @Test
  void aLeaderThatEndsInOrderIsFollowedAtOnce() throws Exception {
    RolloutProcess first = member();
    RolloutProcess second = member();
    first.done("start");
    first.terminate();
    long began = System.nanoTime();
    assertThat(takeOver(List.of(second), began)).isLessThan(Waits.bound(Duration.ofSeconds(1)));
  }

  @Test
  void aLeaderThatIsKilledEveryFewSecondsIsFollowedEachTimeByAHigherTerm() throws Exception {
    List<RolloutProcess> living = new ArrayList<>(members(3));
    awaitLeader(living).done("start");
    long last = 0;
    for (int i = 1; i <= KILLS; i++) {
      RolloutProcess leader = awaitLeader(living);
      assertThat(leader.set(10 + i).statusCode()).isEqualTo(200);
      long term = writtenTerm();
      assertThat(term).isGreaterThan(last);
      last = term;
      living.remove(leader);
      leader.kill();
      int share = 10 + i;
      awaitLeader(living).waitUntil(percentage(share));
      living.add(member());
    }
  }

  @Test
  void allOfThemMayEndAndOneLeadsAgain() throws Exception {
    List<RolloutProcess> all = members(2);
    awaitLeader(all).done("start");
    long term = leaseTerm();
    all.forEach(RolloutProcess::kill);
    List<RolloutProcess> again = members(2);
    RolloutProcess leader = awaitLeader(again);
    assertThat(leaseTerm()).isGreaterThan(term);
    leader.waitUntil(percentage(10));
    assertThat(leader.set(40).statusCode()).isEqualTo(200);
  }

  @Test
  void aNewLeaderKeepsWhatItHasSeenItself() throws Exception {
    RolloutProcess first = member();
    RolloutProcess second = member();
    first.done("start");
    assertThat(first.set(50).statusCode()).isEqualTo(200);
    second.waitUntil(percentage(50));
    second.posts(100);
    long seen = Waits.until(() -> observed(second), all -> all >= 40);
    first.kill();
    awaitLeader(List.of(second));
    // From the first verdict as a leader on: what is seen for a moment only may be read just then.
    for (int verdicts = 0; verdicts < 4; verdicts++) {
      assertThat(observed(second)).isBetween(seen, 60L);
      String before = second.state().getString("lastHealthCheck");
      second.waitUntil(state -> !state.getString("lastHealthCheck").equals(before));
    }
  }

  private static long observed(RolloutProcess process) {
    return process.health().getJsonObject("foundryTotals").getJsonObject("all").getLong("observed");
  }

  @Test
  void anOldProcessAndANewOneNeverBothLead() throws Exception {
    RolloutProcess old = old();
    assertThat(old.leads()).isTrue();
    old.done("start");
    RolloutProcess fresh = member();
    // Longer than the lease: who knows none leads as long as it holds the lock.
    Waits.pause(Duration.ofSeconds(6));
    assertThat(fresh.leads()).isFalse();
    assertThat(old.set(20).statusCode()).isEqualTo(200);
    long term = writtenTerm();
    fresh.waitUntil(percentage(20));
    old.kill();
    awaitLeader(List.of(fresh));
    assertThat(leaseTerm()).isGreaterThan(term);
    assertThat(fresh.set(30).statusCode()).isEqualTo(200);
    RolloutProcess late = old();
    Waits.pause(Duration.ofSeconds(2));
    assertThat(late.leads()).isFalse();
    // Even while it is stopped it keeps the old one out.
    signal(fresh, "STOP");
    Waits.pause(Duration.ofSeconds(6));
    assertThat(late.leads()).isFalse();
    RolloutProcess another = member();
    awaitLeader(List.of(another));
    signal(fresh, "CONT");
    Waits.until(() -> !fresh.leads());
    assertThat(late.leads()).isFalse();
    fresh.kill();
    another.kill();
    awaitLeader(List.of(late));
    assertThat(late.state().getInteger("percentage")).isEqualTo(30);
  }
}
