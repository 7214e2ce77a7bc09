package com.huntaze.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TempoTest {
  @Test
  void halfOfTheFirstTokensComeBeforeTheMedian() {
    assertThat(median(BackendProfile.foundry(0), Fault.none(), Tempo::firstTokenMillis))
        .isCloseTo(180, withinPercentage(5));
    assertThat(median(BackendProfile.legacy(0), Fault.none(), Tempo::firstTokenMillis))
        .isCloseTo(260, withinPercentage(5));
  }

  @Test
  void tokensAreTwentyToSixtyMillisecondsApart() {
    long[] times = times(BackendProfile.foundry(0), Fault.none(), Tempo::nextTokenMillis);

    assertThat(Arrays.stream(times)).allMatch(millis -> millis >= 20 && millis <= 60);
  }

  @Test
  void paceAndFaultMultiply() {
    BackendProfile profile = BackendProfile.foundry(0).withPace(0.5);

    assertThat(median(profile, Fault.slow(10), Tempo::answerMillis))
        .isCloseTo(2_100, withinPercentage(5));
  }

  @Test
  void aTimeIsNeverBelowWhatATimerTakes() {
    BackendProfile profile = BackendProfile.foundry(0).withPace(1e-9);

    assertThat(times(profile, Fault.none(), Tempo::nextTokenMillis)).containsOnly(1);
  }

  private static long median(BackendProfile profile, Fault fault, ToLongFunction<Tempo> time) {
    long[] times = times(profile, fault, time);
    Arrays.sort(times);
    return times[times.length / 2];
  }

  private static long[] times(BackendProfile profile, Fault fault, ToLongFunction<Tempo> time) {
    return LongStream.range(0, 10_000)
        .map(n -> time.applyAsLong(new Tempo(profile, fault, Chance.of(profile.seed(), n))))
        .toArray();
  }
}
