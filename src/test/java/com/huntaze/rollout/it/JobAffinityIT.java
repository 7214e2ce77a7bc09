package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A job's result is asked for where the job was made. */
class JobAffinityIT {
  private static final String LONG = "x".repeat(100);

  /** Makes jobs, knows those alone, and says so. */
  private static RawOrigin maker(String name) {
    return new RawOrigin(
        call -> {
          boolean creates = call.head().startsWith("POST");
          boolean own = call.head().contains("/" + name + "-job");
          String status = creates ? "202 Accepted" : own ? "200 OK" : "404 Not Found";
          String body = "{\"job_id\":\"%s-job\",\"by\":\"%s\"}".formatted(name, name);
          call.send(
              "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
                  .formatted(status, body.length(), body));
        });
  }

  @Test
  void asksTheMakerWhateverTheSplitSays() throws Exception {
    try (RawOrigin foundry = maker("foundry");
        RawOrigin legacy = maker("legacy");
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("canary", foundry.url(), legacy.url()))) {
      // Unlisted and keyless at 0 %: legacy makes it.
      assertThat(proxy.post("/audio/transcribe", "{}").body()).contains("legacy-job");
      proxy.admin(
          "PUT",
          "/api/v1/canary/percentage",
          "{\"percentage\":100}",
          "Content-Type",
          "application/json");
      HttpResponse<String> result = proxy.get("/audio/transcribe/legacy-job");
      assertThat(result.statusCode()).isEqualTo(200);
      assertThat(result.body()).contains("\"by\":\"legacy\"");
      assertThat(result.headers().firstValue("X-AI-Reason")).contains("bound");
      assertThat(foundry.nextHead(100)).isNull();
    }
  }

  @Test
  void looksForAForgottenJobAtFoundryThenAtLegacy() throws Exception {
    try (RawOrigin foundry = maker("foundry");
        RawOrigin legacy = maker("legacy");
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("canary", foundry.url(), legacy.url()))) {
      HttpResponse<String> atFoundry = proxy.get("/audio/transcribe/foundry-job");
      assertThat(atFoundry.headers().firstValue("X-AI-Provider")).contains("foundry");
      HttpResponse<String> atLegacy = proxy.get("/audio/transcribe/legacy-job");
      assertThat(atLegacy.statusCode()).isEqualTo(200);
      assertThat(atLegacy.headers().firstValue("X-AI-Provider")).contains("legacy");
      assertThat(atLegacy.headers().firstValue("X-AI-Fallback")).isEmpty();
      HttpResponse<String> nowhere = proxy.get("/audio/transcribe/no-job");
      assertThat(nowhere.statusCode()).isEqualTo(404);
    }
  }

  /** Its body cannot be sent twice, and the split is the likeliest to be right. */
  @Test
  void aBodyThatIsNotKeptGoesByTheSplitIfItsObjectIsForgotten() throws Exception {
    try (RawOrigin foundry = maker("foundry");
        RawOrigin legacy = maker("legacy");
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.before("canary", foundry.url(), legacy.url())
                    .mergeIn(
                        new JsonObject()
                            .put("server", new JsonObject().put("replayBytes", LONG.length() - 1)),
                        true))) {
      HttpResponse<String> part = proxy.post("/v1/uploads/legacy-job/parts", LONG);
      assertThat(part.headers().firstValue("X-AI-Provider")).contains("legacy");
      assertThat(foundry.nextHead(100)).isNull();
      HttpResponse<String> kept = proxy.post("/v1/uploads/lost/parts", "{}");
      assertThat(kept.headers().firstValue("X-AI-Provider")).contains("foundry");
      proxy.admin(
          "PUT",
          "/api/v1/canary/percentage",
          "{\"percentage\":100}",
          "Content-Type",
          "application/json");
      HttpResponse<String> bound = proxy.post("/v1/uploads/legacy-job/parts", LONG);
      assertThat(bound.headers().firstValue("X-AI-Reason")).contains("bound");
    }
  }

  /** An id in an answer that cannot be read is never remembered. */
  @Test
  void whatIsRememberedIsAskedForUncompressed() throws Exception {
    try (RawOrigin foundry = maker("foundry");
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1"))) {
      for (String made : List.of("/v1/files", "/v1/batches", "/v1/threads")) {
        proxy.post(made, "{}", "Accept-Encoding", "br, gzip");
        assertThat(codings(foundry)).as(made).containsExactly("identity");
      }
      proxy.post(
          "/v1/responses",
          "{\"previous_response_id\":\"resp_1\"}",
          "Content-Type",
          "application/json",
          "Accept-Encoding",
          "br, gzip");
      assertThat(codings(foundry)).containsExactly("identity");
      proxy.get("/v1/files/foundry-job", "Accept-Encoding", "br, gzip");
      assertThat(codings(foundry)).as("its own object").containsExactly("identity");
      proxy.get("/v1/models", "Accept-Encoding", "br, gzip");
      assertThat(codings(foundry)).as("nothing is read").containsExactly("br, gzip");
    }
  }

  private static List<String> codings(RawOrigin origin) throws InterruptedException {
    String name = "accept-encoding:";
    return origin
        .nextHead()
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .toList();
  }

  /** A list of legacy's in place of Foundry's would say that all that is there is gone. */
  @Test
  void aListIsAnsweredByNobodyElse() throws Exception {
    String busy = "HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy";
    try (RawOrigin legacy = maker("legacy");
        RawOrigin foundry = failing(busy);
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("foundry", foundry.url(), legacy.url()))) {
      for (String list : List.of("/v1/files?limit=2", "/v1/batches", "/v1/vector_stores")) {
        HttpResponse<String> answer = proxy.get(list);
        assertThat(answer.statusCode()).as(list).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("busy");
      }
      assertThat(legacy.nextHead(100)).isNull();
    }
  }

  /** Foundry fails with this; an empty text is a connection that is reset. */
  private static RawOrigin failing(String answer) {
    return new RawOrigin(
        call -> {
          if (answer.isEmpty()) {
            call.reset();
          } else {
            call.send(answer);
          }
        });
  }

  private static RunningProxy between(String foundry, RawOrigin legacy) {
    JsonObject settings = RunningProxy.before("canary", foundry, legacy.url());
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("retry", new JsonObject().put("delay", "1ms"));
    return RunningProxy.start(settings);
  }

  /** It may be Foundry's: that legacy does not know it says nothing. */
  @Test
  void aForgottenJobOfAFoundryThatFailsIsNotSaidToBeUnknown() throws Exception {
    String busy = "HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy";
    try (RawOrigin legacy = maker("legacy")) {
      try (RawOrigin foundry = failing(busy);
          RunningProxy proxy = between(foundry.url(), legacy)) {
        HttpResponse<String> answer = proxy.get("/audio/transcribe/J9");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("busy");
        assertThat(answer.headers().firstValue("X-AI-Provider")).contains("foundry");
      }
      try (RawOrigin foundry = failing("");
          RunningProxy proxy = between(foundry.url(), legacy)) {
        unavailable(proxy.get("/audio/transcribe/J9"));
      }
      try (RunningProxy proxy = between("http://127.0.0.1:1", legacy)) {
        for (int i = 0; i < 10; i++) {
          // With a breaker that is closed, and one that has opened.
          unavailable(proxy.get("/audio/transcribe/J9"));
        }
        HttpResponse<String> other = proxy.get("/audio/transcribe");
        assertThat(other.statusCode()).as("not about a job, and at 0 % legacy's").isEqualTo(404);
      }
    }
  }

  private static void unavailable(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).contains("FOUNDRY_UNAVAILABLE", "\"retryable\":true");
  }

  @Test
  void aForgottenJobThatLegacyHasIsFoundWhateverFoundrySays() throws Exception {
    try (RawOrigin legacy = maker("legacy");
        RunningProxy proxy = between("http://127.0.0.1:1", legacy)) {
      HttpResponse<String> answer = proxy.get("/audio/transcribe/legacy-job");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-AI-Provider")).contains("legacy");
    }
  }
}
