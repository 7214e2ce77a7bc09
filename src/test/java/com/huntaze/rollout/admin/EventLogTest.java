package com.huntaze.rollout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLogTest {
  private final EventLog log = new EventLog("here", 3, 1_000);

  private void add(int events) {
    for (int i = 0; i < events; i++) {
      log.add("state", "{}");
    }
  }

  @Test
  void eventsAreNumberedAndWrittenAsTheStandardHasThem() {
    assertThat(log.add("state", "{\"a\":1}")).isEqualTo(1);
    assertThat(log.frame(1)).hasToString("id: here-1\nevent: state\ndata: {\"a\":1}\n\n");
  }

  @Test
  void theOldestEventsGoWhenThereAreTooMany() {
    add(5);
    assertThat(log.first()).isEqualTo(3);
    assertThat(log.last()).isEqualTo(5);
    assertThat(log.frame(3).toString()).startsWith("id: here-3\n");
  }

  @Test
  void theOldestEventsGoWhenTheyAreTooLarge() {
    log.add("state", "x".repeat(600));
    log.add("state", "y".repeat(600));
    assertThat(log.first()).isEqualTo(2);
  }

  @Test
  void oneEventIsKeptHoweverLargeItIs() {
    log.add("state", "x".repeat(5_000));
    assertThat(log.first()).isEqualTo(1);
    assertThat(log.last()).isEqualTo(1);
  }

  @Test
  void whoKnowsNothingAndAsksForNothingBeginsWithWhatIsNew() {
    add(2);
    assertThat(log.begin(null)).isEqualTo(3);
    assertThat(log.continues(null)).isFalse();
  }

  @Test
  void whoComesBackGoesOnAfterTheLastEventThatItHas() {
    add(3);
    assertThat(log.begin("here-2")).isEqualTo(3);
    assertThat(log.continues("here-2")).isTrue();
    assertThat(log.begin("here-3")).isEqualTo(4);
    assertThat(log.continues("here-3")).isTrue();
  }

  @Test
  void whoWasAwayForTooLongGetsAllThatIsLeftAndIsTold() {
    add(9);
    assertThat(log.begin("here-5")).isEqualTo(7);
    assertThat(log.continues("here-5")).isFalse();
    assertThat(log.continues("here-6")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "there-2", "here-99", "here--1", "here-x", "here-", "", "2"})
  void anIdThatIsNotOfThisProcessBeginsWithAllThatIsKept(String id) {
    add(3);
    assertThat(log.begin(id)).isEqualTo(1);
    assertThat(log.continues(id)).isFalse();
  }
}
