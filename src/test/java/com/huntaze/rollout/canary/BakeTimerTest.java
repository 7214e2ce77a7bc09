package com.huntaze.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Assessment.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BakeTimerTest {
  private static final Assessment ANEW =
      new Assessment(Kind.HEALTHY, false, "healthy", "", "", List.of(), true, false, Map.of());

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

  @Test
  void aNoticeIsToldOnceWhenItBeginsAndChangesNothing() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    judge(driver, 2);
    long before = driver.state().health().healthyMillis();
    driver.judge(noticed("answers 404 50.0 % of 60"));
    driver.judge(noticed("answers 404 51.0 % of 61"));
    assertThat(driver.alerts())
        .containsExactly("THRESHOLD: Foundry differs from legacy: answers 404 50.0 % of 60");
    assertThat(driver.state().health().healthyMillis()).isEqualTo(before + 2 * MachineDriver.TICK);
    judge(driver, 1);
    driver.judge(noticed("answers 404 9.0 % of 99"));
    assertThat(driver.alerts()).hasSize(2);
  }

  @Test
  void newsAreToldEachTimeTheyCome() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    judge(driver, 2);
    long before = driver.state().health().healthyMillis();
    Assessment.News first = new Assessment.News(Alert.Kind.THRESHOLD, "a share", "3 % of 10 %");
    Assessment.News second = new Assessment.News(Alert.Kind.THRESHOLD, "another", "5 % of 50 %");
    driver.judge(
        new Assessment(
            Kind.HEALTHY, true, "healthy", "", "", List.of(first, second), false, false, Map.of()));
    judge(driver, 1);
    assertThat(driver.alerts()).containsExactly("THRESHOLD: 3 % of 10 %", "THRESHOLD: 5 % of 50 %");
    assertThat(driver.state().health().healthyMillis()).isEqualTo(before + 2 * MachineDriver.TICK);
  }

  private static Assessment noticed(String sentence) {
    return new Assessment(
        Kind.HEALTHY, true, "healthy", "", sentence, List.of(), false, false, Map.of());
  }

  private static void judge(MachineDriver driver, int times) {
    for (int i = 0; i < times; i++) {
      driver.judge(MachineDriver.assessment(Kind.HEALTHY));
    }
  }
}
