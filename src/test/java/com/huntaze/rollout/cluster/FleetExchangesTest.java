package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.judge.segment.SegmentDifference;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.served.ServedExchange.Share;
import com.huntaze.rollout.judge.served.Serving;
import com.huntaze.rollout.judge.window.UserSampler;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exchanges of all replicas are compared as if they had gone through one. */
class FleetExchangesTest {
  private static final int USERS = 120;
  private static final int PER_SECOND = 50;
  private static final ExchangeKind USUAL = new ExchangeKind("m", "chat", "POST /v1/x", "gold");
  private static final ExchangeKind RARE = new ExchangeKind("rare", "chat", "POST /v1/x", "gold");
  private static final Share HALF = new Share(FleetOfJudges.EPOCH, 0, 50, 3);

  private static final Pattern TAIL =
      Pattern.compile(" %d:\\S+".formatted(Trait.SLOW_TAIL.ordinal()));

  /** The sums of logarithms, which are rounded in the order in which they come. */
  private static final Pattern AMOUNTS = Pattern.compile(" (1[1-5]):(\\d+):\\S+");

  /** The requests of some users, of which Foundry refuses some and serves a part. */
  private static final class Traffic {
    private final Random random = new Random(5);
    private final double refused;
    private final boolean rareFails;
    private final double failedOver;

    Traffic(double refused, boolean rareFails, double failedOver) {
      this.refused = refused;
      this.rareFails = rareFails;
      this.failedOver = failedOver;
    }

    void ask(FleetOfJudges fleet, int replica) {
      long number = random.nextInt(USERS);
      long user = UserSampler.hash("user-" + number);
      Provider provider = number % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      boolean foundry = provider == Provider.FOUNDRY;
      ExchangeKind kind = random.nextInt(10) == 0 ? RARE : USUAL;
      double chance = random.nextDouble();
      boolean fails = foundry && rareFails && kind == RARE;
      Outcome outcome = Meaning.COMPLETE.outcome();
      if (fails) {
        outcome = Meaning.TRANSIENT_STATUS.outcome(503);
      } else if (foundry && chance < refused) {
        outcome = Meaning.THROTTLED.outcome();
      }
      boolean instead = random.nextDouble() < failedOver;
      Serving serving = foundry ? (instead ? Serving.NOT_ASKED : Serving.FOUNDRY) : Serving.LEGACY;
      Compared.Origin origin =
          new Compared.Origin(provider, FleetOfJudges.EPOCH, 0, user, 1 + number % 3, kind);
      Compared exchange =
          new Compared(origin, outcome, 700 + random.nextInt(200), false, 120, 2_000_000);
      fleet.ended(replica, exchange, new ServedExchange(HALF, user, serving));
    }
  }

  /** Seconds of traffic; the replica is chosen by the number of the request. */
  private static void run(
      FleetOfJudges fleet, Traffic traffic, int seconds, IntUnaryOperator through) {
    for (int i = 0; i < seconds * PER_SECOND; i++) {
      traffic.ask(fleet, through.applyAsInt(i));
      fleet.pass(1_000 / PER_SECOND);
    }
  }

  private static int until(
      FleetOfJudges fleet, Traffic traffic, IntUnaryOperator through, Predicate<FleetOfJudges> is) {
    for (int second = 1; second <= 120; second++) {
      run(fleet, traffic, 1, through);
      if (fleet.metrics() != null && is.test(fleet)) {
        return second;
      }
    }
    return Integer.MAX_VALUE;
  }

  private static boolean throttled(FleetOfJudges fleet) {
    return fleet.metrics().differences().get(Trait.THROTTLED).worse();
  }

  private static boolean rare(FleetOfJudges fleet) {
    return fleet.metrics().segments().worse(Trait.ERRORS).stream()
        .map(SegmentDifference::segment)
        .anyMatch(segment -> segment.text().equals("model rare"));
  }

  private static boolean off(FleetOfJudges fleet) {
    return fleet.metrics().served().off();
  }

