package com.huntaze.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a provider calls its model, an alert of it is a line. */
class AlertTextPropertyTest {
  @Provide
  Arbitrary<String> anything() {
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMaxLength(60),
        Arbitraries.strings()
            .withChars('\r', '\n', '\u2028', '\u202e', '\ud83d', '\ude00', 'a', ' ', '\u0085')
            .ofMaxLength(60));
  }

  @Property
  void isOneLineOfBoundedLengthThatEveryEncodingTakes(@ForAll("anything") String text) {
    String line = AlertText.line(text, 40);
    assertThat(line.length()).isLessThanOrEqualTo(40);
    assertThat(line.chars()).noneMatch(Character::isISOControl);
    assertThat(line.codePoints())
        .noneMatch(c -> Character.getType(c) == Character.FORMAT)
        .noneMatch(c -> Character.getType(c) == Character.LINE_SEPARATOR)
        .noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    assertThat(new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(line);
    assertThat(AlertText.line(line, 40)).isEqualTo(line);
  }

  @Example
  void keepsWhatIsHarmlessAndShowsWhereItIsCut() {
    assertThat(AlertText.line("error rate 66.7 % > 5.0 %", 40))
        .isEqualTo("error rate 66.7 % > 5.0 %");
    assertThat(AlertText.line("DeepSeek-R1\r\nBcc: x", 40)).isEqualTo("DeepSeek-R1  Bcc: x");
    assertThat(AlertText.line("0123456789", 8)).isEqualTo("01234...");
  }

  @Example
  void everyKindHasALabelOfItsOwnAndOppositesAreMutual() {
    for (Alert.Kind kind : Alert.Kind.values()) {
      assertThat(Alert.Kind.of(kind.label())).contains(kind);
      kind.opposite().ifPresent(other -> assertThat(other.opposite()).contains(kind));
    }
  }
}
