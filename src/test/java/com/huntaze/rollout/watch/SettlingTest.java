package com.huntaze.rollout.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Files that are written, half-written and never still, by a clock of the test's own. */
class SettlingTest {
  private final Settling files = new Settling("a");

  @Test
  void filesThatStayTheSameAreNotToldOf() {
    assertThat(look("a", 0)).isFalse();
    assertThat(look("a", 10_000)).isFalse();
    assertThat(files.isMoving()).isFalse();
  }

  @Test
  void aChangeIsToldOfOnceAndWhenItHasBeenStill() {
    assertThat(look("b", 0)).isFalse();
    assertThat(files.isMoving()).isTrue();
    assertThat(look("b", 149)).isFalse();
    assertThat(look("b", 150)).isTrue();
    assertThat(files.isMoving()).isFalse();
    assertThat(look("b", 300)).isFalse();
  }

  @Test
  void whatIsBeingWrittenIsNotToldOfHalfWay() {
    assertThat(look("half", 0)).isFalse();
    assertThat(look("whole", 100)).isFalse();
    assertThat(look("whole", 200)).isFalse();
    assertThat(look("whole", 250)).isTrue();
  }

  @Test
  void aWriterThatNeverStopsIsToldOfAfterTwoSeconds() {
    int told = 0;
    for (int at = 0; at < 2_000; at += 100) {
      told += look("write " + at, at) ? 1 : 0;
    }
    assertThat(told).isZero();
    assertThat(look("write 2000", 2_000)).isTrue();
  }

  @Test
  void aChangeThatIsTakenBackIsNone() {
    look("b", 0);
    assertThat(look("a", 50)).isFalse();
    assertThat(look("a", 200)).isFalse();
    assertThat(files.isMoving()).isFalse();
  }

  /** Whoever is told last has been told of what the files look like at the end. */
  @Property(tries = 200)
  void theLastStateIsToldOfHoweverOftenItIsLookedAt(
      @ForAll @Size(max = 40) List<@IntRange(max = 3) Integer> states,
      @ForAll @IntRange(min = 1, max = 700) int step) {
    Settling some = new Settling("0");
    List<String> told = new ArrayList<>(List.of("0"));
    long at = 0;
    String last = "0";
    for (int state : states) {
      last = Integer.toString(state);
      if (some.look(last, TimeUnit.MILLISECONDS.toNanos(at))) {
        assertThat(told.get(told.size() - 1)).isNotEqualTo(last);
        told.add(last);
      }
      at += step;
    }
    for (int i = 0; i < 3; i++, at += 200) {
      if (some.look(last, TimeUnit.MILLISECONDS.toNanos(at))) {
        told.add(last);
      }
    }
    assertThat(told.get(told.size() - 1)).isEqualTo(last);
    assertThat(some.isMoving()).isFalse();
  }

  private boolean look(String now, long millis) {
    return files.look(now, TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
