package com.huntaze.rollout.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.huntaze.rollout.outcome.AnswerFixtures.Fixture;
import com.huntaze.rollout.outcome.BodyJudge.Declared;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyJudgeTest {
  static List<Fixture> fixtures() {
    return AnswerFixtures.all();
  }

  @Provide
  Arbitrary<Fixture> bodies() {
    return Arbitraries.of(AnswerFixtures.all());
  }

  /** Feeds the body cut after each {@code size} bytes, the first piece being {@code first}. */
  private static Outcome judge(Fixture fixture, int first, int size) {
    BodyJudge judge = new BodyJudge(Dialect.of(fixture.path()), fixture.declared());
    byte[] body = fixture.body().getBytes(StandardCharsets.UTF_8);
    int at = 0;
    int next = Math.min(first, body.length);
    while (at < body.length) {
      judge.feed(body, at, next);
      at = next;
      next = Math.min(body.length, at + size);
    }
    return judge.end();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void tellsAnAnswerFromNone(Fixture fixture) {
    assertThat(judge(fixture, Integer.MAX_VALUE, 1)).isEqualTo(fixture.outcome());
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void tellsTheSameWhereverTheBodyIsCutInTwo(Fixture fixture) {
    int length = fixture.body().getBytes(StandardCharsets.UTF_8).length;
    for (int cut = 0; cut <= length; cut++) {
      assertThat(judge(fixture, cut, Integer.MAX_VALUE / 2))
          .as("cut at %d", cut)
          .isEqualTo(fixture.outcome());
    }
  }

  @Property(tries = 500)
  void tellsTheSameInPiecesOfAnySize(@ForAll("bodies") Fixture fixture, @ForAll byte size) {
    int piece = 1 + Math.abs(size % 11);
    assertThat(judge(fixture, piece, piece)).isEqualTo(fixture.outcome());
  }

  /** Around 64 levels, where the kinds of what is open are kept in another way. */
  @ParameterizedTest
  @ValueSource(ints = {1, 30, 31, 32, 33, 34, 100, 400})
  void knowsObjectsFromArraysAtAnyDepth(int depth) {
    String before = "{'choices':[{'message':{'content':'x'}}],'x':" + "{'a':[".repeat(depth);
    String inner = "]}".repeat(depth - 1);
    assertThat(judge(chat(before + inner + "]}}"), Integer.MAX_VALUE, 1))
        .isEqualTo(Meaning.COMPLETE.outcome());
    assertThat(judge(chat(before + inner + "}]}"), Integer.MAX_VALUE, 1))
        .isEqualTo(Meaning.MALFORMED_ANSWER.outcome());
  }

  private static Fixture chat(String text) {
    return new Fixture(Meaning.COMPLETE.outcome(), "/v1/chat/completions", Declared.JSON, text);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,COMPLETIONS",
    "/openai/deployments/gpt-4o/chat/completions,COMPLETIONS",
    "/openai/deployments/gpt-4o/completions,COMPLETIONS",
    "/v1/responses,RESPONSES",
    "/v1/responses/compact,RESPONSES",
    "/openai/v1/responses/,RESPONSES",
    "/v1/embeddings,LIST",
    "/v1/images/generations,LIST",
    "/v1/moderations,MODERATION",
    "/v1/audio/transcriptions,TRANSCRIPTION",
    "/v1/messages,MESSAGES",
    "/anthropic/v1/messages,MESSAGES",
    "/route,ROUTER",
    "/route/stream,ROUTER",
    "/multimodal/analyze,ROUTER",
    "/v1/agents/fan_message,ROUTER",
    "/v1/audio/speech,SPEECH",
    "/v2/rerank,RANKING",
    "/v1beta/models/gemini-2.0-flash:generateContent,GEMINI",
    "/v1beta/models/gemini-2.0-flash:streamGenerateContent,GEMINI",
    "/v1beta/models/embedding-001:embedContent,EMBEDDING",
    "/api/embed,EMBEDDING",
    "/api/chat,OLLAMA",
    "/v1/responses/resp_1,",
    "/anything,",
  })
  void knowsTheDialectOfAPath(String path, Dialect dialect) {
    assertThat(Dialect.of(path)).isEqualTo(dialect);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,true",
    "/openai/responses,true",
    "/v1/responses/compact,true",
    "/v1/messages,true",
    "/v1/messages/count_tokens,true",
    "/anthropic/v1/messages/count_tokens,true",
    "/v1/embeddings,false",
    "/v1/images/edits,true",
    "/v1beta/models/gemini-2.0-flash:countTokens,false",
    "/anything,false",
  })
  void knowsWhichPathsNameObjects(String path, boolean names) {
    assertThat(Dialect.namesObjects(path)).isEqualTo(names);
  }

  @Property(tries = 2_000)
  void survivesGarbage(@ForAll byte[] garbage, @ForAll Dialect dialect, @ForAll Declared declared) {
    BodyJudge judge = new BodyJudge(dialect, declared);
    assertThatCode(() -> judge.feed(garbage, 0, garbage.length)).doesNotThrowAnyException();
    assertThat(judge.end()).isNotNull();
  }

  @Property(tries = 2_000)
  void survivesDamage(@ForAll("bodies") Fixture fixture, @ForAll int place, @ForAll byte damage) {
    byte[] body = fixture.body().getBytes(StandardCharsets.UTF_8);
    if (body.length > 0) {
      body[Math.floorMod(place, body.length)] = damage;
    }
    BodyJudge judge = new BodyJudge(Dialect.of(fixture.path()), fixture.declared());
    judge.feed(body, 0, body.length);
    assertThat(judge.end()).isNotNull();
  }
}
