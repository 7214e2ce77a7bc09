package com.huntaze.rollout.outcome;

import com.huntaze.rollout.outcome.BodyJudge.Declared;
import java.util.List;

/** Bodies of answers, the path that was asked, and what they are. Quotes are single ones. */
final class AnswerFixtures {
  static final Outcome COMPLETE = Meaning.COMPLETE.outcome();
  static final Outcome WORDLESS = Meaning.WORDLESS.outcome();
  static final Outcome EMPTY = Meaning.EMPTY_ANSWER.outcome();
  static final Outcome MALFORMED = Meaning.MALFORMED_ANSWER.outcome();

  private static final String CHAT = "/v1/chat/completions";
  private static final String AZURE = "/openai/deployments/d/chat/completions";
  private static final String RESPONSES = "/v1/responses";
  private static final String COMPACT = "/v1/responses/compact";
  private static final String EMBEDDINGS = "/openai/deployments/e/embeddings";
  private static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";
  private static final String MESSAGES = "/v1/messages";
  private static final String GEMINI = "/v1beta/models/gemini-2.0-flash:generateContent";
  private static final String GEMINI_STREAM =
      "/v1beta/models/gemini-2.0-flash:streamGenerateContent";
  private static final String RERANK = "/v2/rerank";
  private static final String SPEECH = "/v1/audio/speech";
  private static final String ROUTE = "/route";
  private static final String AGENT = "/v1/agents/fan_message";

  private AnswerFixtures() {}

  /** One body. */
  record Fixture(Outcome outcome, String path, Declared declared, String text) {
    String body() {
      return text.replace('\'', '"');
    }

    @Override
    public String toString() {
      return outcome.label() + " " + path + " " + declared + " " + text;
    }
  }

  private static Fixture json(Outcome outcome, String path, String text) {
    return new Fixture(outcome, path, Declared.JSON, text);
  }

  private static Fixture other(Outcome outcome, String path, String text) {
    return new Fixture(outcome, path, Declared.OTHER, text);
  }

