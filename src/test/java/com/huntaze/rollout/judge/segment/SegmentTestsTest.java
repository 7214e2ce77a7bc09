package com.huntaze.rollout.judge.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.health.BaselineSettings;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts of the traffic in virtual time, with the production settings. */
class SegmentTestsTest {
  private static final String EPOCH = "1-a";
  private static final BaselineSettings ALLOWED = Health.DEFAULTS.baseline();
  private static final double ALPHA = Health.DEFAULTS.sequential().alpha() / Health.PLAN.stages();
  private static final Outcome GOOD = Meaning.COMPLETE.outcome();
  private static final Outcome FAILED = Meaning.TRANSIENT_STATUS.outcome(500);
  private static final Outcome THROTTLED = Meaning.THROTTLED.outcome();
  private static final Segment SICK = new Segment(Segment.Kind.MODEL, "sick");

  private static SegmentTests tests() {
    SegmentTests tests = new SegmentTests(ALPHA, ALLOWED);
    tests.stageBegan(EPOCH, 0);
    return tests;
  }

  /** Users who are sticky, some of them heavy and bad, and a model that few requests name. */
  private static final class World {
    private final SplittableRandom random;
    private final double share;
    private final double[] splits;
    private final double[] activity;
    private final double[] rates;
    private final double total;

    World(long seed, int users, double share) {
      random = new SplittableRandom(seed);
      this.share = share;
      splits = random.doubles(users).toArray();
      activity = new double[users];
      rates = new double[users];
      for (int i = 0; i < users; i++) {
        boolean bad = random.nextDouble() < 0.05;
        activity[i] = Math.exp(random.nextGaussian()) * (bad ? 10 : 1);
        rates[i] = bad ? 0.5 : 0.01;
      }
      total = IntStream.range(0, users).mapToDouble(i -> activity[i]).sum();
    }

    private int pick() {
      double at = random.nextDouble() * total;
      int user = 0;
      while (user < activity.length - 1 && (at -= activity[user]) > 0) {
        user++;
      }
      return user;
    }

    /**
     * A request of anybody's.
     *
     * @param sick the share of the requests that name the model
     * @param ending of Foundry's requests that do, {@code null} = like any other
     * @param times as slow as they would be
     */
    Compared ask(double sick, Outcome ending, double times) {
      int user = pick();
      boolean named = random.nextDouble() < sick;
      Provider provider = splits[user] < share ? Provider.FOUNDRY : Provider.LEGACY;
      boolean worse = named && provider == Provider.FOUNDRY;
      String model = named ? SICK.name() : "model-" + random.nextInt(6);
      String tier = random.nextInt(3) == 0 ? "free" : "paid";
      Outcome usual = random.nextDouble() < rates[user] ? FAILED : GOOD;
      double millis = 800 * Math.exp(0.5 * random.nextGaussian()) * (worse ? times : 1);
      return new Compared(
          new Compared.Origin(
              provider,
              EPOCH,
              0,
              31L * user + 7,
              0,
              new ExchangeKind(model, null, "POST /v1/chat/completions", tier)),
          worse && ending != null ? ending : usual,
          (long) millis,
          random.nextInt(4) == 0,
          200,
          1_000_000);
    }
  }

  /** Returns the requests of the model at Foundry after which it was found worse; -1 = never. */
  private static int found(World world, double sick, Outcome ending, double times, Trait trait) {
    SegmentTests tests = tests();
    int seen = 0;
    for (int i = 0; i < 100_000; i++) {
      Compared exchange = world.ask(sick, ending, times);
      boolean counts =
          exchange.origin().provider() == Provider.FOUNDRY
              && SICK.name().equals(exchange.origin().kind().model());
      seen += counts ? 1 : 0;
      tests.add(exchange);
      // 1,000 requests an hour are one in four ticks.
      SegmentFigures figures = tests.tick();
      for (int tick = 0; tick < 3; tick++) {
        figures = tests.tick();
      }
      if (figures.worse(trait).stream().anyMatch(part -> part.segment().equals(SICK))) {
        return seen;
      }
    }
    return -1;
  }

  @ParameterizedTest
  @CsvSource({"300, 0.1", "3000, 0.5"})
  void aModelOfOneInAHundredThatAlwaysFailsIsToldWithinThirtyOfItsRequests(
      int users, double share) {
    int[] seen =
        IntStream.range(0, 10)
            .map(seed -> found(new World(seed, users, share), 0.01, FAILED, 1, Trait.ERRORS))
            .map(requests -> requests < 0 ? Integer.MAX_VALUE : requests)
            .sorted()
            .toArray();
    // Of 300 users, 30 have Foundry at 10 %, and few of these may ever name the model.
    assertThat(seen[5]).as("median").isLessThanOrEqualTo(30);
    assertThat(seen[8]).as("9 of 10").isLessThanOrEqualTo(users == 300 && share == 0.1 ? 63 : 40);
  }

  @Test
  void aModelThatIsAlwaysThrottledOrSlowIsTold() {
    int throttled = found(new World(1, 300, 0.5), 0.03, THROTTLED, 1, Trait.THROTTLED);
    int slow = found(new World(2, 300, 0.5), 0.03, null, 4, Trait.LATENCY);
    assertThat(throttled).isBetween(1, 40);
    assertThat(slow).isBetween(1, 120);
  }

  @Test
  void whereNobodyIsWorseNoPartIs() {
    for (int seed = 0; seed < 12; seed++) {
      World world = new World(seed, seed % 2 == 0 ? 50 : 300, seed % 3 == 0 ? 0.5 : 0.1);
      SegmentTests tests = tests();
      for (int i = 0; i < 6_000; i++) {
        tests.add(world.ask(0.03, null, 1));
        assertThat(tests.tick().parts()).noneMatch(SegmentDifference::worse);
      }
    }
  }

