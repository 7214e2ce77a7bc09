package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnRowsTest {
  private final ObservationCounter loop =
      new ObservationCounter("one", Thresholds.of(Health.DEFAULTS));
  private final OwnRows rows = new OwnRows("replica-x");

  OwnRowsTest() {
    loop.began("1-a", 0);
  }

  private void asked(boolean success) {
    loop.open(Provider.FOUNDRY, "1-a", 0).settle(success, 10, 1_000, "m");
    tick();
  }

  private void tick() {
    rows.take(new SourceReport("one", loop.rows(), List.of(), List.of(), false));
    rows.report();
  }

  @Test
  void rowsAreDueOnceASecond() {
    asked(true);
    assertThat(rows.due(10_000)).isPresent();
    asked(true);
    assertThat(rows.due(10_999)).isEmpty();
    assertThat(rows.due(11_000)).isPresent();
  }

  @Test
  void anErrorIsToldAtOnce() {
    asked(true);
    assertThat(rows.due(10_000)).isPresent();
    asked(false);
    assertThat(rows.due(10_250))
        .hasValueSatisfying(
            body ->
                assertThat(RowsJson.read(body).rows().get(0).observed(Provider.FOUNDRY))
                    .isEqualTo(2));
    tick();
    assertThat(rows.due(10_500)).isEmpty();
  }

  @Test
  void aStageThatHasEndedIsNotForgottenUntilItIsSent() {
    asked(true);
    rows.due(10_000);
    asked(true);
    loop.began("1-a", 1);
    tick();
    assertThat(rows.due(11_000))
        .hasValueSatisfying(body -> assertThat(body.getJsonArray("rows")).hasSize(2));
    assertThat(rows.rest(11_001)).isEmpty();
  }

  @Test
  void whoLeavesTellsTheRest() {
    asked(true);
    rows.due(10_000);
    asked(true);
    assertThat(rows.rest(10_001)).isPresent();
  }
}
