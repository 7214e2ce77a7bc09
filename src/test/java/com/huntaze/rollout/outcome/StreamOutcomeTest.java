package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.sse.SseFramer;
import com.huntaze.rollout.sse.SseListener;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The meaning of whole streams, wherever they are cut and however their lines end. */
class StreamOutcomeTest {
  private static final Outcome COMPLETE = Meaning.COMPLETE.outcome();
  private static final Outcome WORDLESS = Meaning.WORDLESS.outcome();
  private static final Outcome EMPTY = Meaning.EMPTY_ANSWER.outcome();
  private static final Outcome INCOMPLETE = Meaning.INCOMPLETE.outcome();
  private static final Outcome ERROR = Meaning.ERROR_EVENT.outcome();

  private static final String ROLE =
      "data: {'choices':[{'delta':{'role':'assistant','content':''},'finish_reason':null}]}\n\n";
  private static final String FILTER = "data: {'choices':[],'prompt_filter_results':[]}\n\n";
  private static final String HI =
      "data: {'choices':[{'delta':{'content':'hi'},'finish_reason':null}]}\n\n";
  private static final String STOP = "data: {'choices':[{'delta':{},'finish_reason':'stop'}]}\n\n";
  private static final String USAGE = "data: {'choices':[],'usage':{'prompt_tokens':1}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";
  private static final String START =
      "event: message_start\ndata: {'type':'message_start','message':{'content':[]}}\n\n";
  private static final String BLOCK =
      "event: content_block_start\ndata: {'type':'content_block_start','index':0}\n\n";
  private static final String TEXT =
      "event: content_block_delta\ndata: {'type':'content_block_delta','delta':"
          + "{'type':'text_delta','text':'hi'}}\n\n";
  private static final String JSON =
      "event: content_block_delta\ndata: {'type':'content_block_delta','delta':"
          + "{'type':'input_json_delta','partial_json':'{'}}\n\n";
  private static final String END_TURN =
      "event: message_delta\ndata: {'type':'message_delta','delta':{'stop_reason':'end_turn'}}\n\n";
  private static final String MESSAGE_STOP =
      "event: message_stop\ndata: {'type':'message_stop'}\n\n";
  private static final String CREATED =
      "event: response.created\ndata: {'type':'response.created','response':{'error':null}}\n\n";
  private static final String OUTPUT =
      "event: response.output_text.delta\n"
          + "data: {'type':'response.output_text.delta','delta':'hi'}\n\n";
  private static final String COMPLETED =
      "event: response.completed\ndata: {'type':'response.completed','response':{}}\n\n";

  private static final String GEMINI_TEXT =
      "data: {'candidates':[{'content':{'parts':[{'text':'hi'}],'role':'model'}}]}\n\n";
  private static final String GEMINI_CALL =
      "data: {'candidates':[{'content':{'parts':[{'functionCall':{'name':'f'}}]}}]}\n\n";
  private static final String GEMINI_STOP =
      "data: {'candidates':[{'content':{'parts':[{'text':''}]},'finishReason':'STOP'}]}\n\n";
  private static final String GEMINI_BLOCKED =
      "data: {'promptFeedback':{'blockReason':'SAFETY'},'usageMetadata':{}}\n\n";
  private static final String GEMINI_NOTHING =
      "data: {'candidates':[{'content':{'role':'model'}}],'usageMetadata':{}}\n\n";