  private static IntUnaryOperator random() {
    Random balancer = new Random(3);
    return i -> balancer.nextInt(3);
  }

  private static IntUnaryOperator followers() {
    return i -> 1 + i % 2;
  }

  /** All finding is at most a tick or two later than it is at one replica. */
  private static void foundAlike(
      double refused, boolean rareFails, double failedOver, Predicate<FleetOfJudges> found) {
    int alone =
        until(new FleetOfJudges(1), new Traffic(refused, rareFails, failedOver), i -> 0, found);
    assertThat(alone).isLessThan(60);
    for (IntUnaryOperator through : List.of(random(), followers())) {
      FleetOfJudges fleet = new FleetOfJudges(3);
      Traffic traffic = new Traffic(refused, rareFails, failedOver);
      assertThat(until(fleet, traffic, through, found)).isLessThanOrEqualTo(alone + 2);
    }
  }

  @Test
  void refusalsThroughWhicheverReplicasAreFoundAsThroughOne() {
    foundAlike(0.9, false, 0, FleetExchangesTest::throttled);
  }

  @Test
  void aPartThatAlwaysFailsThroughFollowersIsFound() {
    foundAlike(0, true, 0, FleetExchangesTest::rare);
  }

  @Test
  void aShareThatFoundryDoesNotServeThroughFollowersIsFound() {
    foundAlike(0, false, 0.6, FleetExchangesTest::off);
  }

  @Test
  void nothingIsFoundWhereNothingIs() {
    FleetOfJudges fleet = new FleetOfJudges(3);
    run(fleet, new Traffic(0, false, 0), 120, random());
    assertThat(fleet.metrics().differences().values()).noneMatch(Difference::worse);
    assertThat(rare(fleet) || off(fleet)).isFalse();
  }

  /** The users with their sums; whatever an order in time decides is left out. */
  private static List<String> sums(FleetOfJudges fleet) {
    return fleet.knowledge().differences().users().values().stream()
        .flatMap(List::stream)
        .map(text -> TAIL.matcher(text).replaceAll(""))
        .map(text -> AMOUNTS.matcher(text).replaceAll(" $1:$2"))
        .sorted()
        .toList();
  }

  private static List<String> alone(int seconds) {
    FleetOfJudges one = new FleetOfJudges(1);
    run(one, new Traffic(0.3, true, 0.3), seconds, i -> 0);
    one.pass(15_000);
    return sums(one);
  }

  private static long exchanges(List<String> sums) {
    return sums.stream().mapToLong(text -> Long.parseLong(text.split(" ")[1].split(":")[1])).sum();
  }

  /** One user through three replicas is one, with one sum. */
  @Test
  void theSameUsersHaveTheSameSums() {
    List<String> alone = alone(40);
    assertThat(alone).hasSize(USERS);
    assertThat(exchanges(alone)).isEqualTo(40 * PER_SECOND);
    for (IntUnaryOperator through : List.of(random(), followers())) {
      FleetOfJudges fleet = new FleetOfJudges(3);
      run(fleet, new Traffic(0.3, true, 0.3), 40, through);
      fleet.pass(15_000);
      assertThat(sums(fleet)).isEqualTo(alone);
      assertThat(fleet.metrics().served().all()).isEqualTo(USERS);
    }
  }

