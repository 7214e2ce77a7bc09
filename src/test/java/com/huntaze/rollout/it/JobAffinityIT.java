package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** A job's result is asked for where the job was made. */
class JobAffinityIT {

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
      assertThat(result.headers().firstValue("X-AI-Reason")).contains("sticky");
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
}