  @Test
  void theFailuresOfOneModelAreACrowd() {
    SegmentTests tests = tests();
    for (int i = 0; i < 400; i++) {
      boolean sick = i % 5 == 0;
      tests.add(
          of(sick ? SICK.name() : "model-" + i % 3, 2 * i, sick || i % 50 == 1 ? FAILED : GOOD));
    }
    assertThat(tests.tick().failures().crowd().segment()).isEqualTo(SICK);
    assertThat(tests.tick().failures().sentence())
        .isEqualTo("the last 64 failures: 64 answers 500, of 64 users; 59 of them are model sick");
  }

  @Test
  void failuresEverywhereAreNoCrowd() {
    World world = new World(5, 300, 0.5);
    SegmentTests tests = tests();
    for (int i = 0; i < 3_000; i++) {
      tests.add(world.ask(0.2, null, 1));
    }
    assertThat(tests.tick().failures().crowd()).isNull();
  }

  @Test
  void inventedNamesTakeNoPlaceFromAModelThatIsInUse() {
    SegmentTests tests = tests();
    for (int i = 0; i < 5_000; i++) {
      tests.add(of("invented-" + i, i, GOOD));
      tests.add(of("real-" + i % 8, i % 64, GOOD));
      tests.tick();
    }
    List<String> models =
        tests.tick().parts().stream().map(part -> part.segment().name()).sorted().toList();
    assertThat(models).contains("real-0", "real-7", "the rest").hasSizeLessThanOrEqualTo(17);
  }

  @Test
  void placesAreBoundedHoweverManyNamesThereAre() {
    SegmentTests tests = tests();
    for (int i = 0; i < 20_000; i++) {
      String name = "n" + i % 100;
      Compared.Origin origin =
          new Compared.Origin(
              i % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY,
              EPOCH,
              0,
              i % 977,
              0,
              new ExchangeKind(name, name, name, name));
      tests.add(new Compared(origin, GOOD, 100, false, 1, 1));
      tests.tick();
    }
    assertThat(tests.tick().parts()).hasSize(SegmentTests.PLACES);
    assertThat(tests.state().parts()).hasSize(SegmentTests.PLACES);
  }

  @Test
  void namesOfClientsAreShownAsNames() {
    Segment hostile = new Segment(Segment.Kind.MODEL, "gpt\n\u001b[31m<b>\u202e" + "x".repeat(99));
    assertThat(hostile.name()).startsWith("gpt???31m?b??xx").hasSize(Segment.MOST_LENGTH);
    assertThat(hostile.text()).startsWith("model gpt");
  }

  /** A part that has become nearly all of the traffic is no part any more, and still mends. */
  @Test
  void whatWasFoundOfAPartEndsThoughItHasGrownToBeAll() {
    SegmentTests tests = tests();
    int user = 0;
    while (tests.tick().worse(Trait.ERRORS).stream().noneMatch(SegmentTestsTest::isSick)) {
      Provider provider = user % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      boolean sick = user / 2 % 3 != 0;
      Outcome outcome = sick && provider == Provider.FOUNDRY ? FAILED : GOOD;
      tests.add(exchange(provider, user++, sick ? SICK.name() : "other", outcome));
    }
    for (int i = 0; i < 2_000; i++) {
      Provider provider = user % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      Outcome outcome = provider == Provider.FOUNDRY ? FAILED : GOOD;
      tests.add(exchange(provider, user++, SICK.name(), outcome));
      tests.tick();
    }
    boolean found = true;
    for (int i = 0; found && i < 20_000; i++) {
      Provider provider = user % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      tests.add(exchange(provider, user++, SICK.name(), GOOD));
      found = tests.tick().worse(Trait.ERRORS).stream().anyMatch(SegmentTestsTest::isSick);
    }
    assertThat(found).isFalse();
  }

  private static boolean isSick(SegmentDifference part) {
    return part.segment().equals(SICK);
  }

  private static Compared exchange(Provider provider, int user, String model, Outcome outcome) {
    ExchangeKind kind = new ExchangeKind(model, null, "POST /v1/chat/completions", null);
    Compared.Origin origin = new Compared.Origin(provider, EPOCH, 0, user, 0, kind);
    return new Compared(origin, outcome, 100, false, 10, 1_000);
  }

  @Test
  void overARestartWhatWasFoundStaysFound() {
    World world = new World(6, 300, 0.5);
    SegmentTests before = tests();
    for (int i = 0; i < 4_000; i++) {
      before.add(world.ask(0.05, FAILED, 1));
      before.tick();
    }
    assertThat(before.tick().worse(Trait.ERRORS)).isNotEmpty();
    SegmentTests after = tests();
    after.restore(before.state());
    assertThat(after.tick().worse(Trait.ERRORS))
        .extracting(SegmentDifference::segment)
        .containsExactlyElementsOf(
            before.tick().worse(Trait.ERRORS).stream().map(SegmentDifference::segment).toList());
  }

  @Test
  void aDamagedStateIsRefusedByName() {
    SegmentState damaged = new SegmentState(List.of(new SegmentState.Part(SICK, null)));
    assertThatThrownBy(() -> tests().restore(damaged))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("segments: ")
        .hasMessageContaining("(expected: a part and its state)");
  }

  private static Compared of(String model, int user, Outcome outcome) {
    Compared.Origin origin =
        new Compared.Origin(
            user % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY,
            EPOCH,
            0,
            user,
            0,
            new ExchangeKind(model, null, null, null));
    return new Compared(origin, outcome, 100, false, 1, 1);
  }
}
