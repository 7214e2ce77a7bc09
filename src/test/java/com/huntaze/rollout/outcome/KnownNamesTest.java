package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownNamesTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aKnownNameIsThatVeryStringAndNoOtherIsAny() {
    Set<String> known = Dialect.names();
    KnownNames names = new KnownNames(known);
    for (String name : known) {
      byte[] longer = bytes(name + "x");
      assertThat(names.of(longer, longer.length - 1)).isSameAs(find(known, name));
      assertThat(names.of(longer, longer.length)).as(name + "x").isNull();
    }
    assertThat(known).contains("choices", "message", "content", "finish_reason", "[]", "usage");
  }

  private static String find(Set<String> known, String name) {
    return known.stream().filter(name::equals).findFirst().orElseThrow();
  }

  @Test
  void nothingNoAsciiAndHalfOfANameAreNotKnown() {
    KnownNames names = new KnownNames(List.of("content"));
    assertThat(names.of(bytes(""), 0)).isNull();
    assertThat(names.of(bytes("conten"), 6)).isNull();
    assertThat(names.of(bytes("ä"), 2)).isNull();
  }

  @Test
  void theyAreFoundHoweverManyThereAre() {
    List<String> many = IntStream.range(0, 5_000).mapToObj(Integer::toString).toList();
    KnownNames names = new KnownNames(many);
    assertThat(many)
        .allSatisfy(name -> assertThat(names.of(bytes(name), name.length())).isEqualTo(name));
  }
}
