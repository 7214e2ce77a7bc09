package com.huntaze.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Assessment.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final Assessment ANEW =
      new Assessment(Kind.HEALTHY, false, "healthy", "", true, Map.of());

  @Test
  void aJudgeThatBeginsAnewBeginsTheTimeOfHealthToo() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    judge(driver, 10);
    long before = driver.state().health().healthyMillis();
    assertThat(before).isGreaterThan(8 * MachineDriver.TICK);
    driver.judge(ANEW);
    assertThat(driver.state().health().healthyMillis()).isLessThanOrEqualTo(MachineDriver.TICK);
    judge(driver, 3);
    assertThat(driver.state().health().healthyMillis()).isGreaterThan(MachineDriver.TICK);
  }

  private static void judge(MachineDriver driver, int times) {
    for (int i = 0; i < times; i++) {
      driver.judge(MachineDriver.assessment(Kind.HEALTHY));
    }
  }
}
