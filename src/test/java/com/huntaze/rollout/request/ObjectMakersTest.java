package com.huntaze.rollout.request;

import static com.huntaze.rollout.provider.Provider.FOUNDRY;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.request.BodyReferences.Reference;
import com.huntaze.rollout.route.StatePath;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The makers of objects, and the objects that bodies and answers name. */
class ObjectMakersTest {
  private static final StatePath FILES = new StatePath("files", null);
  private static final StatePath THREADS = new StatePath("threads", null);
  private static final StatePath RESPONSES = new StatePath("responses", null);

  private final AtomicLong nanos = new AtomicLong();
  private final ObjectMakers makers = new ObjectMakers(nanos::get, 4 << 20);

  private static Buffer quoted(String text) {
    return Buffer.buffer(text.replace('\'', '"'));
  }

  private static List<Reference> named(String body) {
    return BodyPeek.read(quoted(body), List.of("model"), false, true).objects();
  }

  private Provider makerOf(String id) {
    ObjectReference found = makers.find(new StatePath("files", id), List.of());
    return found.maker();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'model':'m','previous_response_id':'resp_1','input':'x'} | resp_1 | true",
        "{'conversation':'conv_1'} | conv_1 | true",
        "{'conversation':{'id':'conv_1','x':[1]}} | conv_1 | true",
        "{'input':[{'content':[{'type':'input_file','file_id':'file-1'}]}]} | file-1 | true",
        "{'messages':[{'content':[{'type':'file','file':{'file_id':'file-1'}}]}]} | file-1 | true",
        "{'messages':[{'content':[{'source':{'type':'file','file_id':'file_1'}}]}]} | file_1 | true",
        "{'input_file_id':'file-1','endpoint':'/v1/x'} | file-1 | true",
        "{'training_file':'file-1'} | file-1 | true",
        "{'tools':[{'type':'file_search','vector_store_ids':['vs_1']}]} | vs_1 | true",
        "{'assistant_id':'asst_1'} | asst_1 | true",
        "{'conversation':'an application s own'} | an application s own | false",
        "{'container':'my-own'} | my-own | false",
        "{'messages':[{'file_id':'7'}]} | 7 | false",
        "{'input':[{'role':'user','content':'x'},{'type':'item_reference','id':'msg_1'}]} | msg_1 | true",
        "{'input':[{'id':'msg_1'}]} | msg_1 | true",
        "{'input':[{'id':'msg_1','type':null}]} | msg_1 | true",
        "{'input':[{'type':'image_generation_call','id':'ig_1'}]} | ig_1 | true",
        "{'input':[{'type':'reasoning','id':'rs_1','summary':[]},{'id':'msg_1','content':[]}]} | rs_1 | true",
        "{'input':[{'id':'rs_1','encrypted_content':null,'summary':[{'id':'x'}]}]} | rs_1 | true",
        "{'messages':[{'role':'assistant','audio':{'id':'audio_1'}}]} | audio_1 | true",
        "{'messages':[{'content':[{'input':{'file_id':'file_1'}},{'file_id':'file_2'}]}]} | file_2 | true",
        "{'input':[{'output':[{'type':'input_file','file_id':'file-1'}]}]} | file-1 | true",
        "{'container':{'skills':[{'skill_id':'pptx'}],'id':'container_011'}} | container_011 | true",
        "{'tools':[{'container':{'type':'auto','file_ids':['file-1']}}]} | file-1 | true"
      })
  void aBodyNamesWhatItNeeds(String body, String id, boolean certain) {
    assertThat(named(body)).containsExactly(new Reference(id, certain));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'previous_response_id':null}",
        "{'previous_response_id':''}",
        "{'metadata':{'file_id':'file-1'}}",
        "{'tools':[{'parameters':{'examples':[{'file_id':'file-1'}]}}]}",
        "{'tools':[{'input_schema':{'examples':[{'file_id':'file_1'}]}}]}",
        "{'text':{'format':{'schema':{'default':{'thread_id':'thread_1'}}}}}",
        "{'messages':[{'content':'file_id: file-1'}]}",
        "{'tools':[{'parameters':{'properties':{'file_id':{'type':'string'}}}}]}",
        "{'conversation':[1]}",
        "{'input':[{'type':'reasoning','id':'rs_1','encrypted_content':'gAAA','summary':[]}]}",
        "{'input':[{'type':'message','id':'msg_1','role':'assistant','content':[]}]}",
        "{'input':[{'type':'item_reference','id':{'id':'msg_1'}}]}",
        "{'input':[{'type':'item_reference'",
        "{'modalities':['text','audio'],'audio':{'voice':'alloy','format':'wav'}}",
        "{'messages':[{'content':[{'type':'tool_use','id':'t','input':{'file_id':'file_42'}}]}]}",
        "{'messages':[{'content':[{'input':{'a':[{'file_ids':['file_42']}]}}]}]}",
        "{'messages':[{'tool_calls':[{'function':{'arguments':{'file_id':'file_42'}}}]}]}",
        "{'input':[{'type':'function_call','arguments':'{\\'file_id\\':\\'file-1\\'}'}]}",
        "{'messages':[{'role':'tool','content':'{\\'file_id\\':\\'file-1\\'}'}]}",
        "{'messages':[{'metadata':{'file_id':'file-1'}}]}",
        "{'container':{'skills':[{'id':'container_011'}]}}",
        "[]",
        "{'conversation':{",
        "no json"
      })
  void aBodyNamesNothing(String body) {
    assertThat(named(body)).isEmpty();
  }

  @Test
  void whatABodyGoesOnWithComesFirst() {
    makers.remember(FILES, "file-1", Provider.LEGACY, null);
    makers.remember(RESPONSES, "resp_1", Provider.FOUNDRY, null);
    List<Reference> both =
        named("{'input':[{'file_id':'file-1'}],'previous_response_id':'resp_1'}");
    assertThat(makers.find(RESPONSES, both))
        .isEqualTo(new ObjectReference("resp_1", Provider.FOUNDRY, true));
    List<Reference> file = named("{'previous_response_id':'lost','input':[{'file_id':'file-1'}]}");
    assertThat(makers.find(RESPONSES, file).maker()).isEqualTo(Provider.LEGACY);
    assertThat(makers.find(RESPONSES, named("{'previous_response_id':'lost'}")).isBound())
        .isFalse();
    assertThat(makers.find(RESPONSES, named("{'container':'my-own'}"))).isNull();
  }

  @Test
  void anAnswerTellsItsObjects() {
    makers.remember(FILES, quoted("{'id':'file-1','object':'file'}"), Provider.LEGACY, null);
    makers.remember(
        new StatePath("batches", "b"),
        quoted("{'id':'b','output_file_id':'file-2','error_file_id':null}"),
        Provider.LEGACY,
        null);
    makers.remember(
        FILES, quoted("{'data':[{'id':'file-3','x':{}},{'id':'file-4'}]}"), Provider.FOUNDRY, null);
    makers.remember(
        new StatePath("uploads", "u"),
        quoted("{'id':'u','file':{'id':'file-5'}}"),
        Provider.FOUNDRY,
        null);
    makers.remember(
        new StatePath("jobs", "task_1"),
        quoted("{'id':'task_1','generations':[{'id':'gen_1','job_id':'task_1'}]}"),
        Provider.FOUNDRY,
        null);
    makers.remember(FILES, quoted("no json"), Provider.FOUNDRY, null);
    makers.remember(FILES, (Buffer) null, Provider.FOUNDRY, null);
    assertThat(List.of("file-1", "b", "file-2"))
        .allSatisfy(id -> assertThat(makerOf(id)).isEqualTo(Provider.LEGACY));
    assertThat(List.of("file-3", "file-4", "u", "file-5", "gen_1"))
        .allSatisfy(id -> assertThat(makerOf(id)).isEqualTo(Provider.FOUNDRY));
  }

  @Test
  void theItemsOfAnAnswerAreItsMakers() {
    makers.remember(
        RESPONSES,
        quoted("{'id':'resp_1','output':[{'id':'rs_1','summary':[{'id':'x'}]},{'id':'msg_1'}]}"),
        Provider.LEGACY,
        null);
    makers.rememberItems(RESPONSES, List.of("rs_2", "msg_2"), Provider.FOUNDRY);
    makers.rememberItems(FILES, List.of("msg_3"), Provider.FOUNDRY);
    assertThat(List.of("resp_1", "rs_1", "msg_1"))
        .allSatisfy(id -> assertThat(makerOf(id)).isEqualTo(Provider.LEGACY));
    assertThat(List.of("rs_2", "msg_2"))
        .allSatisfy(id -> assertThat(makerOf(id)).isEqualTo(Provider.FOUNDRY));
    assertThat(makerOf("x")).isNull();
    assertThat(makerOf("msg_3")).isNull();
    String again = "{'input':[{'type':'item_reference','id':'rs_1'}]}";
    ObjectReference before = makers.find(RESPONSES, named(again));
    assertThat(before).isEqualTo(new ObjectReference("rs_1", Provider.LEGACY, true));
    makers.remember(RESPONSES, "resp_2", Provider.LEGACY, before);
    assertThat(makers.conversations(Provider.LEGACY)).as("items are no conversations").isZero();
  }

  @Test
  void ofManyItemsTheLastAreLookedFor() {
    makers.rememberItems(RESPONSES, List.of("msg_99"), Provider.LEGACY);
    String items =
        IntStream.range(0, 100)
            .mapToObj(i -> "{'type':'item_reference','id':'msg_" + i + "'}")
            .collect(Collectors.joining(","));
    assertThat(makers.find(RESPONSES, named("{'input':[" + items + "]}")).maker())
        .isEqualTo(Provider.LEGACY);
  }

  @Test
  void conversationsAreCountedOnceHoweverLongTheyAre() {
    makers.remember(RESPONSES, "resp_1", Provider.FOUNDRY, null);
    assertThat(makers.conversations(Provider.FOUNDRY)).as("nobody has gone on with it").isZero();
    ObjectReference first = new ObjectReference("resp_1", Provider.FOUNDRY, true);
    makers.remember(RESPONSES, "resp_2", Provider.FOUNDRY, first);
    ObjectReference second = new ObjectReference("resp_2", Provider.FOUNDRY, true);
    makers.remember(RESPONSES, "resp_3", Provider.FOUNDRY, second);
    makers.remember(THREADS, "thread_1", Provider.FOUNDRY, null);
    makers.remember(new StatePath("threads", "thread_1"), "msg_1", Provider.FOUNDRY, null);
    makers.remember(THREADS, "thread_2", Provider.LEGACY, null);
    makers.remember(FILES, "file-1", Provider.FOUNDRY, null);
    assertThat(makers.conversations(Provider.FOUNDRY)).isEqualTo(2);
    assertThat(makers.conversations(Provider.LEGACY)).isEqualTo(1);
  }

  @Test
  void whatIsSeenOfAConversationMakesNoOtherOneOfIt() {
    makers.remember(THREADS, quoted("{'id':'thread_1'}"), FOUNDRY, null);
    StatePath thread = new StatePath("threads", "thread_1");
    makers.remember(thread, quoted("{'id':'thread_1'}"), Provider.FOUNDRY, null);
    makers.remember(thread, quoted("{'id':'run_1','thread_id':'thread_1'}"), FOUNDRY, null);
    assertThat(makers.conversations(FOUNDRY)).isEqualTo(1);
    makers.remember(
        THREADS, quoted("{'id':'run_2','thread_id':'thread_2'}"), Provider.FOUNDRY, null);
    assertThat(makers.conversations(FOUNDRY)).as("a run that makes its thread").isEqualTo(2);
    makers.remember(new StatePath("conversations", null), "conv_1", FOUNDRY, null);
    ObjectReference conversation = new ObjectReference("conv_1", FOUNDRY, true);
    makers.remember(RESPONSES, "resp_1", FOUNDRY, conversation);
    makers.remember(RESPONSES, "resp_2", FOUNDRY, conversation);
    assertThat(makers.conversations(FOUNDRY)).as("answers within it").isEqualTo(3);
  }

  @Test
  void aFileMakesNoConversation() {
    makers.remember(FILES, "file-1", FOUNDRY, null);
    makers.remember(RESPONSES, "resp_1", FOUNDRY, new ObjectReference("file-1", FOUNDRY, true));
    assertThat(makers.conversations(FOUNDRY)).isZero();
  }

  @Test
  void aChainThatIsLookedAtIsStillOne() {
    makers.remember(RESPONSES, "resp_1", FOUNDRY, null);
    makers.remember(RESPONSES, "resp_2", FOUNDRY, new ObjectReference("resp_1", FOUNDRY, true));
    StatePath last = new StatePath("responses", "resp_2");
    makers.remember(
        last, quoted("{'id':'resp_2'}"), FOUNDRY, new ObjectReference("resp_2", FOUNDRY, false));
    assertThat(makers.conversations(FOUNDRY)).isEqualTo(1);
  }

  @Test
  void whatIsDeletedIsNoConversationAnyMore() {
    makers.remember(THREADS, "thread_1", FOUNDRY, null);
    makers.remember(
        new StatePath("threads", "thread_1"),
        quoted("{'id':'thread_1','object':'thread.deleted','deleted':true}"),
        FOUNDRY,
        null);
    assertThat(makers.conversations(FOUNDRY)).isZero();
  }

  @Test
  void itForgetsAfterAMonthAndKeepsNoMoreThanItMay() {
    makers.remember(FILES, "file-1", Provider.LEGACY, null);
    makers.remember(FILES, "x".repeat(10_000), Provider.LEGACY, null);
    assertThat(makerOf("x".repeat(10_000))).isNull();
    for (int i = 0; i < 150_000; i++) {
      makers.remember(RESPONSES, "resp_" + i, Provider.FOUNDRY, null);
    }
    assertThat(makerOf("file-1")).as("answers push no files out").isEqualTo(Provider.LEGACY);
    nanos.addAndGet(Duration.ofDays(31).toNanos());
    assertThat(makerOf("file-1")).isNull();
  }
}