  static List<Fixture> all() {
    return List.of(
        json(COMPLETE, GEMINI, "{'candidates':[{'content':{'parts':[{'text':'x'}]}}]}"),
        json(
            WORDLESS,
            GEMINI,
            "{'candidates':[{'content':{'parts':[{'functionCall':{'name':'f'}}]}}]}"),
        json(WORDLESS, GEMINI, "{'promptFeedback':{'blockReason':'SAFETY'}}"),
        json(WORDLESS, GEMINI, "{'candidates':[{'finishReason':'MAX_TOKENS'}]}"),
        json(EMPTY, GEMINI, "{'candidates':[]}"),
        json(EMPTY, GEMINI, "{'candidates':[{'content':{'role':'model'}}]}"),
        json(EMPTY, GEMINI, "{}"),
        json(COMPLETE, GEMINI_STREAM, "[{'candidates':[{'content':{'parts':[{'text':'x'}]}}]}]"),
        json(
            COMPLETE,
            GEMINI_STREAM,
            "[{'candidates':[{'content':{'parts':[{'text':'x'}]}}]}\n,\r\n{'usageMetadata':{}}]"),
        json(
            WORDLESS,
            GEMINI_STREAM,
            "[{'candidates':[{'content':{'parts':[{'functionCall':{'name':'f'}}]}}]}]"),
        json(WORDLESS, GEMINI_STREAM, "[{'promptFeedback':{'blockReason':'SAFETY'}}]"),
        json(EMPTY, GEMINI_STREAM, "[]"),
        json(EMPTY, GEMINI_STREAM, "[{}]"),
        json(EMPTY, GEMINI_STREAM, "[{'candidates':[]},{'usageMetadata':{},'candidates':[]}]"),
        json(EMPTY, GEMINI_STREAM, "[{'error':{'code':503,'status':'UNAVAILABLE'}}]"),
        json(
            EMPTY,
            GEMINI_STREAM,
            "[{'candidates':[{'content':{'parts':[{'text':'x'}]}}]},{'error':{'code':503}}]"),
        json(COMPLETE, GEMINI_STREAM, "[{'ok':true}]"),
        json(MALFORMED, GEMINI_STREAM, "[{'candidates':[{'content':{'parts':[{'text':'x'}]}}]}"),
        json(COMPLETE, RERANK, "{'results':[{'index':0,'relevance_score':0.9}]}"),
        json(COMPLETE, RERANK, "{'object':'list','data':[{'index':0}]}"),
        json(COMPLETE, RERANK, "[{'index':0,'score':0.9}]"),
        json(EMPTY, RERANK, "{'results':[]}"),
        json(COMPLETE, "/api/embed", "{'model':'m','embeddings':[[0.1]]}"),
        json(EMPTY, "/api/embed", "{'model':'m','embeddings':[]}"),
        other(COMPLETE, SPEECH, "ID3 sound"),
        other(COMPLETE, SPEECH, "\0\0\0\0"),
        other(COMPLETE, SPEECH, "{is a sound like any other"),
        other(EMPTY, SPEECH, ""),
        json(
            COMPLETE,
            CHAT,
            "{'id':'c','object':'chat.completion','choices':[{'index':0,'message':{'role':"
                + "'assistant','content':'hi'},'finish_reason':'stop'}],'usage':{'a':1}}"),
        json(COMPLETE, AZURE, "{'choices':[{'message':{'content':[{'type':'text','text':'x'}]}}]}"),
        json(
            COMPLETE,
            AZURE,
            " {\n 'choices' : [ {'finish_reason':'stop','message':{'content':'x'}}]}\n"),
        json(COMPLETE, CHAT, "{'\\u0063hoices':[{'m\\u0065ssage':{'content':'\\u00e9'}}]}"),
        json(COMPLETE, CHAT, "\uFEFF{'choices':[{'message':{'content':'x'}}]}"),
        json(COMPLETE, "/v1/completions", "{'choices':[{'text':'x'}]}"),
        json(COMPLETE, CHAT, "{'error':{'code':1},'choices':[{'message':{'content':'x'}}]}"),
        json(COMPLETE, CHAT, "{'error':null,'choices':[{'message':{'content':'x'}}]}"),
        json(WORDLESS, CHAT, "{'choices':[{'message':{'content':''}}]}"),
        json(WORDLESS, CHAT, "{'choices':[{'message':{'content':null},'finish_reason':'stop'}]}"),
        json(WORDLESS, CHAT, "{'choices':[{'message':{},'finish_reason':'content_filter'}]}"),
        json(WORDLESS, CHAT, "{'choices':[{'message':{'content':null,'refusal':'I will not'}}]}"),
        json(WORDLESS, CHAT, "{'choices':[{'message':{'tool_calls':[{'id':'1'}]}}]}"),
        json(EMPTY, CHAT, "{'choices':[]}"),
        json(EMPTY, CHAT, "{'id':'c','object':'chat.completion','choices':[],'usage':{'a':1}}"),
        json(EMPTY, CHAT, "{'id':'c','object':'chat.completion'}"),
        json(EMPTY, CHAT, "{'choices':null}"),
        json(EMPTY, CHAT, "{'choices':[{'message':{'role':'assistant','content':null}}]}"),
        json(EMPTY, CHAT, "{'choices':[{'message':{'tool_calls':[]},'finish_reason':null}]}"),
        json(EMPTY, CHAT, "{'choices':[{'message':{'role':'assistant'},'finish_reason':''}]}"),
        json(EMPTY, CHAT, "{'metadata':{'content':'x'},'choices':[{}]}"),
        json(EMPTY, CHAT, "{'error':{'message':'overloaded','code':500}}"),
        json(EMPTY, CHAT, "{ 'error' : {} }"),
        json(EMPTY, ROUTE, "{'error':'overloaded'}"),
        json(EMPTY, AGENT, "{'error':{'message':'x'},'request_id':'1'}"),
        json(EMPTY, CHAT, "{}"),
        json(EMPTY, CHAT, "null"),
        json(EMPTY, CHAT, ""),
        json(EMPTY, CHAT, " \r\n"),
        json(EMPTY, ROUTE, "\uFEFF"),
        json(COMPLETE, CHAT, "{'ok':true}"),
        json(COMPLETE, CHAT, "{'error':null,'ok':true}"),
        json(COMPLETE, ROUTE, "{'error':'','ok':true}"),
        json(COMPLETE, ROUTE, "{'error':false,'answer':'x'}"),
        json(COMPLETE, ROUTE, "{'error':{},'answer':'x'}"),
        json(COMPLETE, CHAT, "{'model':'m','message':{'content':'x'},'done':true}"),
        json(COMPLETE, CHAT, "{'candidates':[{'content':{}}],'modelVersion':'m'}"),
        json(COMPLETE, EMBEDDINGS, "{'model':'m','embeddings':[[0.1]]}"),
        json(EMPTY, CHAT, "{'model':'m','usage':{'prompt_tokens':1}}"),
        json(EMPTY, CHAT, "{'error':null}"),
        json(EMPTY, ROUTE, "{'error':['x'],'ok':false}"),
        json(COMPLETE, ROUTE, "[  ]"),
        json(COMPLETE, ROUTE, "'text'"),
        json(COMPLETE, ROUTE, "12"),
        json(COMPLETE, ROUTE, "{'a':1}\n{'b':[NaN,-1.5e+3]}"),
        json(MALFORMED, CHAT, "<html><body>Bad gateway</body></html>"),
        json(MALFORMED, CHAT, "upstream connect error"),
        json(MALFORMED, CHAT, "{'choices':[{'message':{'content':'Hi"),
        json(MALFORMED, CHAT, "{'choices':[{'message':{'content':'Hi'},'finish_reason':'stop'}]"),
        json(MALFORMED, CHAT, "{'choices':[{'message':{'content':'x'}}}"),
        json(MALFORMED, CHAT, "{'choices':[{'message':{'content':'x'}}]}}"),
        json(MALFORMED, CHAT, "{'choices':[{'message':{'content':'x'}}],}"),
        json(MALFORMED, CHAT, "{'choices'"),
        json(MALFORMED, CHAT, "{"),
        json(MALFORMED, ROUTE, "tru"),
        json(MALFORMED, ROUTE, "nul"),
        json(MALFORMED, ROUTE, "{'output':'x'} trailing"),
        new Fixture(MALFORMED, ROUTE, Declared.HTML, "<!doctype html><p>no</p>"),
        new Fixture(EMPTY, ROUTE, Declared.HTML, ""),
        other(COMPLETE, ROUTE, "ok"),
        other(COMPLETE, ROUTE, "\u0000\u0001\u0002RIFF"),
        other(EMPTY, ROUTE, ""),
        other(EMPTY, CHAT, "{'choices':[]}"),
        other(MALFORMED, CHAT, "{'choices':["),
        json(COMPLETE, RESPONSES, "{'object':'response','output':[{'content':[{'text':'x'}]}]}"),
        json(COMPLETE, RESPONSES, "{'status':'completed','error':null,'output_text':'x'}"),
        json(WORDLESS, RESPONSES, "{'output':[{'type':'function_call','name':'f'}]}"),
        json(WORDLESS, RESPONSES, "{'object':'response','status':'queued','output':[]}"),
        json(WORDLESS, RESPONSES, "{'object':'response','output':[],'status':'incomplete'}"),
        json(EMPTY, RESPONSES, "{'object':'response','output':[]}"),
        json(EMPTY, RESPONSES, "{'status':'failed','error':{'code':'x'},'output':[]}"),
        json(
            COMPLETE,
            COMPACT,
            "{'id':'resp_1','object':'response.compaction','created_at':1,'output':[{'type':"
                + "'message','content':[{'type':'input_text','text':'x'}]},{'type':'compaction',"
                + "'encrypted_content':'gAAA'}],'usage':{'input_tokens':1}}"),
        json(WORDLESS, COMPACT, "{'output':[{'type':'compaction','encrypted_content':'gAAA'}]}"),
        json(EMPTY, COMPACT, "{'object':'response.compaction','output':[]}"),
        json(COMPLETE, EMBEDDINGS, "{'object':'list','data':[{'embedding':[0.1,-2e-3]}]}"),
        json(EMPTY, EMBEDDINGS, "{'object':'list','data':[],'model':'m'}"),
        json(COMPLETE, "/v1/images/generations", "{'created':1,'data':[{'b64_json':'aa'}]}"),
        json(EMPTY, "/v1/images/generations", "{'created':1,'data':[]}"),
        json(COMPLETE, "/v1/moderations", "{'results':[{'flagged':false}]}"),
        json(EMPTY, "/v1/moderations", "{'id':'m','results':[]}"),
        json(WORDLESS, TRANSCRIPTIONS, "{'text':''}"),
        json(COMPLETE, TRANSCRIPTIONS, "{'text':'hello'}"),
        json(EMPTY, TRANSCRIPTIONS, "{'text':null}"),
        other(WORDLESS, TRANSCRIPTIONS, ""),
        other(COMPLETE, TRANSCRIPTIONS, "[Music] {"),
        json(COMPLETE, MESSAGES, "{'type':'message','content':[{'type':'text','text':'x'}]}"),
        json(WORDLESS, MESSAGES, "{'content':[{'type':'tool_use'}],'stop_reason':'tool_use'}"),
        json(WORDLESS, MESSAGES, "{'content':[],'stop_reason':'end_turn'}"),
        json(EMPTY, MESSAGES, "{'type':'message','content':[],'stop_reason':null}"),
        json(EMPTY, MESSAGES, "{'type':'error','error':{'type':'overloaded_error'}}"),
        json(COMPLETE, ROUTE, "{'model':'m','output':'x','usage':null}"),
        json(COMPLETE, AGENT, "{'output':{'text':'x'}}"),
        json(WORDLESS, ROUTE, "{'model':'m','output':''}"),
        json(EMPTY, ROUTE, "{'model':'m','output':null}"),
        json(COMPLETE, ROUTE, "{'model':'speech','deployment':'d','usage':null}"),
        json(COMPLETE, ROUTE, "{'a':" + "[".repeat(2_000)));
  }
}
