package com.huntaze.rollout.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseFramerTest {
  private static RecordedEvents read(String stream) {
    return RecordedEvents.of(stream.getBytes(StandardCharsets.UTF_8), 64, List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void endsLinesWithLfCrOrBoth(String end) {
    String stream = "event: a~data: 1~data:2~~:hi~data: 3~~".replace("~", end);
    assertThat(read(stream).told).containsExactly("a|1\n2", ":hi", "null|3");
  }

  @Test
  void takesOneSpaceFromAValue() {
    assertThat(read("data:  x \n\ndata:y\n\n").told).containsExactly("null| x ", "null|y");
  }

  @Test
  void skipsAByteOrderMarkAtTheStartOnly() {
    assertThat(read("\uFEFFdata: 1\n\n\uFEFFdata: 2\n\n").told).containsExactly("null|1");
  }

  @Test
  void reportsATypeWithoutData() {
    assertThat(read("event: error\n\n").told).containsExactly("error|");
  }

  @Test
  void keepsAnEmptyDataLineAndDropsAnEventWithoutAny() {
    assertThat(read("data\n\ndata:\n\nid: 7\nretry: 1\n\nevent:\n\n").told)
        .containsExactly("null|", "null|");
  }

  @Test
  void forgetsTheTypeAfterItsEvent() {
    assertThat(read("event: a\ndata: 1\n\ndata: 2\n\n").told).containsExactly("a|1", "null|2");
  }

  @Test
  void findsNoBoundaryInsideAnEvent() {
    RecordedEvents events = read("data: 1\n\ndata: 2\n");
    assertThat(events.boundaries).containsExactly(9);
    assertThat(events.framer.atBoundary()).isFalse();
  }

  @Test
  void findsABoundaryAfterACommentBetweenEvents() {
    assertThat(read(": ping\n").framer.atBoundary()).isTrue();
    assertThat(read("data: 1\n: ping\n").framer.atBoundary()).isFalse();
  }

  @Test
  void movesTheBoundaryOverTheLfOfACutCrLf() {
    byte[] stream = "data: 1\r\n\r\ndata".getBytes(StandardCharsets.UTF_8);
    assertThat(RecordedEvents.of(stream, 64, List.of(10)).boundaries).containsExactly(10, 11);
  }

  @Test
  void skipsAnOversizedEventUpToItsEnd() {
    String large = "x".repeat(40);
    String stream = "event: big\ndata: " + large + "\ndata: " + large + "\n\ndata: 1\n\n";
    assertThat(read(stream).told).containsExactly("oversized|big|" + large + "\nxx", "null|1");
  }

  @Test
  void reportsTheHeadOfALineThatIsOversizedItself() {
    byte[] stream = ("data: " + "x".repeat(900) + "\n\n").getBytes(StandardCharsets.UTF_8);
    assertThat(RecordedEvents.of(stream, 512, List.of(3)).told)
        .containsExactly("oversized|null|" + "x".repeat(256));
  }

  @Test
  void isNotAtABoundaryWhileItSkips() {
    RecordedEvents events = read("data: " + "x".repeat(100) + "\n");
    assertThat(events.boundaries).isEmpty();
  }

  @Test
  void cutsALongCommentAndStillSeesTheNextEvent() {
    assertThat(read(":" + "c".repeat(500) + "\ndata: 1\n\n").told)
        .containsExactly(":" + "c".repeat(64), "null|1");
  }

  @Test
  void reportsTheLastEventOfAStreamThatEndsWithoutABlankLine() {
    RecordedEvents events = read("data: 1\n\ndata: [DONE]");
    events.framer.end();
    assertThat(events.told).containsExactly("null|1", "null|[DONE]");
  }

  @Test
  void hasNothingToReportAtACleanEnd() {
    RecordedEvents events = read("data: 1\n\n");
    events.framer.end();
    assertThat(events.told).containsExactly("null|1");
  }

  @Test
  void refusesALimitBelowOne() {
    assertThatThrownBy(() -> new RecordedEvents(0)).hasMessage("maxEventBytes: 0 (expected: 1..)");
  }
}
