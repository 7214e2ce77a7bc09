package com.huntaze.rollout.trace;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @Test
  void readsTheExampleOfTheSpecification() {
    TraceParent parent = TraceParent.parse("00-" + TRACE + "-" + SPAN + "-01");
    assertThat(parent).isEqualTo(new TraceParent(TRACE, SPAN, true));
    assertThat(parent.header()).isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "02", "fe", "10"})
  void theLastBitOfTheFlagsAloneSaysSampled(String flags) {
    TraceParent parent = TraceParent.parse("00-" + TRACE + "-" + SPAN + "-" + flags);
    assertThat(parent.sampled()).isFalse();
    assertThat(parent.header()).endsWith("-00");
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "03", "ff", "0b"})
  void unknownFlagsAreReadOverAndNotSentOn(String flags) {
    TraceParent parent = TraceParent.parse("00-" + TRACE + "-" + SPAN + "-" + flags);
    assertThat(parent.sampled()).isTrue();
    assertThat(parent.header()).endsWith("-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "-what-the-future-will-be-like", "-01-00"})
  void aLaterVersionIsReadAsFarAsItIsKnown(String more) {
    String header = "cc-" + TRACE + "-" + SPAN + "-01" + more;
    assertThat(TraceParent.parse(header)).isEqualTo(new TraceParent(TRACE, SPAN, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ".0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0F-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319\u0661-b7ad6b7169203331-01",
        " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,00-"
      })
  void whatIsMalformedIsAsGoodAsAbsent(String header) {
    assertThat(TraceParent.parse(header)).isNull();
  }

  @Test
  void noHeaderIsNoParentAndALongOneIsNotRead() {
    assertThat(TraceParent.parse(null)).isNull();
    String header = "cc-" + TRACE + "-" + SPAN + "-01-";
    assertThat(TraceParent.parse(header + "x".repeat(512 - header.length()))).isNotNull();
    assertThat(TraceParent.parse(header + "x".repeat(513 - header.length()))).isNull();
  }

  @Property
  void whateverIsReadIsWrittenInAFormThatIsReadTheSame(
      @ForAll
          @StringLength(min = 40, max = 60)
          @CharRange(from = '0', to = '9')
          @CharRange(from = 'a', to = 'f')
          String digits,
      @ForAll String noise) {
    String header =
        digits.substring(0, 2)
            + "-"
            + (digits + digits).substring(2, 34)
            + "-"
            + digits.substring(4, 20)
            + "-"
            + digits.substring(6, 8);
    TraceParent parent = TraceParent.parse(header);
    if (parent != null) {
      assertThat(TraceParent.parse(parent.header())).isEqualTo(parent);
    }
    assertThat(TraceParent.parse(noise)).isNull();
  }
}
