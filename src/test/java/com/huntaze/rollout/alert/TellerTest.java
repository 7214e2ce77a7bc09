package com.huntaze.rollout.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Alert.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class TellerTest {
  private final Teller teller = new Teller();

  private static Notice notice(Kind kind, String occasion) {
    Alert alert = new Alert(kind, "canary foundry", occasion, "it has happened", 1_000);
    return new Notice(NoticeId.of(alert), alert, AlertOrigin.UNKNOWN, 0);
  }

  @Test
  void whoIsAloneTellsAtOnce() {
    assertThat(teller.offer(notice(Kind.ROLLBACK, "1"), 0)).isTrue();
    assertThat(teller.tells(true, 1)).isEmpty();
  }

  @Test
  void besideALeaderOnlyWhatIsTheReplicasOwnIsTold() {
    teller.tells(false, 0);
    assertThat(teller.offer(notice(Kind.ROLLBACK, "1"), 0)).isFalse();
    assertThat(teller.offer(notice(Kind.PROVIDER_DOWN, ""), 0)).isTrue();
    assertThat(teller.tells(false, Teller.KEPT_MILLIS)).isEmpty();
  }

  /** The leader may have died before it told anybody. */
  @Test
  void whatWasKeptIsToldWhenTheLeaderFallsSilent() {
    teller.tells(false, 0);
    Notice early = notice(Kind.ROLLBACK, "1");
    Notice late = notice(Kind.ROLLBACK, "2");
    teller.offer(early, 0);
    teller.offer(late, 5_000);
    assertThat(teller.tells(true, Teller.KEPT_MILLIS + 1)).isEqualTo(List.of(late));
    assertThat(teller.tells(true, Teller.KEPT_MILLIS + 2)).isEmpty();
  }

  @Test
  void whatIsKeptIsBounded() {
    teller.tells(false, 0);
    for (int i = 0; i < 500; i++) {
      teller.offer(notice(Kind.ROLLBACK, "change " + i), 0);
    }
    List<Notice> due = teller.tells(true, 1);
    assertThat(due).hasSize(100);
    assertThat(due.get(99).alert().occasion()).isEqualTo("change 499");
  }

  @Test
  void anEventOfTheRolloutHasOneIdWhoeverTellsIt() {
    assertThat(notice(Kind.ROLLBACK, "1").id())
        .isEqualTo(notice(Kind.ROLLBACK, "1").id())
        .matches("msg_[0-9a-f]{32}")
        .isNotEqualTo(notice(Kind.ROLLBACK, "2").id())
        .isNotEqualTo(notice(Kind.ROLLBACK_OVER, "1").id());
    assertThat(notice(Kind.PROVIDER_DOWN, "1").id())
        .isNotEqualTo(notice(Kind.PROVIDER_DOWN, "1").id());
  }

  /** A hold that begins again at the same stage is another page. */
  @Test
  void aHoldThatComesAgainLaterHasAnotherId() {
    Alert first = new Alert(Kind.HOLD, "canary foundry", "stage 1", "held", 0);
    Alert soon = new Alert(Kind.HOLD, "canary foundry", "stage 1", "held for 2 s", 2_000);
    Alert later = new Alert(Kind.HOLD, "canary foundry", "stage 1", "held", 3_600_000);
    assertThat(NoticeId.of(soon)).isEqualTo(NoticeId.of(first));
    assertThat(NoticeId.of(later)).isNotEqualTo(NoticeId.of(first));
  }
}