  /** However bad the line is: all comes once in the end, and never more than was sent. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFrameThatIsLostDoubledOrLateChangesNothing(long seed) {
    Random line = new Random(seed);
    FleetOfJudges fleet = new FleetOfJudges(3);
    fleet.line(
        (kind, at) ->
            switch (line.nextInt(5)) {
              case 0 -> List.of();
              case 1 -> List.of(20L, 30L + line.nextInt(2_500));
              case 2 -> List.of(20L + line.nextInt(2_500));
              default -> List.of(20L);
            });
    Traffic traffic = new Traffic(0.3, true, 0.3);
    for (int second = 0; second < 40; second++) {
      run(fleet, traffic, 1, followers());
      assertThat(exchanges(sums(fleet))).isLessThanOrEqualTo((second + 1L) * PER_SECOND);
    }
    fleet.pass(60_000);
    assertThat(sums(fleet)).isEqualTo(alone(40));
  }

  /** It has told all but its last second, and is another process afterwards. */
  @Test
  void aFollowerThatIsStartedAgainCountsNothingTwice() {
    FleetOfJudges fleet = new FleetOfJudges(3);
    Traffic traffic = new Traffic(0.3, true, 0.3);
    run(fleet, traffic, 20, followers());
    fleet.kill(2);
    fleet.restart(2);
    run(fleet, traffic, 20, followers());
    fleet.pass(15_000);
    assertThat(exchanges(sums(fleet))).isBetween(39L * PER_SECOND, 40L * PER_SECOND);
    assertThat(sums(fleet)).hasSize(USERS);
  }

  /** The followers tell again all since the dead leader's last checkpoint. */
  @ParameterizedTest
  @ValueSource(ints = {3_000, 12_000, 16_990, 18_500})
  void aTakeOverCountsNothingTwiceAndLosesNothingOfTheFollowers(int more) {
    FleetOfJudges fleet = new FleetOfJudges(3);
    Traffic traffic = new Traffic(0.3, true, 0.3);
    run(fleet, traffic, 20, followers());
    fleet.pass(more);
    run(fleet, traffic, 3, followers());
    fleet.kill(0);
    run(fleet, traffic, 2, followers());
    fleet.lead(1);
    run(fleet, traffic, 15, followers());
    fleet.pass(15_000);
    assertThat(sums(fleet)).isEqualTo(alone(40));
  }

  /** Two others know the rest: of what a leader has served its last second may go with it. */
  @ParameterizedTest
  @CsvSource({"1, 0, 0", "2, 0, 0", "1, 1, 0", "2, 2, 0", "1, 0, 6000", "2, 3, 6000"})
  void ofWhatADeadLeaderHasServedItsLastSecondIsLostAtMost(int next, long seed, long lingers) {
    FleetOfJudges fleet = new FleetOfJudges(3);
    fleet.linger(lingers);
    Random line = new Random(seed);
    if (seed > 0) {
      fleet.line((kind, at) -> line.nextInt(5) == 0 ? List.of(20L, 900L) : List.of(20L));
    }
    Traffic traffic = new Traffic(0.3, true, 0.3);
    run(fleet, traffic, 28, random());
    fleet.kill(0);
    fleet.lead(next);
    run(fleet, traffic, 12, i -> 1 + i % 2);
    fleet.pass(15_000);
    assertThat(exchanges(sums(fleet))).isBetween(39L * PER_SECOND, 40L * PER_SECOND);
    assertThat(sums(fleet)).hasSize(USERS);
  }

  /** One deputy dies with the leader, and the other one has not heard it for two seconds. */
  @Test
  void whatOneDeputyLacksTheOtherOneTells() {
    FleetOfJudges fleet = new FleetOfJudges(5);
    Random line = new Random(4);
    fleet.line((kind, at) -> at > 25_000 && at < 27_000 ? List.of() : List.of(20L));
    Traffic traffic = new Traffic(0.3, true, 0.3);
    // That deputy serves nobody: what a follower has told dies with a leader and it.
    run(fleet, traffic, 34, i -> i % 2 == 0 ? 0 : 2 + line.nextInt(3));
    fleet.kill(0);
    fleet.kill(1);
    fleet.lead(3);
    fleet.pass(40_000);
    long lost = 34L * PER_SECOND - exchanges(sums(fleet));
    // Of the half that the leader has served: two seconds that nobody has heard, and the last one.
    assertThat(lost).isBetween(1L, 3L * PER_SECOND / 2);
  }

