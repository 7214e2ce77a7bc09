package com.huntaze.rollout.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.canary.Alert;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is raised, and whenever. */
class CooldownsPropertyTest {
  private static final long COOLDOWN = 1_000;

  /** An alert, or a look for what is due. */
  record Event(long after, Alert alert) {}

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<Alert> alerts =
        Combinators.combine(
                Arbitraries.of(Alert.Kind.HOLD, Alert.Kind.THRESHOLD, Alert.Kind.ROLLBACK),
                Arbitraries.of("a", "b", "c", "d"),
                Arbitraries.of("", "1", "2"))
            .as((kind, subject, occasion) -> new Alert(kind, subject, occasion, "s", 0));
    return Combinators.combine(Arbitraries.longs().between(0, 600), alerts.injectNull(0.3))
        .as(Event::new)
        .list()
        .ofMaxSize(200);
  }

  private static List<DueAlert> happened(Cooldowns cooldowns, Event event, long now) {
    List<DueAlert> sent = new ArrayList<>(cooldowns.due(now));
    if (event.alert() != null) {
      cooldowns.offer(event.alert(), now).ifPresent(sent::add);
    }
    return sent;
  }

  @Property
  void noAlertIsSentTwiceWithinItsCoolDownAndEachIsSentOrCounted(
      @ForAll("events") List<Event> events) {
    Cooldowns cooldowns = new Cooldowns(COOLDOWN, 1_000);
    Map<Alert, Long> sentAt = new HashMap<>();
    long now = 0;
    long offered = 0;
    long told = 0;
    for (Event event : events) {
      now += event.after();
      offered += event.alert() == null ? 0 : 1;
      for (DueAlert due : happened(cooldowns, event, now)) {
        Long before = sentAt.put(due.alert(), now);
        assertThat(before == null || now - before >= COOLDOWN).isTrue();
        told += 1 + due.suppressed();
      }
    }
    for (DueAlert due : cooldowns.due(now + COOLDOWN)) {
      told += 1 + due.suppressed();
    }
    assertThat(told).isEqualTo(offered);
  }

  @Property
  void remembersNoMoreThanItHasRoomFor(@ForAll("events") List<Event> events) {
    Cooldowns cooldowns = new Cooldowns(COOLDOWN, 5);
    long now = 0;
    for (Event event : events) {
      now += event.after();
      happened(cooldowns, event, now);
      assertThat(cooldowns.size()).isLessThanOrEqualTo(5);
    }
  }

  @Property
  void aRollbackIsNeverKeptBackForAnotherOne(@ForAll("events") List<Event> events) {
    Cooldowns cooldowns = new Cooldowns(COOLDOWN, 5);
    long now = 0;
    long number = 0;
    for (Event event : events) {
      now += event.after();
      happened(cooldowns, event, now);
      String occasion = "epoch 1-a, change " + number++;
      Alert rollback = new Alert(Alert.Kind.ROLLBACK, "canary foundry", occasion, "s", 0);
      assertThat(cooldowns.offer(rollback, now)).contains(new DueAlert(rollback, 0));
    }
  }
}
