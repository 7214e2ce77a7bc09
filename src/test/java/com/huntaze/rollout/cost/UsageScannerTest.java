package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.cost.UsageFixtures.Fixture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageScannerTest {
  static List<Fixture> fixtures() {
    return UsageFixtures.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void readsUsageModelAndCost(Fixture fixture) {
    assertRead(fixture, scan(fixture, bytes(fixture.body()), Integer.MAX_VALUE, 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void readsTheSameWhereverTheAnswerIsCutInTwo(Fixture fixture) {
    byte[] body = bytes(fixture.body());
    String whole = told(fixture, body, Integer.MAX_VALUE, 0);
    for (int cut = 0; cut <= body.length; cut++) {
      assertThat(told(fixture, body, cut, 0)).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void readsTheSameByteByByteAndInSmallPieces(Fixture fixture) {
    byte[] body = bytes(fixture.body());
    String whole = told(fixture, body, Integer.MAX_VALUE, 0);
    for (int size : new int[] {1, 2, 3, 7, 64}) {
      assertThat(told(fixture, body, 0, size)).as("pieces of %d", size).isEqualTo(whole);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void survivesEveryTruncationAndEveryFlippedByte(Fixture fixture) {
    byte[] body = bytes(fixture.body());
    for (int i = 0; i < body.length; i++) {
      byte[] damaged = body.clone();
      damaged[i] ^= 0x21;
      scan(fixture, damaged, Integer.MAX_VALUE, 0);
      scan(fixture, java.util.Arrays.copyOf(body, i), Integer.MAX_VALUE, 0);
    }
  }

  private static UsageScanner events(String text) {
    return scan(true, bytes(text.replace('\'', '"')), Integer.MAX_VALUE, 0, UsageListener.NONE);
  }

  @Test
  void aStreamTellsTheItemsOfItsAnswer() {
    UsageScanner scanner =
        events(
            """
            data: {'type':'response.created','response':{'id':'resp_1','output':[]}}

            data: {'type':'response.output_item.added','item':{'type':'reasoning','id':'rs_1'}}

            data: {'type':'response.output_item.done','item':{'id':'rs_1','summary':[{'id':'x'}]}}

            data: {'type':'response.output_item.added','item':{'id':'msg_1','status':'in_progress'}}

            data: {'type':'response.output_text.delta','item_id':'msg_1','delta':'hi'}

            data: {'type':'response.output_item.added','item':null}

            """);
    assertThat(scanner.responseId()).isEqualTo("resp_1");
    assertThat(scanner.itemIds()).containsExactly("rs_1", "msg_1");
    assertThat(scanner.threadId()).isNull();
  }

  @Test
  void noMoreItemsAreKeptThanItMay() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      many.append("data: {'item':{'id':'msg_").append(i).append("'}}\n\n");
    }
    assertThat(events(many.toString()).itemIds()).hasSize(64).contains("msg_0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'id':'thread_1','object':'thread'} | thread_1",
        "{'id':'run_1','object':'thread.run','thread_id':'thread_1'} | thread_1",
        "{'id':'run_1','object':'thread.run'} |",
        "{'id':'chatcmpl-1','choices':[{'delta':{'content':'hi','thread_id':'thread_1'}}]} |",
        "{'id':7,'thread_id':null} |",
      })
  void aStreamTellsTheThreadThatItHasMade(String event, String thread) {
    assertThat(events("data: " + event + "\n\n").threadId()).isEqualTo(thread);
  }

  private static void assertRead(Fixture fixture, UsageScanner scanner) {
    assertThat(scanner.usage()).isEqualTo(fixture.usage());
    assertThat(scanner.model()).isEqualTo(fixture.model());
    assertThat(scanner.reportedCost()).isEqualTo(fixture.reportedNano());
  }

  private static UsageScanner scan(Fixture fixture, byte[] body, int cut, int size) {
    return scan(fixture.events(), body, cut, size, UsageListener.NONE);
  }

  /** Feeds the body in two pieces, or in pieces of {@code size} where that is not 0. */
  private static UsageScanner scan(
      boolean events, byte[] body, int cut, int size, UsageListener listener) {
    UsageScanner scanner = events ? UsageScanner.ofEvents(listener) : UsageScanner.ofJson(listener);
    if (size > 0) {
      for (int at = 0; at < body.length; at += size) {
        scanner.feed(body, at, Math.min(body.length, at + size));
      }
    } else {
      int first = Math.min(cut, body.length);
      scanner.feed(body, 0, first);
      scanner.feed(body, first, body.length);
    }
    scanner.end();
    return scanner;
  }

  /** All that a scanner says, the offsets included, as one text. */
  private static String told(Fixture fixture, byte[] body, int cut, int size) {
    List<String> told = new ArrayList<>();
    UsageScanner scanner = scan(fixture.events(), body, cut, size, noting(told));
    return told
        + " "
        + scanner.usage()
        + scanner.model()
        + scanner.deployment()
        + scanner.region()
        + scanner.reportedCost()
        + scanner.unreportedText();
  }

  /** A listener that writes down what it hears. */
  static UsageListener noting(List<String> told) {
    return new UsageListener() {
      @Override
      public void usage(long closesAt, boolean empty, Set<Detail> present) {
        told.add("usage " + closesAt + empty + present);
      }

      @Override
      public void noUsage(long from, long to) {
        told.add("none " + from + ".." + to);
      }

      @Override
      public void event(long from, long to, boolean alone) {
        // After a CR that ends a piece, the LF that follows is not known yet.
        told.add("event " + alone);
      }
    };
  }

  @Test
  void tellsWhereTheUsageObjectClosesAndWhatItHas() {
    String body = "{\"usage\":{\"prompt_tokens\":1,\"model\":\"x\",\"cost_usd\":0.5} }";
    List<String> told = new ArrayList<>();
    scan(false, bytes(body), 0, 1, noting(told));
    assertThat(told).containsExactly("usage " + (body.indexOf("} }")) + "false[MODEL, COST_USD]");
  }

  @Test
  void tellsWhereNullStandsForTheUsage() {
    String body = "{\"model\":\"m\",\"usage\": null,\"a\":{\"usage\":null}}";
    List<String> told = new ArrayList<>();
    scan(false, bytes(body), 5, 0, noting(told));
    int at = body.indexOf("null");
    assertThat(told).containsExactly("none " + at + ".." + (at + 4));
  }

  @Test
  void tellsOfEachEventWhetherItIsUsageAlone() {
    String first = "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":1}}\n\n";
    String second = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\r\n\r\n";
    String third = "data: {\"choices\":[]}\n\n";
    List<String> told = new ArrayList<>();
    UsageScanner scanner =
        UsageScanner.ofEvents(
            new UsageListener() {
              @Override
              public void event(long from, long to, boolean alone) {
                told.add(from + ".." + to + " " + alone);
              }
            });
    byte[] body = bytes(first + second + third);
    scanner.feed(body, 0, body.length);
    int middle = first.length() + second.length();
    assertThat(told)
        .containsExactly(
            "0.." + first.length() + " false", first.length() + ".." + middle + " true");
  }

  @Test
  void readsTheUsageBehindAnAnswerOfMegabytesAndKeepsNothingOfIt() {
    UsageScanner scanner = UsageScanner.ofEvents(UsageListener.NONE);
    byte[] head =
        bytes("data: {\"type\":\"response.completed\",\"response\":{\"output\":[{\"t\":\"");
    byte[] filling = bytes("lorem \\\" ipsum ".repeat(1_000));
    byte[] tail = bytes("\"}],\"usage\":{\"input_tokens\":5,\"output_tokens\":6}}}\n\n");
    scanner.feed(head, 0, head.length);
    for (int i = 0; i < 500; i++) {
      scanner.feed(filling, 0, filling.length);
    }
    scanner.feed(tail, 0, tail.length);
    assertThat(scanner.usage()).isEqualTo(Usage.of(5, 6));
  }

  @Test
  void passesOverJsonThatIsDeepAndNeverCloses() {
    UsageScanner scanner = UsageScanner.ofJson(UsageListener.NONE);
    byte[] deep = bytes("{\"usage\":".repeat(20_000) + "[".repeat(20_000));
    scanner.feed(deep, 0, deep.length);
    scanner.end();
    assertThat(scanner.usage()).isNull();
  }

  @Test
  void takesNoCountThatIsNone() {
    for (String count : List.of("-1", "1.5", "\"7\"", "1e3", "9999999999999999", "true", "null")) {
      UsageScanner scanner = UsageScanner.ofJson(UsageListener.NONE);
      byte[] body = bytes("{\"usage\":{\"prompt_tokens\":" + count + "}}");
      scanner.feed(body, 0, body.length);
      assertThat(scanner.usage()).as(count).isNull();
    }
  }

  @Test
  void countsTheTextSinceTheUsageWasToldLast() {
    UsageScanner scanner = UsageScanner.ofEvents(UsageListener.NONE);
    byte[] before =
        bytes("data: {\"choices\":[{\"delta\":{\"content\":\"abc\",\"role\":\"assistant\"}}]}\n\n");
    byte[] usage = bytes("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n");
    scanner.feed(before, 0, before.length);
    assertThat(scanner.unreportedText()).isEqualTo(3);
    scanner.feed(usage, 0, usage.length);
    assertThat(scanner.unreportedText()).isZero();
    scanner.feed(before, 0, before.length);
    assertThat(scanner.unreportedText()).isEqualTo(3);
  }

  /** A stream that breaks off is billed by what it had said, whatever that is called. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[{'delta':{'content':'abc'}}]}",
        "{'choices':[{'delta':{'reasoning_content':'abc'}}]}",
        "{'choices':[{'delta':{'content':null,'reasoning':'abc'}}]}",
        "{'choices':[{'delta':{'refusal':'abc'}}]}",
        "{'choices':[{'text':'abc'}]}",
        "{'choices':[{'delta':{'tool_calls':[{'function':{'arguments':'abc'}}]}}]}",
        "{'type':'content_block_delta','delta':{'type':'text_delta','text':'abc'}}",
        "{'type':'content_block_delta','delta':{'type':'thinking_delta','thinking':'abc'}}",
        "{'type':'content_block_delta','delta':{'partial_json':'abc'}}",
        "{'type':'response.output_text.delta','delta':'abc'}"
      })
  void countsTheTextOfEachDialect(String event) {
    UsageScanner scanner = UsageScanner.ofEvents(UsageListener.NONE);
    byte[] bytes = bytes("data: " + event.replace('\'', '"') + "\n\n");
    scanner.feed(bytes, 0, bytes.length);
    assertThat(scanner.unreportedText()).isEqualTo(3);
  }

  /** Pieces of answers, the usage that is left of them, and the cost that they told. */
  static Stream<Arguments> merged() {
    String full = "{'prompt_tokens':100,'completion_tokens':50,'total_tokens':150}";
    Usage all = Usage.of(100, 50);
    return Stream.of(
        Arguments.of(List.of(full, "{'completion_tokens':0}"), all),
        Arguments.of(List.of(full, "{'prompt_tokens':0,'completion_tokens':0}"), all),
        Arguments.of(List.of(full, "{}"), all),
        Arguments.of(List.of(full, "{'prompt_tokens':-1,'completion_tokens':-1}"), all),
        Arguments.of(List.of(full, "{'prompt_tokens':null}"), all),
        Arguments.of(List.of("{'prompt_tokens':100}", "{'completion_tokens':50}"), all),
        Arguments.of(List.of("{'completion_tokens':50}", "{'prompt_tokens':100}"), all),
        Arguments.of(List.of("{'prompt_tokens':-1}", full), all),
        Arguments.of(
            List.of(full, "{'prompt_tokens':100,'completion_tokens':51}"), Usage.of(100, 51)),
        Arguments.of(
            List.of(full, "{'prompt_tokens_details':{'cached_tokens':64}}"),
            new Usage(100, 50, 64, 0, 0)),
        Arguments.of(List.of("{'prompt_tokens':8}"), Usage.of(8, 0)),
        Arguments.of(List.of("{'total_tokens':8}"), Usage.of(8, 0)));
  }

  @ParameterizedTest
  @MethodSource("merged")
  void whatWasToldIsNeverUndone(List<String> usages, Usage expected) {
    for (String lineEnd : List.of("\n", "\r\n")) {
      StringBuilder stream = new StringBuilder();
      for (String usage : usages) {
        stream.append("data: {'choices':[],'usage':%s}".formatted(usage).replace('\'', '"'));
        stream.append(lineEnd).append(lineEnd);
      }
      byte[] body = bytes(stream.toString());
      for (int cut = 0; cut < body.length; cut++) {
        UsageScanner scanner = scan(true, body, cut, 0, UsageListener.NONE);
        assertThat(scanner.usage()).as("cut at %d", cut).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'completion_tokens':5}",
        "{'completion_tokens':0}",
        "{'prompt_tokens':-1,'completion_tokens':5}",
        "{'prompt_tokens':5,'completion_tokens':-1}",
        "{'prompt_tokens':-1,'completion_tokens':-1,'total_tokens':-1}",
        "{'prompt_tokens_details':{'cached_tokens':0}}",
        "{'completion_tokens_details':{'reasoning_tokens':3}}",
        "{'cache_read_input_tokens':7}",
        "{}"
      })
  void aFragmentAloneTellsNothing(String usage) {
    String text = "{'choices':[],'usage':%s}".formatted(usage).replace('\'', '"');
    assertThat(scan(false, bytes(text), 0, 1, UsageListener.NONE).usage()).isNull();
    String stream = "data: " + text + "\n\n";
    assertThat(scan(true, bytes(stream), 0, 1, UsageListener.NONE).usage()).isNull();
  }

  @Test
  void aCostThatWasToldIsNotLowered() {
    String stream =
        "data: {\"usage\":{\"prompt_tokens\":1,\"cost\":0.001089}}\n\n"
            + "data: {\"usage\":{\"cost\":0}}\n\ndata: {\"usage\":{\"cost\":-1}}\n\n";
    UsageScanner scanner = scan(true, bytes(stream), 0, 1, UsageListener.NONE);
    assertThat(scanner.reportedCost()).hasValue(1_089_000);
  }

  @Test
  void anEventIsToldToItsLastByteWhereverACrlfIsCut() {
    String before = "data: {\"choices\":[{}]}\r\n\r\n";
    String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\r\n\r\n";
    byte[] body = bytes(before + usage + "data: [DONE]\r\n\r\n");
    for (int cut = 0; cut <= body.length; cut++) {
      long[] told = {0, 0};
      UsageListener listener =
          new UsageListener() {
            @Override
            public void event(long from, long to, boolean alone) {
              told[0] = from;
              told[1] = to;
            }

            @Override
            public void lineFeed(long at) {
              assertThat(at).isEqualTo(told[1]);
              told[1]++;
            }
          };
      scan(true, body, cut, 0, listener);
      assertThat(told)
          .as("cut at %d", cut)
          .containsExactly(before.length(), before.length() + usage.length());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
