package com.huntaze.rollout.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A channel that is dead for long keeps what matters. */
class DeliveryQueuePropertyTest {
  private static final int ROOM = 5;

  private static boolean isCritical(Notice notice) {
    return notice.alert().severity() == Severity.CRITICAL;
  }

  @Property
  void isBoundedAndGivesUpTheOldestThatIsNotCritical(@ForAll List<Alert.Kind> kinds) {
    DeliveryQueue queue = new DeliveryQueue(ROOM, DeliveryQueuePropertyTest::isCritical);
    List<Notice> model = new ArrayList<>();
    int number = 0;
    for (Alert.Kind kind : kinds) {
      Notice notice = Alerts.notice(kind, Integer.toString(number++));
      Optional<Notice> dropped = queue.offer(notice);
      model.add(notice);
      if (model.size() > ROOM) {
        Notice expected =
            model.stream().filter(each -> !isCritical(each)).findFirst().orElse(model.get(0));
        assertThat(dropped).containsSame(expected);
        model.remove(expected);
      } else {
        assertThat(dropped).isEmpty();
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
    for (Notice left : model) {
      assertThat(queue.next()).containsSame(left);
    }
    assertThat(queue.next()).isEmpty();
  }
}
