package com.huntaze.rollout.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** A map that ignores case says what has to be found. */
class FieldTableTest {
  private static final List<String> NAMES =
      List.of("te", "via", "host", "connection", "x-api-key", "api-key", "x_odd", "x-odd");

  @Property(tries = 4_000)
  void findsWhatAMapFinds(@ForAll("names") String name) {
    Map<String, Integer> expected = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    FieldTable table = new FieldTable();
    for (int i = 0; i < NAMES.size(); i++) {
      expected.put(NAMES.get(i), 1 << i);
      table.add(1 << i, List.of(NAMES.get(i)));
    }
    assertThat(table.bits(name)).isEqualTo(expected.getOrDefault(name, 0));
  }

  /** Names of the table in any case, and names that are nearly one of them. */
  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> known = Arbitraries.of(NAMES);
    return Arbitraries.oneOf(
        known,
        known.map(name -> name.toUpperCase(Locale.ROOT)),
        known.map(name -> Character.toUpperCase(name.charAt(0)) + name.substring(1)),
        known.map(name -> name + "x"),
        known.map(name -> name.replace('-', '\r')),
        Arbitraries.strings().withCharRange('!', '~').ofMaxLength(12));
  }

  @Test
  void joinsTheBitsOfANameThatComesTwice() {
    FieldTable table = new FieldTable().add(1, List.of("via", "te")).add(4, List.of("via"));
    assertThat(table.bits("VIA")).isEqualTo(5);
    assertThat(table.bits("Te")).isEqualTo(1);
    assertThat(table.bits("")).isZero();
  }

  @Test
  void refusesMoreNamesThanItFindsQuickly() {
    List<String> many = IntStream.range(0, 129).mapToObj(i -> "name-" + i).toList();
    assertThatThrownBy(() -> new FieldTable().add(1, many))
        .hasMessage("names: 129 (expected: at most 128)");
  }
}
