package com.huntaze.rollout.alert;

import static com.huntaze.rollout.alert.Alerts.of;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Alert.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Alerts that are kept back, and their fate. */
class CooldownsTest {
  private static final Alert HOLD = of(Kind.HOLD, "canary");
  private static final Alert OPEN = of(Kind.BREAKER_OPEN, "foundry");
  private static final Alert CLOSED = of(Kind.BREAKER_CLOSED, "foundry");

  private final Cooldowns cooldowns = new Cooldowns(1_000, 10);

  @Test
  void sendsTheFirstAndKeepsItsLikeBackUntilTheTimeIsOver() {
    assertThat(cooldowns.offer(HOLD, 0)).contains(new DueAlert(HOLD, 0));
    assertThat(cooldowns.offer(HOLD, 400)).isEmpty();
    assertThat(cooldowns.offer(HOLD, 999)).isEmpty();
    assertThat(cooldowns.due(999)).isEmpty();
    assertThat(cooldowns.due(1_000)).containsExactly(new DueAlert(HOLD, 1));
    assertThat(cooldowns.due(5_000)).isEmpty();
  }

  @Test
  void whatIsRepeatedAtTheEndIsTheNewestAndBeginsAnotherCoolDown() {
    Alert newest = new Alert(Kind.HOLD, "canary", "", "newest", 7);
    cooldowns.offer(HOLD, 0);
    cooldowns.offer(newest, 10);
    assertThat(cooldowns.due(1_000)).containsExactly(new DueAlert(newest, 0));
    assertThat(cooldowns.offer(HOLD, 1_500)).isEmpty();
    assertThat(cooldowns.due(2_000)).containsExactly(new DueAlert(HOLD, 0));
  }

  @Test
  void oneThatComesAfterTheTimeTellsOfThoseThatWereKeptBack() {
    cooldowns.offer(HOLD, 0);
    cooldowns.offer(HOLD, 10);
    cooldowns.offer(HOLD, 20);
    assertThat(cooldowns.offer(HOLD, 3_000)).contains(new DueAlert(HOLD, 2));
  }

  @Test
  void anotherKindSubjectOrOccasionIsAnotherAlert() {
    assertThat(cooldowns.offer(HOLD, 0)).isPresent();
    assertThat(cooldowns.offer(of(Kind.THRESHOLD, "canary"), 0)).isPresent();
    assertThat(cooldowns.offer(of(Kind.HOLD, "other"), 0)).isPresent();
    assertThat(cooldowns.offer(new Alert(Kind.HOLD, "canary", "epoch 2", "s", 0), 0)).isPresent();
  }

  @Test
  void nobodyIsToldOfWhatIsOverAgain() {
    cooldowns.offer(OPEN, 0);
    cooldowns.offer(CLOSED, 100);
    cooldowns.offer(OPEN, 200);
    cooldowns.offer(CLOSED, 300);
    assertThat(cooldowns.due(1_200)).containsExactly(new DueAlert(CLOSED, 0));
  }

  @Test
  void theEndOfAnOccasionIsThatOfAllThatWasToldOfItAndOfNoOther() {
    Alert slow = new Alert(Kind.THRESHOLD, "canary", "stage 1, latency", "slow", 0);
    Alert later = new Alert(Kind.THRESHOLD, "canary", "stage 10", "slow", 0);
    for (Alert each : List.of(slow, slow, later, later)) {
      cooldowns.offer(each, 0);
    }
    cooldowns.offer(new Alert(Kind.THRESHOLD_OVER, "canary", "stage 1", "well", 0), 100);
    assertThat(cooldowns.due(1_200)).containsExactly(new DueAlert(later, 0));
  }

  /** It would end the incident of what has begun since. */
  @Test
  void anEndThatIsKeptBackIsNotSentOnceSomethingOfItsOccasionHasBegun() {
    Alert end = new Alert(Kind.THRESHOLD_OVER, "canary", "stage 1", "well", 0);
    cooldowns.offer(end, 0);
    cooldowns.offer(end, 100);
    cooldowns.offer(new Alert(Kind.THRESHOLD, "canary", "stage 1, costs", "dear", 0), 200);
    assertThat(cooldowns.due(1_300)).isEmpty();
  }

  @Test
  void whatIsNotOverIsToldAtTheEnd() {
    cooldowns.offer(OPEN, 0);
    cooldowns.offer(CLOSED, 100);
    cooldowns.offer(OPEN, 200);
    assertThat(cooldowns.due(1_200)).containsExactly(new DueAlert(OPEN, 0));
  }

  @Test
  void withoutACoolDownEveryAlertIsSent() {
    Cooldowns none = new Cooldowns(0, 10);
    assertThat(none.offer(HOLD, 0)).isPresent();
    assertThat(none.offer(HOLD, 0)).isPresent();
    assertThat(none.size()).isZero();
  }
}