  /** The next leader dies before it has written anything down: the one after it is told as well. */
  @Test
  void aLeaderWhoseSuccessorDiesTooIsToldOfOnceMore() {
    FleetOfJudges fleet = new FleetOfJudges(4);
    Traffic traffic = new Traffic(0.3, true, 0.3);
    run(fleet, traffic, 24, i -> 0);
    fleet.pass(1_100);
    fleet.kill(0);
    fleet.lead(3);
    fleet.pass(8_000);
    fleet.kill(3);
    fleet.lead(2);
    fleet.pass(20_000);
    assertThat(exchanges(sums(fleet))).isEqualTo(24L * PER_SECOND);
  }

  /** Leaders die one after the other: each time its deputies know what it has served. */
  @Test
  void leadersThatDieOneAfterTheOtherLoseASecondEach() {
    FleetOfJudges fleet = new FleetOfJudges(3);
    Traffic traffic = new Traffic(0.3, true, 0.3);
    int leader = 0;
    for (int i = 0; i < 5; i++) {
      int leads = leader;
      run(fleet, traffic, 17, random());
      fleet.pass(1_100);
      fleet.kill(leads);
      leader = (leads + 1) % 3;
      fleet.lead(leader);
      fleet.pass(3_000);
      fleet.restart(leads);
    }
    fleet.pass(20_000);
    assertThat(exchanges(sums(fleet))).isEqualTo(5L * 17 * PER_SECOND);
  }

  /** It was cut off only: its exchanges since the checkpoint are still its own to tell. */
  @Test
  void aLeaderThatFollowsTellsWhatItsSuccessorDoesNotKnow() {
    FleetOfJudges fleet = new FleetOfJudges(3);
    Traffic traffic = new Traffic(0.3, true, 0.3);
    run(fleet, traffic, 28, random());
    fleet.lead(1);
    run(fleet, traffic, 12, random());
    fleet.pass(15_000);
    assertThat(sums(fleet)).isEqualTo(alone(40));
  }

  /** Of an earlier version nobody tells his exchanges: that is missing, as rows would be. */
  @Test
  void whoTellsNoExchangesIsMissing() {
    FleetOfJudges fleet = new FleetOfJudges(3);
    for (int i = 0; i < 2; i++) {
      fleet.pass(10_000);
      fleet.rows();
      assertThat(fleet.missing()).isEmpty();
    }
    FleetOfJudges earlier = new FleetOfJudges(3);
    earlier.minor(3);
    earlier.line((kind, at) -> List.of());
    earlier.pass(10_000);
    earlier.rows();
    assertThat(earlier.missing())
        .hasSize(2)
        .allMatch(each -> each.contains("of an earlier version without exchanges for 1"));
  }

  private static Compared exchange(long user, Random random) {
    Provider provider = (user & 1) == 0 ? Provider.FOUNDRY : Provider.LEGACY;
    Compared.Origin origin =
        new Compared.Origin(provider, FleetOfJudges.EPOCH, 0, user, random.nextInt(50), USUAL);
    long cost = 1_000_000 + random.nextInt(50_000_000);
    return new Compared(
        origin,
        Meaning.COMPLETE.outcome(),
        random.nextInt(5_000),
        random.nextBoolean(),
        random.nextInt(900),
        cost);
  }

  /** So many exchanges of as many users through each replica each time, and then time goes by. */
  private static void crowd(
      FleetOfJudges fleet, int replicas, int users, int times, int each, int millis) {
    Random random = new Random(9);
    for (int i = 0; i < times; i++) {
      for (int one = 0; one < replicas * each; one++) {
        long user = UserSampler.hash("user-" + random.nextInt(users));
        Compared exchange = exchange(user, random);
        Serving serving =
            exchange.origin().provider() == Provider.FOUNDRY ? Serving.FOUNDRY : Serving.LEGACY;
        fleet.ended(one % replicas, exchange, new ServedExchange(HALF, user, serving));
      }
      fleet.pass(millis);
    }
  }

