package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.sse.LineFramer;
import com.huntaze.rollout.sse.SseListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The meaning of streams of JSON lines, wherever they are cut. */
class LineOutcomeTest {
  private static final Outcome COMPLETE = Meaning.COMPLETE.outcome();
  private static final Outcome WORDLESS = Meaning.WORDLESS.outcome();
  private static final Outcome EMPTY = Meaning.EMPTY_ANSWER.outcome();
  private static final Outcome INCOMPLETE = Meaning.INCOMPLETE.outcome();
  private static final Outcome ERROR = Meaning.ERROR_EVENT.outcome();

  private static final String BEGIN =
      "{'model':'m','message':{'role':'assistant','content':''},'done':false}\n";
  private static final String HI =
      "{'model':'m','message':{'role':'assistant','content':'hi'},'done':false}\n";
  private static final String CALL =
      "{'message':{'role':'assistant','content':'','tool_calls':[{'function':{'name':'f'}}]},"
          + "'done':false}\n";
  private static final String THOUGHT =
      "{'message':{'role':'assistant','content':'','thinking':'hm'},'done':false}\n";
  private static final String STOP =
      "{'model':'m','message':{'role':'assistant','content':''},'done_reason':'stop','done': true,"
          + "'prompt_eval_count':3,'eval_count':2}\n";
  private static final String BARE_STOP = "{'message':{'content':''},'done':true}\n";
  private static final String GENERATED = "{'response':'hi','done':false}\n";
  private static final String GENERATED_ALL = "{'done':true,'response':'','done_reason':'stop'}\n";
  private static final String CHUNK = "{'choices':[{'delta':{'content':'hi'}}]}\n";
  private static final String CHUNK_STOP = "{'choices':[{'delta':{},'finish_reason':'stop'}]}\n";

  /** A stream and what it is. */
  record Fixture(Outcome outcome, String text) {}

  private static Fixture is(Outcome outcome, String... lines) {
    return new Fixture(outcome, String.join("", lines).replace('\'', '"'));
  }

  static Stream<Fixture> fixtures() {
    return Stream.of(
        is(COMPLETE, BEGIN, HI, STOP),
        is(COMPLETE, HI, HI, BARE_STOP),
        is(COMPLETE, HI, STOP.strip()),
        is(COMPLETE, "{'message':{'content':'hi'},'done':true}\n"),
        is(COMPLETE, "\u001e", HI, "\u001e", STOP),
        is(COMPLETE, GENERATED, GENERATED_ALL),
        is(COMPLETE, CHUNK, CHUNK_STOP),
        is(COMPLETE, CHUNK, "[DONE]\n"),
        is(COMPLETE, "{'status':'pulling'}\n", "{'status':'success'}\n"),
        is(COMPLETE, "{'progress':1,'done':false}\n"),
        is(WORDLESS, CALL, STOP),
        is(WORDLESS, THOUGHT, STOP),
        is(WORDLESS, STOP),
        is(EMPTY, ""),
        is(EMPTY, "\n\n"),
        is(EMPTY, BEGIN),
        is(EMPTY, BARE_STOP),
        is(EMPTY, HI.substring(0, 60)),
        is(EMPTY, "hello\n", "{'half"),
        is(INCOMPLETE, HI),
        is(INCOMPLETE, HI, STOP.strip().replace("}", "")),
        is(INCOMPLETE, HI, HI.substring(0, 20)),
        is(INCOMPLETE, HI, STOP.substring(0, 70)),
        is(INCOMPLETE, GENERATED),
        is(INCOMPLETE, CHUNK),
        is(ERROR, "{'error':'no model'}\n"),
        is(ERROR, HI, "{'error':'out of memory'}\n"));
  }

  private static StreamJudge judge(String text, int first, List<EventKind> kinds) {
    StreamJudge judge = StreamJudge.ofLines();
    LineFramer framer =
        new LineFramer(
            new SseListener() {
              @Override
              public void event(String type, byte[] data, int from, int to) {
                kinds.add(judge.event(type, data, from, to));
              }
            });
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    framer.feed(bytes, 0, first);
    framer.feed(bytes, first, bytes.length);
    framer.end();
    return judge;
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void aStreamIsTheSameWhereverItIsCut(Fixture fixture) {
    for (int cut = 0; cut <= fixture.text().length(); cut++) {
      assertThat(judge(fixture.text(), cut, new ArrayList<>()).outcome(true))
          .as("cut at " + cut)
          .isEqualTo(fixture.outcome());
    }
  }

  @Test
  void theHeadWaitsForTheFirstContent() {
    List<EventKind> kinds = new ArrayList<>();
    judge(is(COMPLETE, BEGIN, THOUGHT, HI, STOP).text(), 0, kinds);
    assertThat(kinds)
        .startsWith(EventKind.PREAMBLE, EventKind.CONTENT, EventKind.CONTENT)
        .hasSize(4);
  }

  @Test
  void aTextOfSeveralLinesIsOfNoKnownProtocol() {
    StreamJudge judge = StreamJudge.ofRecords();
    assertThat(judge.event(null, new byte[] {'{'}, 0, 1)).isEqualTo(EventKind.CONTENT);
    assertThat(judge.outcome(true)).isEqualTo(COMPLETE);
  }

  @Test
  void inAnEventStreamTheSameIsOfNoKnownProtocol() {
    byte[] line = HI.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    StreamJudge judge = new StreamJudge();
    assertThat(judge.event(null, line, 0, line.length)).isEqualTo(EventKind.CONTENT);
    assertThat(judge.outcome(true)).isEqualTo(COMPLETE);
  }
}
