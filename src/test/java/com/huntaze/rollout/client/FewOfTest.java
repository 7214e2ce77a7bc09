package com.huntaze.rollout.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FewOfTest {
  /** Positive numbers come, negative ones go. */
  @Property(tries = 500)
  void isAnOrderedSet(@ForAll @Size(max = 12) List<@IntRange(min = -4, max = 4) Integer> steps) {
    FewOf<Integer> few = new FewOf<>();
    Set<Integer> model = new LinkedHashSet<>();
    for (int step : steps) {
      if (step > 0) {
        few.add(step);
        model.add(step);
      } else {
        few.remove(-step);
        model.remove(-step);
      }
      assertThat(few.all()).containsExactlyElementsOf(model);
      assertThat(few.isEmpty()).isEqualTo(model.isEmpty());
    }
  }

  /** A client that is given up leaves the set while it is walked through. */
  @Property(tries = 100)
  void mayChangeWhileItIsWalkedThrough(@ForAll @IntRange(max = 5) int count) {
    FewOf<Integer> few = new FewOf<>();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      few.add(i);
      expected.add(i);
    }
    List<Integer> seen = new ArrayList<>();
    few.forEach(
        each -> {
          seen.add(each);
          few.remove(each);
          few.add(each + 100);
        });
    assertThat(seen).isEqualTo(expected);
    assertThat(few.all()).hasSize(count);
  }
}
