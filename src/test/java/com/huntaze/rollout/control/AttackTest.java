package com.huntaze.rollout.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attack with a few seeds; {@code JudgeReport} runs them with many. */
class AttackTest {
  private static final int SEEDS = 1;

  static List<Attack> attacks() {
    return Attack.all(false);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void endsAsItMust(Attack attack) {
    Attack.Runs runs = attack.runs(SEEDS);
    assertThat(runs.results()).as(attack.expected()).filteredOn(attack.kept().negate()).isEmpty();
  }
}
