package com.huntaze.rollout.judge.difference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.judge.difference.ComparedWorld.Change;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * By the default settings: alpha 0.01, of which each trait has 0.04, over three stages; a ratio of
 * 1.5 and a margin of one percentage point.
 */
class DifferenceTestsTest {
  private static final String EPOCH = "1-a";
  private static final Outcome GOOD = Meaning.COMPLETE.outcome();
  private static final Outcome REFUSED = Meaning.CALLER_ERROR.outcome(400);
  private static final int SEEDS = 20;

  static DifferenceTests tests() {
    return new DifferenceTests(DifferenceScope.WHOLE, 0.01 * 0.04 / 3, 1.5, 0.01);
  }

  /** Nobody is worse off, by whatever margin: a fraction of the runs in docs/reports. */
  @ParameterizedTest
  @CsvSource({"50, 0", "50, 0.05", "300, 0", "300, 0.05", "3000, 0.05"})
  void whereNobodyIsWorseOffNothingIsFound(int users, double bad) {
    int found = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      DifferenceTests tests = new DifferenceTests(DifferenceScope.WHOLE, 0.01 * 0.04 / 3, 1, 0);
      ComparedWorld world = new ComparedWorld(seed, users, bad);
      boolean first = world.stage(tests, 0, 0.1, 12_000, null) >= 0;
      found += first || world.stage(tests, 1, 0.5, 12_000, null) >= 0 ? 1 : 0;
    }
    assertThat(found).isZero();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(Trait.EMPTY, ending(0.10, Meaning.WORDLESS.outcome()), 0.1),
        Arguments.of(Trait.EMPTY, ending(0.10, Meaning.WORDLESS.outcome()), 0.5),
        Arguments.of(Trait.THROTTLED, ending(0.20, Meaning.THROTTLED.outcome()), 0.1),
        Arguments.of(Trait.THROTTLED, ending(0.20, Meaning.THROTTLED.outcome()), 0.5),
        Arguments.of(Trait.UNPROCESSABLE, ending(0.15, Meaning.CALLER_ERROR.outcome(422)), 0.1),
        Arguments.of(Trait.DENIED, ending(0.15, Meaning.CREDENTIAL_REFUSED.outcome(401)), 0.5),
        Arguments.of(Trait.TOO_LARGE, ending(0.15, Meaning.CALLER_ERROR.outcome(413)), 0.5),
        Arguments.of(Trait.NOT_FOUND, ending(0.15, Meaning.NOT_FOUND.outcome()), 0.5),
        Arguments.of(Trait.CLIENT_GONE, ending(0.15, Meaning.CLIENT_GONE.outcome()), 0.1),
        Arguments.of(Trait.CLIENT_GONE, ending(0.15, Meaning.CLIENT_GONE.outcome()), 0.5),
        Arguments.of(Trait.CONTENT_FILTER, ending(0.6, Meaning.CONTENT_FILTERED.outcome()), 0.1),
        Arguments.of(Trait.CUT, ending(0.15, Meaning.INCOMPLETE.outcome()), 0.5),
        Arguments.of(Trait.LATENCY, ComparedWorld.times(2, 1), 0.1),
        Arguments.of(Trait.LATENCY, ComparedWorld.times(2, 1), 0.5),
        Arguments.of(Trait.FIRST_CONTENT, ComparedWorld.times(2, 1), 0.5),
        Arguments.of(Trait.COST, ComparedWorld.times(1, 2), 0.1),
        Arguments.of(Trait.COST, ComparedWorld.times(1, 20), 0.5));
  }

  private static Change ending(double probability, Outcome other) {
    return ComparedWorld.ending(probability, other);
  }

  /** Three hundred users; the figure is the median over the seeds. */
  @ParameterizedTest
  @MethodSource("faults")
  void whatAClientFeelsIsSeenWithin500RequestsOfFoundry(Trait trait, Change fault, double share) {
    int[] seen = new int[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
      ComparedWorld world = new ComparedWorld(seed, 300, 0).foundry(fault);
      int found = world.stage(tests(), 0, share, (int) (2_000 / share), trait);
      seen[seed] = found < 0 ? Integer.MAX_VALUE : found;
    }
    Arrays.sort(seen);
    assertThat(seen[SEEDS / 2]).as("median").isLessThanOrEqualTo(500);
  }

  @Test
  void threePercentOfErrorsBesideOneAreSeen() {
    ComparedWorld world = new ComparedWorld(1, 300, 0);
    world.foundry(ending(0.03, Meaning.TRANSIENT_STATUS.outcome(500)));
    assertThat(world.stage(tests(), 0, 0.5, 24_000, Trait.ERRORS)).isBetween(1, 5_000);
  }

  /** One of two backends may do whatever it likes, with as many users as it invents. */
  @Test
  void usersOfOneApiKeyAreNoDifferenceWhereSeveralAreSeen() {
    assertThat(isFound(2)).isFalse();
    assertThat(isFound(1)).isTrue();
  }

  /**
   * Two thirds of the users have the first key.
   *
   * @param keys 2: those of the second fail at Foundry; 1: so do they, and there is no first
   */
  private static boolean isFound(int keys) {
    DifferenceTests tests = tests();
    tests.stageBegan(EPOCH, 0);
    for (int i = 0; i < 3_000; i++) {
      boolean second = i % 3 == 0;
      Provider provider = i / 3 % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      boolean fails = second && provider == Provider.FOUNDRY;
      long apiKey = second || keys == 1 ? 2 : 1;
      Compared.Origin origin =
          new Compared.Origin(provider, EPOCH, 0, i, apiKey, ExchangeKind.UNKNOWN);
      tests.add(new Compared(origin, fails ? REFUSED : GOOD, 100, false, 100, 1_000));
      if (tests.tick().get(Trait.BAD_REQUEST).worse()) {
        return true;
      }
    }
    return false;
  }

  /** Foundry refuses each user until that is found; returns the number of users. */
  private static int refusing(DifferenceTests tests) {
    tests.stageBegan(EPOCH, 0);
    int user = 0;
    while (!tests.tick().get(Trait.BAD_REQUEST).worse()) {
      tests.add(exchange(Provider.FOUNDRY, user++, REFUSED));
      tests.add(exchange(Provider.LEGACY, user++, GOOD));
    }
    return user;
  }

  /** As many good requests as it took to be found, and at least fifty. */
  @Test
  void aFoundryThatIsWellAgainIsNoLongerWorse() {
    DifferenceTests tests = tests();
    int user = refusing(tests);
    for (int good = 0; good < 49; good++) {
      tests.add(exchange(Provider.FOUNDRY, user++, GOOD));
      tests.add(exchange(Provider.LEGACY, user++, GOOD));
      Difference still = tests.tick().get(Trait.BAD_REQUEST);
      assertThat(still.recovery()).isEqualTo(new Difference.Recovery(50, good + 1));
    }
    tests.add(exchange(Provider.FOUNDRY, user, GOOD));
    assertThat(tests.tick().get(Trait.BAD_REQUEST).worse()).isFalse();
    for (int good = 0; good < 5_000; good++) {
      tests.add(exchange(Provider.FOUNDRY, user++, GOOD));
      tests.add(exchange(Provider.LEGACY, user++, GOOD));
      assertThat(tests.tick().get(Trait.BAD_REQUEST).worse()).isFalse();
    }
  }

  /** One difference lasts, and another one is mended: each has its own way out. */
  @Test
  void aDifferenceThatIsMendedEndsWhileAnotherOneLasts() {
    DifferenceTests tests = tests();
    int user = refusing(tests);
    int since = 0;
    while (tests.tick().get(Trait.BAD_REQUEST).worse() && since < 1_000) {
      tests.add(exchange(Provider.FOUNDRY, user++, Meaning.THROTTLED.outcome()));
      tests.add(exchange(Provider.LEGACY, user++, GOOD));
      since++;
    }
    assertThat(since).isLessThanOrEqualTo(60);
    assertThat(tests.figures().get(Trait.THROTTLED).worse()).isTrue();
  }

  /** A restart long after does not ask for all that has come since. */
  @Test
  void afterARestartAsManyAreAwaitedAsItWasFoundIn() {
    DifferenceTests before = tests();
    int user = refusing(before);
    for (int i = 0; i < 400; i++) {
      before.add(exchange(Provider.FOUNDRY, user++, REFUSED));
      before.add(exchange(Provider.LEGACY, user++, GOOD));
    }
    DifferenceTests after = tests();
    after.stageBegan(EPOCH, 0);
    after.restore(before.state());
    assertThat(after.tick().get(Trait.BAD_REQUEST).recovery().awaited()).isEqualTo(50);
  }

  @Test
  void aFoundryThatIsStillBadStaysWorse() {
    DifferenceTests tests = tests();
    ComparedWorld world = new ComparedWorld(7, 300, 0);
    world.foundry(ending(0.2, Meaning.THROTTLED.outcome()));
    assertThat(world.stage(tests, 0, 0.5, 4_000, Trait.THROTTLED)).isPositive();
    for (int i = 0; i < 4_000; i++) {
      world.ask(tests, 0, 0.5);
      assertThat(tests.tick().get(Trait.THROTTLED).worse()).isTrue();
    }
  }

  /** However often he asks, and whatever the others do. */
  @Test
  void oneUserWhoLoopsIsNoDifference() {
    DifferenceTests tests = tests();
    tests.stageBegan(EPOCH, 0);
    for (int i = 0; i < 20_000; i++) {
      tests.add(exchange(Provider.FOUNDRY, 1, REFUSED));
      tests.add(exchange(i % 10 == 0 ? Provider.FOUNDRY : Provider.LEGACY, i % 200 + 2, GOOD));
      assertThat(tests.tick().get(Trait.BAD_REQUEST).worse()).isFalse();
    }
  }

  /** The user who speaks most for it is left out, so two alone are one. */
  @Test
  void twoUsersWhoLoopAreNoDifferenceBesideTwoHundred() {
    DifferenceTests tests = tests();
    tests.stageBegan(EPOCH, 0);
    for (int i = 0; i < 20_000; i++) {
      tests.add(exchange(Provider.FOUNDRY, 1 + i % 2, REFUSED));
      tests.add(exchange(i % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY, i % 200 + 4, GOOD));
      assertThat(tests.tick().get(Trait.BAD_REQUEST).worse()).isFalse();
    }
  }

  @Test
  void aDifferenceWithinWhatIsAllowedIsNone() {
    ComparedWorld world = new ComparedWorld(3, 300, 0).foundry(ComparedWorld.times(1.3, 1.3));
    assertThat(world.stage(tests(), 0, 0.5, 12_000, null)).isEqualTo(-1);
  }

  @Test
  void fewerTokensAreAsOddAsMore() {
    Change half =
        (usual, random) ->
            new Compared(
                usual.origin(),
                usual.outcome(),
                usual.latencyMillis(),
                usual.stream(),
                usual.outputTokens() / 3,
                usual.costNano());
    ComparedWorld world = new ComparedWorld(3, 300, 0).foundry(half);
    assertThat(world.stage(tests(), 0, 0.5, 4_000, Trait.OUTPUT_TOKENS)).isPositive();
  }

  @Test
  void whatWasNeverSentAndWhatIsHistoryIsNotCompared() {
    DifferenceTests tests = tests();
    tests.stageBegan(EPOCH, 1);
    for (int i = 0; i < 1_000; i++) {
      Provider provider = i % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      tests.add(exchange(provider, i, Meaning.BREAKER_OPEN.outcome()));
      tests.add(exchange(provider, i, GOOD));
      tests.tick();
    }
    assertThat(tests.tick().get(Trait.ERRORS).foundry().users()).isZero();
  }

  /** At 100 % legacy serves nobody: its users of the stage before are what there is. */
  @Test
  void atTheWholeShareLegacysEarlierFiguresAreBeside() {
    DifferenceTests tests = tests();
    ComparedWorld world = new ComparedWorld(5, 300, 0);
    world.stage(tests, 0, 0.5, 4_000, Trait.UNPROCESSABLE);
    world.foundry(ending(0.2, Meaning.CALLER_ERROR.outcome(422)));
    assertThat(world.stage(tests, 1, 1, 4_000, Trait.UNPROCESSABLE)).isPositive();
    assertThat(tests.tick().get(Trait.UNPROCESSABLE).earlier()).isTrue();
  }

  @Test
  void moreUsersThanThereIsRoomForAreAFairSample() {
    DifferenceTests tests = tests();
    tests.stageBegan(EPOCH, 0);
    for (int i = 0; i < 100_000; i++) {
      Provider provider = i % 4 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      boolean bad = provider == Provider.FOUNDRY && i % 12 == 0;
      tests.add(exchange(provider, 1_000_003L * i, bad ? REFUSED : GOOD));
      tests.tick();
    }
    Difference found = tests.tick().get(Trait.BAD_REQUEST);
    assertThat(found.worse()).isTrue();
    assertThat(found.foundry().users() + found.legacy().users()).isLessThanOrEqualTo(4_096);
    assertThat(found.foundry().figure()).isBetween(0.28, 0.38);
    assertThat(tests.state().users().values().stream().mapToInt(List::size).sum())
        .isLessThanOrEqualTo(DifferenceScope.WHOLE.kept());
  }

  @Test
  void aFewMillisecondsMoreAreNoDifferenceHoweverManyTimesItIs() {
    for (long slow : new long[] {12, 60}) {
      DifferenceTests tests = tests();
      tests.stageBegan(EPOCH, 0);
      for (int i = 0; i < 1_000; i++) {
        boolean foundry = i % 2 == 0;
        Compared.Origin origin =
            new Compared.Origin(
                foundry ? Provider.FOUNDRY : Provider.LEGACY,
                EPOCH,
                0,
                i % 80,
                0,
                ExchangeKind.UNKNOWN);
        tests.add(new Compared(origin, GOOD, foundry ? slow : 1, false, 100, 1_000));
        tests.tick();
      }
      assertThat(tests.tick().get(Trait.LATENCY).worse()).as("%d ms", slow).isEqualTo(slow > 20);
    }
  }

  @Test
  void overARestartWhatWasFoundStaysFound() {
    DifferenceTests before = tests();
    ComparedWorld world = new ComparedWorld(5, 300, 0);
    world.foundry(ending(0.2, Meaning.THROTTLED.outcome()));
    assertThat(world.stage(before, 0, 0.5, 4_000, Trait.THROTTLED)).isPositive();
    DifferenceState kept = before.state();
    DifferenceTests after = tests();
    after.stageBegan(EPOCH, 0);
    after.restore(kept);
    // Not compared by AssertJ, which would print all users.
    assertThat(after.state().equals(kept)).isTrue();
    Difference found = after.tick().get(Trait.THROTTLED);
    assertThat(found.worse()).isTrue();
    assertThat(found.foundry().users()).isPositive();
  }

  /** At 100 % a restart knows no user of legacy's any more: then there is nothing to tell. */
  @Test
  void afterARestartNothingIsComparedWithNobody() {
    DifferenceTests before = tests();
    ComparedWorld world = new ComparedWorld(5, 300, 0);
    world.stage(before, 0, 0.5, 4_000, Trait.UNPROCESSABLE);
    world.foundry(ending(0.2, Meaning.CALLER_ERROR.outcome(422)));
    assertThat(world.stage(before, 1, 1, 4_000, Trait.UNPROCESSABLE)).isPositive();
    DifferenceTests after = tests();
    after.stageBegan(EPOCH, 1);
    after.restore(before.state());
    for (int i = 0; i < 2_000; i++) {
      world.ask(after, 1, 1);
      Difference found = after.tick().get(Trait.UNPROCESSABLE);
      assertThat(found.worse()).isFalse();
      assertThat(found.isLookedAt()).isFalse();
    }
  }

  @Test
  void aDamagedStateIsRefused() {
    DifferenceState state =
        new DifferenceState(
            0, List.of(), List.of(), Map.of(Provider.LEGACY, List.of("1 99:1:1")), Map.of());
    assertThatThrownBy(() -> tests().restore(state))
        .hasMessage("differences: 99:1:1 (expected: a trait, a count and a sum)");
  }

  private static Compared exchange(Provider provider, long user, Outcome outcome) {
    return new Compared(
        new Compared.Origin(provider, EPOCH, 0, user, 0, ExchangeKind.UNKNOWN),
        outcome,
        100,
        false,
        100,
        1_000);
  }
}
