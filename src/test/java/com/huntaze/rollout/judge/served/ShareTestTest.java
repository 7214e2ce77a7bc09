package com.huntaze.rollout.judge.served;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.served.ServedExchange.Share;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareTestTest {
  /** Of half a percent, in three stages. */
  private static final double PART = 0.005 / 3;

  private static final int[] LADDER = {10, 50, 100};
  private static final Share TEN = new Share(ShareWorld.EPOCH, 0, 10, 1);

  /** Healthy: of Foundry's requests one in twenty is failed over, as much as its limit allows. */
  private static Serving usual(int user, SplittableRandom random) {
    return random.nextInt(20) == 0 ? Serving.FAILED_OVER : Serving.FOUNDRY;
  }

  @ParameterizedTest
  @CsvSource({"50, 0", "50, 1", "300, 0", "300, 1", "3000, 0", "3000, 1"})
  void whereTheSplitIsAsItWasSetHardlyAnyRolloutIsTold(int users, double tail) {
    int runs = 200;
    int told = 0;
    for (int run = 0; run < runs; run++) {
      ShareWorld world =
          new ShareWorld(1_000L * users + run, users, tail).foundry(ShareTestTest::usual);
      ShareTest test = new ShareTest(PART);
      boolean any = false;
      for (int stage = 0; stage < LADDER.length && !any; stage++) {
        any = world.stage(test, stage, LADDER[stage], LADDER[stage] / 100.0, 5_000) > 0;
      }
      told += any ? 1 : 0;
    }
    // Of 200 at most one by chance, where one in a hundred is promised.
    assertThat(told).isLessThanOrEqualTo(1);
  }

  /** Half of those rollouts are told by then. */
  @ParameterizedTest
  @CsvSource({
    "300, 10, 0.10, 100, 700",
    "3000, 10, 0.10, 100, 400",
    "3000, 10, 0.10, 69, 2900",
    "300, 50, 0.50, 100, 62",
    "50, 50, 0.50, 100, 62",
    "3000, 10, 0.03, 0, 2900",
    "300, 50, 0.20, 0, 800",
  })
  void aShareThatIsNotServedIsTold(
      int users, int percentage, double chosen, int notAsked, int within) {
    int[] needed = new int[41];
    for (int run = 0; run < needed.length; run++) {
      ShareWorld world = new ShareWorld(77L * users + run, users, 1).foundry(failing(notAsked));
      int at = world.stage(new ShareTest(PART), 0, percentage, chosen, 20_000);
      needed[run] = at < 0 ? Integer.MAX_VALUE : at;
    }
    Arrays.sort(needed);
    assertThat(needed[needed.length / 2]).isLessThanOrEqualTo(within);
  }

  static BiFunction<Integer, SplittableRandom, Serving> failing(int percent) {
    return (user, random) -> random.nextInt(100) < percent ? Serving.NOT_ASKED : Serving.FOUNDRY;
  }

  /** One user in a hundred makes nine requests of ten: he is one. */
  @Test
  void aHeavyUserIsOneUser() {
    ShareTest test = new ShareTest(PART);
    test.stageBegan(ShareWorld.EPOCH, 0);
    for (int i = 0; i < 2_000; i++) {
      int user = i % 10 == 0 ? i / 10 : 0;
      test.add(exchange(TEN, user, user % 10 == 0 ? Serving.FOUNDRY : Serving.LEGACY));
    }
    ServedShare share = test.tick(1_000);
    assertThat(share.all()).isEqualTo(200);
    assertThat(share.served()).isEqualTo(0.1);
    assertThat(share.off()).isFalse();
  }

  @Test
  void itIsOverAsSoonAsFoundryServesAgain() {
    ShareTest test = new ShareTest(PART);
    test.stageBegan(ShareWorld.EPOCH, 0);
    for (int user = 0; user < 1_000; user++) {
      test.add(exchange(TEN, user, user % 10 == 0 ? Serving.FAILED_OVER : Serving.LEGACY));
    }
    assertThat(test.tick(1_000).off()).isTrue();
    for (int user = 0; user < 1_000; user += 10) {
      test.add(exchange(TEN, user, Serving.FOUNDRY));
    }
    assertThat(test.tick(2_000).off()).isFalse();
  }

  /** Late in a long stage a quarter more requests would be days. */
  @Test
  void itLooksOnceAnHourAtLeast() {
    ShareTest test = new ShareTest(PART);
    test.stageBegan(ShareWorld.EPOCH, 0);
    for (int i = 0; i < 100_000; i++) {
      int user = i % 1_000;
      test.add(exchange(TEN, user, user % 10 == 0 ? Serving.FOUNDRY : Serving.LEGACY));
      test.tick(i);
    }
    for (int user = 0; user < 1_000; user += 10) {
      test.add(exchange(TEN, user, Serving.FAILED_OVER));
    }
    assertThat(test.tick(1_000_000).off()).isFalse();
    assertThat(test.tick(3_700_001).off()).isTrue();
  }

  @Test
  void anotherShareBeginsAnewAndWhatBeganBeforeItIsHistory() {
    ShareTest test = new ShareTest(PART);
    Share half = new Share(ShareWorld.EPOCH, 0, 50, 2);
    test.stageBegan(ShareWorld.EPOCH, 0);
    test.add(exchange(TEN, 1, Serving.LEGACY));
    test.add(exchange(half, 2, Serving.FOUNDRY));
    test.add(exchange(TEN, 3, Serving.LEGACY));
    test.add(exchange(new Share(ShareWorld.EPOCH, 1, 50, 3), 4, Serving.LEGACY));
    test.add(exchange(new Share("2-a", 0, 50, 3), 5, Serving.LEGACY));
    ServedShare share = test.tick(1_000);
    assertThat(share.percentage()).isEqualTo(50);
    assertThat(share.all()).isEqualTo(1);
  }

  /** A pause is a change of the rollout, and none of the share. */
  @Test
  void aChangeThatSetsTheSameShareBeginsNothing() {
    ShareTest test = new ShareTest(PART);
    test.stageBegan(ShareWorld.EPOCH, 0);
    test.add(exchange(TEN, 1, Serving.LEGACY));
    test.add(exchange(new Share(ShareWorld.EPOCH, 0, 10, 2), 2, Serving.FOUNDRY));
    assertThat(test.tick(1_000).all()).isEqualTo(2);
  }

  @Test
  void ofManyUsersAFairSampleIsKept() {
    ShareTest test = new ShareTest(PART);
    test.stageBegan(ShareWorld.EPOCH, 0);
    for (int user = 0; user < 100_000; user++) {
      test.add(exchange(TEN, user, user % 10 == 0 ? Serving.FOUNDRY : Serving.LEGACY));
    }
    ServedShare share = test.tick(1_000);
    assertThat(share.all()).isBetween(2_000, 4_096);
    assertThat(share.served()).isBetween(0.08, 0.12);
    assertThat(share.off()).isFalse();
  }

  private static ServedExchange exchange(Share share, long user, Serving serving) {
    return new ServedExchange(share, user, serving);
  }
}
