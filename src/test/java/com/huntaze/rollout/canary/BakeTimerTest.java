package com.huntaze.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Assessment.Kind;
import com.huntaze.rollout.provider.ProviderMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BakeTimerTest {
  private static final Assessment ANEW =
      new Assessment(
          Kind.HEALTHY, false, "healthy", Set.of(), "", "", List.of(), true, false, Map.of());

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
    assertThat(driver.alerts()).as("it is not over before it has been well for a while").hasSize(1);
    judge(driver, 600);
    assertThat(driver.alerts().get(1))
        .isEqualTo("THRESHOLD_OVER: Foundry has been within its limits for 600 s: HEALTHY");
    driver.judge(noticed("answers 404 9.0 % of 99"));
    assertThat(driver.alerts()).hasSize(3);
  }

  /** Whoever mends the first and looks away would not see the second. */
  @Test
  void aSecondLimitIsToldWhileTheFirstIsStillExceeded() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    driver.judge(breached("slow", "latency"));
    driver.judge(breached("slow; dear", "latency", "cost"));
    driver.judge(breached("dear", "cost"));
    driver.judge(breached("slow; dear", "latency", "cost"));
    assertThat(driver.alerts())
        .containsExactly(
            "THRESHOLD: Foundry exceeds a limit: slow",
            "THRESHOLD: Foundry exceeds a limit: slow; dear");
    assertThat(occasions(driver))
        .as("neither is kept back for the other")
        .containsExactly("epoch 1-a, stage 0", "epoch 1-a, stage 0, cost");
    driver.judge(noticed("answers 404 50.0 % of 60"));
    assertThat(driver.alerts().get(2)).startsWith("THRESHOLD: Foundry differs from legacy: ");
  }

  /** One that decides nothing may last for days: a breach beside it comes and goes. */
  @Test
  void aLimitIsToldAgainBesideANoticeThatLasts() {
    for (Assessment lasting : List.of(noticed("answers 404 50.0 % of 60"), served())) {
      MachineDriver driver = new MachineDriver();
      driver.order(MachineDriver.start());
      driver.judge(breached("slow", "latency"));
      driver.judge(lasting);
      int before = driver.alerts().size();
      driver.judgeUntil(lasting, one -> false, MachineDriver.HOUR);
      assertThat(driver.alerts()).as("the notice is not over").hasSize(before);
      driver.judge(breached("slow again", "latency"));
      assertThat(driver.alerts().get(before))
          .isEqualTo("THRESHOLD: Foundry exceeds a limit: slow again");
      judge(driver, 700);
      assertThat(kinds(driver)).endsWith(Alert.Kind.THRESHOLD, Alert.Kind.THRESHOLD_OVER);
    }
  }

  @Test
  void aHoldIsNotOverBecauseSomethingWorseBegins() {
    MachineDriver driver = held();
    driver.judge(breached("slow", "latency"));
    assertThat(kinds(driver)).containsExactly(Alert.Kind.HOLD, Alert.Kind.THRESHOLD);
    judge(driver, 1);
    assertThat(kinds(driver)).endsWith(Alert.Kind.THRESHOLD, Alert.Kind.HOLD_OVER);
  }

  @Test
  void aHoldThatAPersonEndsSaysSo() {
    MachineDriver driver = held();
    driver.order(MachineDriver.pause());
    driver.judge(MachineDriver.assessment(Kind.HOLD));
    assertThat(driver.alerts().get(1))
        .isEqualTo("HOLD_OVER: The canary is not held any more: a person has paused it");
  }

  /** It judges its own traffic, and another one's incident is not its to end. */
  @Test
  void whoFollowsEndsNothingThatItHasNotTold() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    driver.tell(new Input.Follows());
    judge(driver, 5);
    assertThat(ended(driver)).containsExactly(Alert.Kind.STATE_DURABLE);
  }

  @Test
  void nothingIsOverByARollbackThatAnotherReplicaHasMade() {
    MachineDriver driver = held();
    Rollout told = driver.state();
    driver.order(MachineDriver.rollback());
    Transition rollback = driver.effects(Effect.Mark.class).get(0).rollback();
    Input.Learned learned =
        new Input.Learned(
            new Saved(rollback.after(), 0, OptionalInt.empty(), Map.of(), List.of(rollback)));
    Step step = driver.stepFrom(told, learned);
    assertThat(step.after().snapshot().rolledBack()).isTrue();
    assertThat(step.effects()).noneMatch(Effect.Alarm.class::isInstance);
  }

  @Test
  void whoIsStartedInModeLegacyEndsWhatAnotherMayHaveTold() {
    MachineDriver driver = new MachineDriver(ProviderMode.LEGACY);
    driver.judge(Assessment.NONE);
    driver.judge(Assessment.NONE);
    assertThat(ended(driver)).containsExactly(Alert.Kind.HOLD_OVER, Alert.Kind.THRESHOLD_OVER);
  }

  /** Once a process: another share is no other process. */
  @Test
  void anotherShareEndsNothingOnceMore() {
    MachineDriver driver = MachineDriver.quick();
    driver.order(MachineDriver.start());
    driver.judgeUntil(MachineDriver.PROVEN, one -> one.percentage() == 100, MachineDriver.HOUR);
    driver.order(MachineDriver.reset());
    driver.order(MachineDriver.start());
    judge(driver, 5);
    assertThat(ended(driver)).hasSize(3);
  }

  @Test
  void aLimitIsNotOverForWantOfData() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    driver.judge(breached("slow", "latency"));
    driver.judgeUntil(MachineDriver.assessment(Kind.HOLD), one -> false, MachineDriver.HOUR);
    assertThat(kinds(driver)).containsExactly(Alert.Kind.THRESHOLD, Alert.Kind.HOLD);
    judge(driver, 1);
    assertThat(kinds(driver).subList(2, 4))
        .containsExactlyInAnyOrder(Alert.Kind.HOLD_OVER, Alert.Kind.THRESHOLD_OVER);
  }

  @Test
  void aHoldIsOverWhenThereIsNoneAnyMore() {
    MachineDriver driver = held();
    judge(driver, 3);
    assertThat(driver.alerts())
        .containsExactly(
            "HOLD: The canary has been held for 600 s: HOLD",
            "HOLD_OVER: The canary is not held any more: HEALTHY");
    assertThat(occasions(driver).get(1)).isEqualTo(occasions(driver).get(0));
  }

  @Test
  void aPersonWhoChoosesAnotherShareEndsWhatWasToldOfTheOneBefore() {
    MachineDriver advanced = held();
    advanced.order(MachineDriver.advance());
    assertThat(advanced.alerts().get(1))
        .isEqualTo("HOLD_OVER: The canary is not held any more: the share is 50 % now");
    MachineDriver reset = held();
    reset.order(MachineDriver.reset());
    assertThat(kinds(reset)).containsExactly(Alert.Kind.HOLD, Alert.Kind.HOLD_OVER);
    MachineDriver breached = new MachineDriver();
    breached.order(MachineDriver.start());
    breached.judge(breached("slow", "latency"));
    breached.order(MachineDriver.reset());
    assertThat(breached.alerts().get(1))
        .startsWith("THRESHOLD_OVER: What was told of Foundry's limits counts no more: the share");
  }

  /** It was bad a moment ago: nothing shows that less of it is well. */
  @Test
  void aSmallerShareDoesNotEndALimitByItself() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    driver.judge(breached("slow", "latency"));
    driver.order(MachineDriver.set(5));
    driver.judge(breached("slow", "latency"));
    assertThat(kinds(driver)).containsExactly(Alert.Kind.THRESHOLD);
    judge(driver, 600);
    assertThat(kinds(driver)).containsExactly(Alert.Kind.THRESHOLD, Alert.Kind.THRESHOLD_OVER);
  }

  @Test
  void aPromotionAndARollbackSayItThemselves() {
    MachineDriver promoted = MachineDriver.quick();
    promoted.order(MachineDriver.start());
    promoted.judge(breached("slow", "latency"));
    promoted.judgeUntil(MachineDriver.PROVEN, one -> one.percentage() == 50, MachineDriver.HOUR);
    assertThat(kinds(promoted)).endsWith(Alert.Kind.PROMOTION);
    MachineDriver rolledBack = held();
    rolledBack.order(MachineDriver.rollback());
    assertThat(kinds(rolledBack)).containsExactly(Alert.Kind.HOLD, Alert.Kind.ROLLBACK);
    rolledBack.order(MachineDriver.reset());
    assertThat(kinds(rolledBack)).endsWith(Alert.Kind.ROLLBACK, Alert.Kind.ROLLBACK_OVER);
  }

  @Test
  void aNoticeIsToldBesideALimitThatBeginsWithIt() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    driver.judge(
        new Assessment(
            Kind.BREACHED,
            false,
            "slow",
            Set.of("latency"),
            "",
            "answers 404 50.0 % of 60",
            List.of(),
            false,
            false,
            Map.of()));
    assertThat(driver.alerts())
        .containsExactlyInAnyOrder(
            "THRESHOLD: Foundry differs from legacy: answers 404 50.0 % of 60",
            "THRESHOLD: Foundry exceeds a limit: slow");
  }

  /** News tell of it; its end closes what they have opened, and no other limit's end does. */
  @Test
  void aShareThatIsNotServedIsOverWhenItIsServed() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    driver.judge(breached("slow", "latency"));
    driver.judge(served("3 % of 10 %"));
    for (int i = 0; i < 700; i++) {
      driver.judge(served());
    }
    assertThat(kinds(driver)).containsExactly(Alert.Kind.THRESHOLD, Alert.Kind.THRESHOLD);
    judge(driver, 600);
    assertThat(kinds(driver)).endsWith(Alert.Kind.THRESHOLD, Alert.Kind.THRESHOLD_OVER);
  }

  private static Assessment served(String... told) {
    List<Assessment.News> news =
        Arrays.stream(told)
            .map(each -> new Assessment.News(Alert.Kind.THRESHOLD, "a share", each))
            .toList();
    return new Assessment(
        Kind.HEALTHY,
        false,
        "healthy",
        Set.of(Assessment.SHARE),
        "",
        "",
        news,
        false,
        false,
        Map.of());
  }

  @Test
  void inModeLegacyNothingIsHeldAnyMore() {
    MachineDriver driver = held();
    driver.mode(ProviderMode.LEGACY);
    judge(driver, 1);
    assertThat(driver.alerts().get(1))
        .isEqualTo(
            "HOLD_OVER: The canary is not held any more: everything goes to legacy, and nothing is"
                + " judged");
  }

  /** The process that told of a hold may be gone: its successor ends the incident, once. */
  @Test
  void whoBeginsToLeadEndsWhatAnotherMayHaveTold() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    driver.judgeUntil(MachineDriver.assessment(Kind.HOLD), one -> false, 60_000);
    assertThat(ended(driver)).as("by its first write").containsExactly(Alert.Kind.STATE_DURABLE);
    judge(driver, 5);
    assertThat(ended(driver))
        .containsExactly(Alert.Kind.STATE_DURABLE, Alert.Kind.HOLD_OVER, Alert.Kind.THRESHOLD_OVER);
    assertThat(driver.alerts()).isEmpty();
  }

  private static List<Alert.Kind> ended(MachineDriver driver) {
    return driver.effects(Effect.Well.class).stream().map(each -> each.end().kind()).toList();
  }

  private static MachineDriver held() {
    MachineDriver driver = new MachineDriver();
    driver.order(MachineDriver.start());
    driver.judgeUntil(MachineDriver.assessment(Kind.HOLD), one -> false, MachineDriver.HOUR);
    return driver;
  }

  private static List<Alert.Kind> kinds(MachineDriver driver) {
    return driver.effects(Effect.Alarm.class).stream().map(each -> each.alert().kind()).toList();
  }

  private static List<String> occasions(MachineDriver driver) {
    return driver.effects(Effect.Alarm.class).stream()
        .map(each -> each.alert().occasion())
        .toList();
  }

  private static Assessment breached(String sentence, String... metrics) {
    return new Assessment(
        Kind.BREACHED, false, sentence, Set.of(metrics), "", "", List.of(), false, false, Map.of());
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
            Kind.HEALTHY,
            true,
            "healthy",
            Set.of(),
            "",
            "",
            List.of(first, second),
            false,
            false,
            Map.of()));
    judge(driver, 1);
    assertThat(driver.alerts()).containsExactly("THRESHOLD: 3 % of 10 %", "THRESHOLD: 5 % of 50 %");
    assertThat(driver.state().health().healthyMillis()).isEqualTo(before + 2 * MachineDriver.TICK);
  }

  private static Assessment noticed(String sentence) {
    return new Assessment(
        Kind.HEALTHY, true, "healthy", Set.of(), "", sentence, List.of(), false, false, Map.of());
  }

  private static void judge(MachineDriver driver, int times) {
    for (int i = 0; i < times; i++) {
      driver.judge(MachineDriver.assessment(Kind.HEALTHY));
    }
  }
}
