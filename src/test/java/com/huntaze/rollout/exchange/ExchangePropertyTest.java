package com.huntaze.rollout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.exchange.Fate.End;
import com.huntaze.rollout.exchange.Fate.Until;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exchange's machine in every combination of fault, phase, replay, budget, fallback and
 * hold-back. {@link ExchangeDriver} holds each step against what must never happen: settled once,
 * nothing to the client after its end, no attempt after the first byte, nothing repeated that may
 * not be, no deadline passed, nothing left open.
 */
class ExchangePropertyTest {
  private static final int RUNS = 50;

  /** Each fault at each phase; the other dimensions are run through within. */
  static Stream<Arguments> cells() {
    return Stream.of(Until.values())
        .flatMap(until -> Stream.of(End.values()).map(end -> Arguments.of(until, end)));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void nothingThatMustNotHappenHappens(Until until, End end) {
    for (int bits = 0; bits < 16; bits++) {
      boolean repeatable = (bits & 1) != 0;
      boolean fallback = (bits & 2) != 0;
      int budget = (bits & 4) == 0 ? 0 : 9;
      long holdBack = (bits & 8) == 0 ? 200 : 120_000;
      for (int run = 0; run < RUNS; run++) {
        Random random =
            new Random(((long) until.ordinal() << 32) + end.ordinal() * 977L + bits * 31 + run);
        List<Fate> fates = new ArrayList<>(List.of(new Fate(until, end)));
        IntStream.range(0, 8).forEach(more -> fates.add(fate(random)));
        run(random, fates, repeatable, fallback, budget, holdBack);
      }
    }
  }

  private static Fate fate(Random random) {
    Until until = Until.values()[random.nextInt(Until.values().length)];
    return new Fate(until, End.values()[random.nextInt(End.values().length)]);
  }

  private static void run(
      Random random,
      List<Fate> fates,
      boolean repeatable,
      boolean fallback,
      int budget,
      long holdBack) {
    ExchangeWorld world = new ExchangeWorld(random.nextInt(2_000_000) - 1_000_000, budget);
    world.chance = random.nextDouble();
    world.doubtful = random.nextInt(4) == 0;
    world.paused = random.nextInt(4) == 0;
    world.withdrawn = random.nextInt(8) == 0;
    world.bodyKept = random.nextInt(8) != 0;
    for (Provider provider : Provider.values()) {
      if (random.nextInt(8) == 0) {
        world.open.add(provider);
      }
    }
    ExchangeDriver driver =
        new ExchangeDriver(
                world,
                ExchangeWorld.limits(holdBack),
                ExchangeWorld.terms(Provider.FOUNDRY, fallback, repeatable),
                fates)
            .run();
    bounds(driver, world, fallback, budget);
  }

  private static void bounds(
      ExchangeDriver driver, ExchangeWorld world, boolean fallback, int budget) {
    long foundry = driver.attempts.stream().filter(Provider.FOUNDRY::equals).count();
    long legacy = driver.attempts.size() - foundry;
    driver.must(foundry <= 1 + ExchangeWorld.MAX_RETRIES, "too many attempts at Foundry");
    driver.must(legacy <= 1 + ExchangeWorld.MAX_RETRIES, "too many attempts at legacy");
    driver.must(fallback || legacy == 0, "legacy without a fallback");
    driver.must(driver.attempts.size() <= 2 + budget, "more attempts than the budget has");
    driver.must(driver.settled.size() == driver.attempts.size(), "an attempt without an end");
    boolean could =
        fallback
            && driver.state.terms.repeatable()
            && world.bodyKept
            && !world.open.contains(Provider.LEGACY)
            && driver.code == ErrorCode.FOUNDRY_UNAVAILABLE;
    driver.must(!could || legacy > 0, "the last resort was not asked");
  }

  @Provide
  Arbitrary<List<Fate>> fates() {
    return Arbitraries.of(ExchangeModel.FATES).list().ofSize(6);
  }

  @Property(tries = 3_000)
  void doesWhatThePlainModelDoes(
      @ForAll("fates") List<Fate> fates,
      @ForAll boolean fallback,
      @ForAll boolean repeatable,
      @ForAll Provider chosen) {
    for (int budget = 0; budget < 5; budget++) {
      boolean allowed = fallback && chosen == Provider.FOUNDRY;
      ExchangeModel model = new ExchangeModel(allowed, repeatable, budget).run(chosen, fates);
      ExchangeDriver driver =
          new ExchangeDriver(
                  new ExchangeWorld(-5_000, budget),
                  ExchangeWorld.limits(200),
                  ExchangeWorld.terms(chosen, allowed, repeatable),
                  fates)
              .run();
      String what = fates.stream().map(Fate::toString).collect(Collectors.joining(", "));
      assertThat(driver.attempts).as(what).isEqualTo(model.attempts);
      assertThat(driver.ending).as(what).isEqualTo(model.ending);
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void aClientThatLeavesStopsEverythingAtOnce(Until until, End end) {
    for (int steps = 0; steps < 12; steps++) {
      ExchangeDriver driver =
          new ExchangeDriver(
              new ExchangeWorld(0, 9),
              ExchangeWorld.limits(200),
              ExchangeWorld.terms(Provider.FOUNDRY, true, true),
              List.of(new Fate(until, end)));
      driver.stopAfter(steps);
      assertThat(driver.state.phase()).isEqualTo(ExchangeState.Phase.ENDED);
    }
  }

  @Test
  void aStreamThatHasBegunMayLastLongerThanItsFirstContentMay() {
    ExchangeWorld world = new ExchangeWorld(0, 9);
    ExchangeDriver driver =
        new ExchangeDriver(
            world,
            ExchangeWorld.limits(200),
            ExchangeWorld.terms(Provider.FOUNDRY, true, true),
            List.of(new Fate(Until.RELAYING_STREAM, End.WELL)));
    driver.untilRelaying();
    while (world.millis() < 2 * ExchangeWorld.TO_FIRST_CONTENT) {
      world.pass(ExchangeWorld.IDLE / 2);
      world.answerByte();
      driver.tell(new ExchangeEvent.DeadlineReached());
    }
    assertThat(driver.run().ending).isEqualTo(ExchangeDriver.Ending.FINISHED);
  }

  /** Every event in every phase: what comes too late changes nothing, and nothing throws. */
  @ParameterizedTest
  @MethodSource("events")
  void isTotal(ExchangeEvent event) {
    for (Until until : Until.values()) {
      for (int steps = 0; steps < 8; steps++) {
        new ExchangeDriver(
                new ExchangeWorld(0, 9),
                ExchangeWorld.limits(200),
                ExchangeWorld.terms(Provider.FOUNDRY, true, true),
                List.of(new Fate(until, End.WELL)))
            .strangeAfter(steps, event);
      }
    }
  }

  static Stream<ExchangeEvent> events() {
    return Stream.of(
        new ExchangeEvent.Ready(),
        new ExchangeEvent.Admitted(),
        new ExchangeEvent.Refused(),
        new ExchangeEvent.Settled(),
        new ExchangeEvent.Kept(true, Meaning.TRANSIENT_STATUS.outcome(503)),
        new ExchangeEvent.Relayed(Meaning.COMPLETE.outcome()),
        new ExchangeEvent.Hinted(),
        new ExchangeEvent.DeadlineReached(),
        new ExchangeEvent.ProbeUp(Provider.FOUNDRY),
        new ExchangeEvent.ProbeUp(Provider.LEGACY),
        new ExchangeEvent.BreakerClosed(Provider.FOUNDRY),
        new ExchangeEvent.BreakerClosed(Provider.LEGACY));
  }
}
