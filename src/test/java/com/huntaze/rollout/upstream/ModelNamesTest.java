package com.huntaze.rollout.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.request.BodyPeek;
import com.huntaze.rollout.request.RequestInfo;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A provider's names of models, in bodies and in paths. */
class ModelNamesTest {
  private static final ModelNames NAMES =
      new ModelNames(Map.of("gpt-4o", "team/gpt 4o", "claude", "claude-prod", "m x", "y"));

  private static RequestInfo identity(Buffer body) {
    return identity(body, "/");
  }

  private static RequestInfo identity(Buffer body, String target) {
    BodyPeek.Told told = BodyPeek.read(body, List.of("user", "model"), true, false);
    return new RequestInfo(
        "c",
        null,
        null,
        null,
        null,
        target,
        false,
        told.usageRequest(),
        null,
        told.fields().get("model"),
        told.model(),
        null,
        null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'model':'gpt-4o','a':1} | {'model':'team/gpt 4o','a':1}",
        "{ 'a':[{'model':'gpt-4o'}], 'model' : 'claude' } | { 'a':[{'model':'gpt-4o'}], 'model' : 'claude-prod' }",
        "{'model':'gpt\\u002d4o'} | {'model':'team/gpt 4o'}",
        "{'model':'other'} | {'model':'other'}",
        "{'model':'gpt-4o','model':'gpt-4o'} | {'model':'gpt-4o','model':'gpt-4o'}",
        "{'model':['gpt-4o']} | {'model':['gpt-4o']}",
        "{'model':4} | {'model':4}",
        "{'model':'models/claude','content':{}} | {'model':'models/claude-prod','content':{}}",
        "{'model':'models/other'} | {'model':'models/other'}",
        "{'model':'claude/models'} | {'model':'claude/models'}",
        "{'ü':'é','model':'claude'} | {'ü':'é','model':'claude-prod'}",
        "{'model':'gpt-4o','stream':true} | {'stream_options':{'include_usage':true},'model':'team/gpt 4o','stream':true}",
        "{'stream':true,'model':'claude','stream_options':{}} | {'stream':true,'model':'claude-prod','stream_options':{'include_usage':true}}",
        "{'stream':true,'stream_options':null,'model':'claude'} | {'stream':true,'stream_options':{'include_usage':true},'model':'claude-prod'}"
      })
  void aBodysModelGetsItsNameAndNothingElseChanges(String body, String sent) {
    Buffer whole = Buffer.buffer(body.replace('\'', '"'));
    assertThat(identity(whole).rewrite(whole, Provider.FOUNDRY, true, NAMES).toString())
        .isEqualTo(sent.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'requests':[{'model':'models/claude','content':{'model':'claude'}}, {'a':[{}],'model' : 'gpt-4o'}]} | {'requests':[{'model':'models/claude-prod','content':{'model':'claude'}}, {'a':[{}],'model' : 'team/gpt 4o'}]}",
        "{'a':{'requests':[{'model':'claude'}]},'requests':[{'model':'other'}]} | {'a':{'requests':[{'model':'claude'}]},'requests':[{'model':'other'}]}",
        "{'model':'claude','requests':[{'ü':'é','model':'claude'}]} | {'model':'claude-prod','requests':[{'ü':'é','model':'claude-prod'}]}",
        "{'requests':[['claude'],'claude',{'model':{'model':'claude'}}]} | {'requests':[['claude'],'claude',{'model':{'model':'claude'}}]}",
        "{'requests':[{'model':'claude'} | {'requests':[{'model':'claude'}",
        "['claude'] | ['claude']"
      })
  void eachOfABatchOfEmbeddingsGetsItsName(String body, String sent) {
    Buffer whole = Buffer.buffer(body.replace('\'', '"'));
    for (String path : List.of(":batchEmbedContents?key=1", "%3AbatchEmbed%43ontents")) {
      RequestInfo batch = identity(whole, "/v1beta/models/claude" + path);
      assertThat(batch.rewrite(whole, Provider.FOUNDRY, true, NAMES).toString())
          .isEqualTo(sent.replace('\'', '"'));
    }
    RequestInfo other = identity(Buffer.buffer("{}"), "/v1beta/models/claude:generateContent");
    assertThat(other.rewrite(whole, Provider.FOUNDRY, true, NAMES)).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource({
    "/openai/deployments/gpt-4o/chat/completions?api-version=1, /openai/deployments/team%2Fgpt%204o/chat/completions?api-version=1",
    "/openai/deployments/other/chat/completions, /openai/deployments/other/chat/completions",
    "/v1/engines/claude/completions, /v1/engines/claude-prod/completions",
    "/v1beta/models/claude:generateContent, /v1beta/models/claude-prod:generateContent",
    "/v1beta/models/claude%3AgenerateContent, /v1beta/models/claude-prod%3AgenerateContent",
    "/openai/deployments/m%20x/embeddings, /openai/deployments/y/embeddings",
    "/models/chat/completions, /models/chat/completions",
    "/v1/models/claude, /v1/models/claude",
    "/openai/deployments/%zz/x, /openai/deployments/%zz/x",
    "/openai/deployments, /openai/deployments",
    "/x?deployments/gpt-4o, /x?deployments/gpt-4o"
  })
  void aPathsModelGetsItsName(String target, String sent) {
    assertThat(NAMES.apply(target)).isEqualTo(sent);
  }
}
