package com.huntaze.rollout.outcome;

import static com.huntaze.rollout.outcome.EventKind.CONTENT;
import static com.huntaze.rollout.outcome.EventKind.ERROR;
import static com.huntaze.rollout.outcome.EventKind.PREAMBLE;
import static com.huntaze.rollout.outcome.EventKind.TERMINAL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamJudgeTest {
  private static final String CHUNK = "{'choices':[{'index':0,'delta':{'content':'hi'}}]}";
  private final StreamJudge judge = new StreamJudge();

  private EventKind judge(String type, String data) {
    return judge(judge, type, data);
  }

  private static EventKind judge(StreamJudge judge, String type, String data) {
    byte[] bytes = data.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return judge.event(type, bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{'type':'ping'}",
        "{'choices':[]}",
        "{'choices':[],'prompt_filter_results':[{'prompt_index':0}]}",
        "{'prompt_filter_results':[]}",
        "{'object':'chat.completion.chunk'}",
        "{'object':'chat.completion.chunk','choices':null}",
        "{'choices':[{'delta':{'role':'assistant'}}]}",
        "{'choices':[{'delta':{'role':'assistant','content':''},'finish_reason':null}]}",
        "{'choices':[{'delta':{'role':'assistant','content':null,'refusal':null}}]}",
        "{'choices':[{'delta':{'role':'assistant','tool_calls':[],'function_call':null}}]}",
        "{'choices':[{'delta':{},'finish_reason':null,'content_filter_results':{'hate':1}}]}",
        "{'choices':[{'delta':{},'finish_reason':''}]}",
        "{'type':'message_start','message':{'role':'assistant','content':[]}}",
        "{'type':'response.created','response':{'error':null}}",
        "{'type':'response.in_progress'}",
        "{'type':'message_delta','delta':{'stop_reason':'end_turn'}}",
        "{'choices':[{'delta':{'role':'assistant'}}],'error':{}}",
      })
  void holdsBackAPreamble(String data) {
    assertThat(judge(null, data)).isEqualTo(PREAMBLE);
    assertThat(judge.contentSeen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ping", "message_start", "response.created", "response.in_progress"})
  void holdsBackAPreambleByItsTypeAlone(String type) {
    assertThat(judge(type, "{}")).isEqualTo(PREAMBLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CHUNK,
        "{'choices':[{'delta':{'role':'assistant','content':' '}}]}",
        "{'choices':[{'delta':{'role':'assistant','tool_calls':[{'index':0}]}}]}",
        "{'choices':[{'delta':{'function_call':{'name':'f'}}}]}",
        "{'choices':[{'delta':{'refusal':'no'}}]}",
        "{'choices':[{'delta':{'reasoning_content':'hm'}}]}",
        "{'choices':[{'delta':{'role':'assistant'}},{'delta':{'content':'b'}}]}",
        "{'choices':[{'text':'hi'}]}",
        "{'choices':[{'delta':{'content':'hi'}}],'error':{}}",
        "{'error':{},'choices':[{'delta':{'content':'hi'}}]}",
        "{'choices':[7]}",
        "{'type':'content_block_start'}",
        "{'type':'response.output_text.delta','delta':'x'}",
        "{'output':'hi','error':null}",
        "{}",
        "hello",
        "[1]",
        "{'broken"
      })
  void takesAnythingElseForContent(String data) {
    assertThat(judge(null, data)).isEqualTo(CONTENT);
    assertThat(judge.contentSeen()).isTrue();
    assertThat(judge.terminalSeen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'error':{'message':'overloaded'}}",
        "{'error':{}}",
        "{'error': 'overloaded'}",
        "{'choices':[],'error':{'code':500}}",
        "{'type':'error','error':{'type':'overloaded_error'}}",
        "{'type':'error','code':'server_error'}",
        "{'type':'response.failed','response':{}}",
        "{'error':{'message':'cut"
      })
  void seesAnErrorBeforeAndAfterContent(String data) {
    assertThat(judge(null, data)).isEqualTo(ERROR);
    StreamJudge later = new StreamJudge();
    judge(later, null, CHUNK);
    assertThat(judge(later, null, data)).isEqualTo(ERROR);
    assertThat(later.errorSeen()).isTrue();
  }

  @Test
  void seesAnErrorByItsTypeWhateverTheData() {
    assertThat(judge("error", "")).isEqualTo(ERROR);
    assertThat(judge("error", "overloaded")).isEqualTo(ERROR);
    assertThat(judge("response.failed", "{}")).isEqualTo(ERROR);
    assertThat(judge.terminalSeen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[DONE]", " [DONE] ", "{'type':'message_stop'}"})
  void anEndWithoutAReasonEndsAnAnswerWithContentAlone(String data) {
    assertThat(judge(null, data)).isEqualTo(PREAMBLE);
    judge(null, CHUNK);
    assertThat(judge(null, data)).isEqualTo(TERMINAL);
    assertThat(judge.endedIncomplete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[{'delta':{},'finish_reason':'stop'}]}",
        "{'choices':[{'delta':{'content':'x'},'finish_reason' : 'length'}]}",
        "{'choices':[{'finish_reason':null},{'finish_reason':'stop'}]}",
        "{'type':'response.completed','response':{'error':null}}",
        "{'type':'response.incomplete'}"
      })
  void seesTheEndBeforeAndAfterContent(String data) {
    assertThat(judge(null, data)).isEqualTo(TERMINAL);
    StreamJudge later = new StreamJudge();
    judge(later, null, CHUNK);
    assertThat(later.endedIncomplete()).isTrue();
    assertThat(judge(later, null, data)).isEqualTo(TERMINAL);
    assertThat(later.endedIncomplete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[{'delta':{'content':'the \\'error\\' and \\'finish_reason\\''}}]}",
        "{'delta':'message_stop'}",
        "{'delta':'response.completed'}",
        "{'choices':[{'delta':{'content':'x'},'finish_reason': null}],'error': null}",
        "{'nested':{'error':{'a':1}}}"
      })
  void isNotFooledByWordsInTheText(String data) {
    judge(null, CHUNK);
    assertThat(judge(null, data)).isEqualTo(CONTENT);
    assertThat(judge.errorSeen() || judge.terminalSeen()).isFalse();
  }

  @Test
  void doesNotExpectAnEndOfTheRoutersOwnStream() {
    judge(null, "{'output':'a'}");
    assertThat(judge.recognised()).isFalse();
    assertThat(judge.endedIncomplete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[]}",
        "{'type':'message_start'}",
        "{'type':'response.created'}",
        "{'type':'content_block_delta'}"
      })
  void expectsAnEndOfAKnownProtocol(String data) {
    judge(null, data);
    assertThat(judge.recognised()).isTrue();
    assertThat(judge.endedIncomplete()).isTrue();
  }

  @Test
  void judgesAnOversizedEventByWhatIsKnownOfIt() {
    byte[] head =
        "{\"type\":\"response.completed\",\"response\":{".getBytes(StandardCharsets.UTF_8);
    assertThat(judge.oversized(null, head, 0, head.length)).isEqualTo(TERMINAL);
    assertThat(judge.oversized("response.completed", head, 0, 0)).isEqualTo(TERMINAL);
    byte[] chunk = "{\"choices\":[{\"delta\":{\"content\":\"xx".getBytes(StandardCharsets.UTF_8);
    assertThat(judge.oversized(null, chunk, 0, chunk.length)).isEqualTo(CONTENT);
    assertThat(judge.oversized("response.created", chunk, 0, 0)).isEqualTo(PREAMBLE);
  }

  @Test
  void survivesDeepNesting() {
    assertThat(judge(null, "{'choices':" + "[".repeat(10_000))).isNotNull();
    assertThat(judge(null, "{'error':{'a':" + "{'a':".repeat(10_000))).isEqualTo(ERROR);
  }

  @Property(tries = 2_000)
  void survivesGarbage(@ForAll String type, @ForAll byte[] garbage, @ForAll boolean content) {
    StreamJudge any = new StreamJudge();
    if (content) {
      judge(any, null, CHUNK);
    }
    assertThat(any.event(type, garbage, 0, garbage.length)).isNotNull();
    assertThat(any.oversized(type, garbage, 0, garbage.length)).isNotNull();
  }
}