  /** A stream and what it is. */
  record Fixture(Outcome outcome, String text) {
    byte[] bytes(String lineEnd) {
      return text.replace('\'', '"').replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);
    }
  }

  private static Fixture is(Outcome outcome, String... events) {
    return new Fixture(outcome, String.join("", events));
  }

  static List<Fixture> fixtures() {
    return List.of(
        is(COMPLETE, ROLE, HI, STOP, DONE),
        is(COMPLETE, GEMINI_NOTHING, GEMINI_TEXT, GEMINI_TEXT, GEMINI_STOP),
        is(WORDLESS, GEMINI_CALL, GEMINI_STOP),
        is(WORDLESS, GEMINI_BLOCKED),
        is(INCOMPLETE, GEMINI_TEXT, GEMINI_TEXT),
        is(EMPTY, GEMINI_NOTHING),
        is(ERROR, GEMINI_TEXT, "data: {'error':{'code':503,'status':'UNAVAILABLE'}}\n\n"),
        is(COMPLETE, "\uFEFF", FILTER, ROLE, HI, STOP, USAGE, DONE),
        is(COMPLETE, ROLE, HI, DONE),
        is(COMPLETE, ROLE, HI, STOP),
        is(COMPLETE, HI, "data:[DONE]"),
        is(COMPLETE, ROLE, HI.replace("]}\n", "],'error':{}}\n"), STOP, DONE),
        is(COMPLETE, "data: {'error':{},'choices':[{'text':'x'}]}\n\n", DONE),
        is(COMPLETE, START, BLOCK, TEXT, END_TURN, MESSAGE_STOP),
        is(COMPLETE, CREATED, OUTPUT, COMPLETED),
        is(COMPLETE, "data: {'output':'a','usage':null}\n\n"),
        is(COMPLETE, "data: hello\n\n"),
        is(WORDLESS, ROLE, STOP, DONE),
        is(WORDLESS, ROLE, "data: {'choices':[{'delta':{'refusal':'no'}}]}\n\n", STOP, DONE),
        is(WORDLESS, "data: {'choices':[{'delta':{'tool_calls':[{'index':0}]}}]}\n\n", STOP),
        is(WORDLESS, START, END_TURN, MESSAGE_STOP),
        is(WORDLESS, START, BLOCK, JSON, END_TURN, MESSAGE_STOP),
        is(WORDLESS, CREATED, COMPLETED),
        is(EMPTY, ""),
        is(EMPTY, ": ping\n\n: ping\n\n"),
        is(EMPTY, DONE),
        is(EMPTY, "data:[DONE]"),
        is(EMPTY, ROLE),
        is(EMPTY, ROLE, DONE),
        is(EMPTY, FILTER, USAGE, DONE),
        is(EMPTY, START, MESSAGE_STOP),
        is(EMPTY, START),
        is(EMPTY, CREATED),
        is(EMPTY, "<html><body>no</body></html>\n"),
        is(EMPTY, "{'error':{'message':'x'}}\n"),
        is(INCOMPLETE, ROLE, HI),
        is(INCOMPLETE, ROLE, HI, USAGE),
        is(INCOMPLETE, HI, "data: {'choices':[{'delta':{'content':'ha"),
        is(INCOMPLETE, START, BLOCK, TEXT, END_TURN),
        is(INCOMPLETE, CREATED, OUTPUT),
        is(ERROR, "data: {'error':{'message':'x'}}\n\n"),
        is(ERROR, "data: {'error':{}}\n\n"),
        is(ERROR, HI, "data: {'error':{'message':'x'},'choices':[]}\n\n", DONE));
  }

  @Provide
  Arbitrary<Fixture> streams() {
    return Arbitraries.of(fixtures());
  }

  private static Outcome judge(byte[] stream, int first, int size) {
    StreamJudge judge = new StreamJudge();
    SseFramer framer =
        new SseFramer(
            new SseListener() {
              @Override
              public void event(String type, byte[] data, int from, int to) {
                judge.event(type, data, from, to);
              }
            });
    int at = 0;
    int next = Math.min(first, stream.length);
    while (at < stream.length) {
      framer.feed(stream, at, next);
      at = next;
      next = Math.min(stream.length, at + size);
    }
    framer.end();
    return judge.outcome(true);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void isWhatItIsWhereverItIsCut(Fixture fixture) {
    for (String lineEnd : new String[] {"\n", "\r\n", "\r"}) {
      byte[] stream = fixture.bytes(lineEnd);
      for (int cut = 0; cut <= stream.length; cut++) {
        assertThat(judge(stream, cut, Integer.MAX_VALUE / 2))
            .as("cut at %d", cut)
            .isEqualTo(fixture.outcome());
      }
    }
  }

  @Property(tries = 300)
  void isWhatItIsInPiecesOfAnySize(@ForAll("streams") Fixture fixture, @ForAll byte size) {
    int piece = 1 + Math.abs(size % 17);
    assertThat(judge(fixture.bytes("\r\n"), piece, piece)).isEqualTo(fixture.outcome());
  }

  @Test
  void whereNothingIsExpectedNothingIsAnAnswer() {
    assertThat(new StreamJudge().outcome(false)).isEqualTo(COMPLETE);
  }
}
