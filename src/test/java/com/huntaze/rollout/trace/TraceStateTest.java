package com.huntaze.rollout.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStateTest {
  private static String members(int count, String value) {
    return IntStream.range(0, count)
        .mapToObj(i -> "k" + i + "=" + value)
        .collect(Collectors.joining(","));
  }

  @Test
  void passesAsItCameInOneField() {
    assertThat(TraceState.bounded(List.of("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")))
        .isEqualTo("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    assertThat(TraceState.bounded(List.of("a=1 , b=2\t,", ",c=x y", "t61@rojo=3")))
        .isEqualTo("a=1,b=2,c=x y,t61@rojo=3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", " , ,\t"})
  void noMemberIsNoHeader(String field) {
    assertThat(TraceState.bounded(List.of(field))).isNull();
    assertThat(TraceState.bounded(List.of())).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a=",
        "=1",
        "A=1",
        "1a=1",
        "a b=1",
        "a =1",
        "a=1=2",
        "a=1,a=2",
        "a=\u0001",
        "a=\u00e9",
        "a=1,b",
        "a@=1",
        "@a=1",
        "a@b@c=1",
        "a@bcdefghijklmnop=1"
      })
  void oneMalformedOrRepeatedMemberTakesAllWithIt(String field) {
    assertThat(TraceState.bounded(List.of(field))).isNull();
  }

  @Test
  void thirtyTwoMembersPassAndThirtyThreeDoNot() {
    assertThat(TraceState.bounded(List.of(members(32, "1")))).isEqualTo(members(32, "1"));
    assertThat(TraceState.bounded(List.of(members(33, "1")))).isNull();
    assertThat(TraceState.bounded(List.of(members(20, "1"), members(20, "1")))).isNull();
  }

  @Test
  void keysAndValuesHaveTheirOwnBounds() {
    assertThat(TraceState.bounded(List.of("a" + "b".repeat(255) + "=1"))).isNotNull();
    assertThat(TraceState.bounded(List.of("a" + "b".repeat(256) + "=1"))).isNull();
    assertThat(TraceState.bounded(List.of("a=" + "v".repeat(256)))).isNotNull();
    assertThat(TraceState.bounded(List.of("a=" + "v".repeat(257)))).isNull();
  }

  @Test
  void whatIsTooLongLosesLargeMembersFirstAndThenTheLast() {
    String large = "large=" + "v".repeat(200);
    String small = members(10, "v".repeat(40));
    assertThat(TraceState.bounded(List.of(large, small))).isEqualTo(small);
    String kept = TraceState.bounded(List.of(members(20, "v".repeat(40))));
    assertThat(kept).hasSizeLessThanOrEqualTo(512).startsWith("k0=").doesNotContain("k19=");
    assertThat(members(20, "v".repeat(40))).startsWith(kept);
  }

  @Property
  void anythingIsRefusedOrWithinBounds(@ForAll List<String> fields) {
    String kept = TraceState.bounded(fields);
    if (kept != null) {
      assertThat(kept.length()).isBetween(3, 512);
      assertThat(TraceState.bounded(List.of(kept))).isEqualTo(kept);
    }
  }
}
