package com.huntaze.rollout.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstDetectionTest {

  @ParameterizedTest
  @CsvSource({
    "30, 0, -1, -1",
    "30, 1, -1, -1",
    "30, 2, -1, -1",
    "30, 3, -1, -1",
    "30, 4, -1, -1",
    "100, 0, 161, 168",
    "100, 1, 234, 254",
    "100, 2, 141, 142",
    "100, 3, 184, 222",
    "100, 4, 214, 230",
    "300, 0, 20, 21",
    "300, 1, 19, 19",
    "300, 2, 9, 10",
    "300, 3, 62, 68",
    "300, 4, 34, 54",
    "1000, 0, 3, 3",
    "1000, 1, 3, 3",
    "1000, 2, 3, 3",
    "1000, 3, 3, 3",
    "1000, 4, 3, 3"
  })
  void theSequentialTestFirstDetectsAtTheGoldenRequest(
      int scenario, int rep, int cumulative, int startMixture) {
    StartMasses atOnce = new StartMasses(new double[] {1}, 0, 1, 0);
    StartMasses spread = new StartMasses(new double[] {0.5}, 0.5, 1440, 0);
    assertThat(detection(scenario, rep, atOnce)).isEqualTo(cumulative);
    assertThat(detection(scenario, rep, spread)).isEqualTo(startMixture);
  }

  private int detection(int scenario, int rep, StartMasses masses) {
    SplittableRandom random = Streams.of(scenario, rep);
    SequentialTest test = new SequentialTest(0.05);
    Mixture wealth = test.start();
    double p = scenario / 1000.0;
    long paid = -1;
    for (int i = 0; i < 24_000; i++) {
      long minute = (long) (3.6 * i / 60);
      Mixture.Mass mass = masses.minutes(paid, minute);
      paid = minute;
      if (i == 0) {
        mass = mass.plus(masses.atStart(0));
      }
      wealth = test.next(wealth, mass, 1, random.nextDouble() < p ? 1 : 0);
      if (wealth.lnE() >= Math.log(100)) {
        return i + 1;
      }
    }
    return -1;
  }
}