  /** Rows are 0.54 MB/s beside that, and claims of slots at most 0.36. */
  @Test
  void theExchangesOfAHundredReplicasAreLessThanTheLineHolds() {
    FleetOfJudges fleet = new FleetOfJudges(100);
    crowd(fleet, 100, 50_000, 500, 1, 10);
    long before = fleet.bytes();
    crowd(fleet, 100, 50_000, 2_000, 1, 10);
    assertThat((fleet.bytes() - before) / 20).isBetween(30_000L, 100_000L);
    assertThat(fleet.tick()).isLessThan(Waits.bound(Duration.ofMillis(15)));
    // All leave out the same users, and of nobody a part.
    assertThat(fleet.comparedOneIn(0)).isBetween(2L, 8L);
    fleet.pass(3_000);
    long oneIn = fleet.comparedOneIn(0);
    for (int i = 1; i < 100; i++) {
      assertThat(fleet.comparedOneIn(i)).isEqualTo(oneIn);
    }
  }

  /** Those that are left are the same everywhere, and what becomes of them has no part in it. */
  @Test
  void usersAreLeftOutByTheirHashAndSumsStayWhole() {
    FleetOfJudges fleet = new FleetOfJudges(3);
    crowd(fleet, 3, 2_000, 600, 20, 5);
    long oneIn = fleet.comparedOneIn(0);
    assertThat(oneIn).isGreaterThan(1);
    fleet.pass(5_000);
    long spared =
        fleet.users().stream().filter(user -> (UserSampler.mix(user) & oneIn - 1) == 0).count();
    long all =
        IntStream.range(0, 2_000)
            .mapToLong(i -> UserSampler.hash("user-" + i))
            .filter(user -> (UserSampler.mix(user) & oneIn - 1) == 0)
            .count();
    assertThat(spared).isEqualTo(all);
  }

  /** It is seldom busy: users come back into the comparison. */
  @Test
  void whereTheLineHasRoomAgainAllUsersAreCompared() {
    FleetOfJudges fleet = new FleetOfJudges(3);
    crowd(fleet, 3, 2_000, 400, 20, 5);
    assertThat(fleet.comparedOneIn(1)).isGreaterThan(1);
    crowd(fleet, 3, 100, 800, 1, 500);
    for (int i = 0; i < 3; i++) {
      assertThat(fleet.comparedOneIn(i)).isEqualTo(1);
    }
  }

  /** Each of his requests is for another model, of 64 letters. */
  @Test
  void aClientThatInventsNamesTakesNobodysPlace() {
    FleetOfJudges fleet = new FleetOfJudges(60);
    Random random = new Random(3);
    for (int i = 0; i < 40; i++) {
      for (int one = 0; one < 75; one++) {
        StringBuilder name = new StringBuilder();
        random.ints(64, 'a', 'z' + 1).forEach(name::appendCodePoint);
        ExchangeKind invented = new ExchangeKind(name.toString(), "chat", "POST /v1/x", "gold");
        fleet.ended(
            1, exchange(42, random).as(invented), new ServedExchange(HALF, 42, Serving.FOUNDRY));
      }
      for (int one = 0; one < 5; one++) {
        long user = UserSampler.hash("user-" + random.nextInt(100));
        fleet.ended(1, exchange(user, random), new ServedExchange(HALF, user, Serving.FOUNDRY));
      }
      fleet.pass(250);
    }
    assertThat(fleet.comparedOneIn(1)).isEqualTo(1);
  }

  /** Half of the traffic is his, and he is compared, as most of the others are. */
  @Test
  void aUserWithMostOfTheTrafficTakesNobodysPlace() {
    FleetOfJudges fleet = new FleetOfJudges(3);
    Random random = new Random(2);
    for (int i = 0; i < 200; i++) {
      for (int one = 0; one < 200; one++) {
        long user = one % 2 == 0 ? 42 : UserSampler.hash("user-" + random.nextInt(200));
        Compared exchange = exchange(user, random);
        fleet.ended(one % 3, exchange, new ServedExchange(HALF, user, Serving.FOUNDRY));
      }
      fleet.pass(25);
    }
    fleet.pass(5_000);
    assertThat(fleet.comparedOneIn(0)).isEqualTo(1);
    assertThat(fleet.users()).contains(42L).hasSizeGreaterThan(190);
  }
}
