package com.huntaze.rollout.simulate;

import static com.huntaze.rollout.simulate.BackendClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes of all answers that come whole. */
@ExtendWith(VertxExtension.class)
class SimulatedBackendIT {
  private SimulatedBackend foundry;
  private BackendClient client;

  @BeforeEach
  void start(Vertx vertx) {
    foundry = await(SimulatedBackend.start(vertx, BackendProfile.foundry(0).withPace(0.01)));
    client = new BackendClient(foundry.port());
  }

  @Test
  void theRoutersHealthIsExactlyWhatItsClientsExpect() {
    HttpResponse<String> response = client.get("/health");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .isEqualTo("{\"status\":\"healthy\",\"region\":\"eastus2\",\"service\":\"ai-router\"}");
  }

  @Test
  void legacyHasAServiceNameOfItsOwn(Vertx vertx) {
    SimulatedBackend legacy = await(SimulatedBackend.start(vertx, BackendProfile.legacy(0)));

    String body = new BackendClient(legacy.port()).get("/health").body();

    assertThat(new JsonObject(body).getString("status")).isEqualTo("healthy");
    assertThat(new JsonObject(body).getString("service")).isEqualTo("legacy-ai");
  }

  @Test
  void aRouteAnswerHasTheContractsShapeAndSaysWhoServedIt() {
    JsonObject request =
        new JsonObject()
            .put("prompt", "What is 6 times 7?")
            .put("client_tier", "vip")
            .put("type_hint", "math");

    HttpResponse<String> response = client.post("/route", request);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    JsonObject body = new JsonObject(response.body());
    assertThat(body.fieldNames())
        .containsExactly("model", "deployment", "region", "routing", "output", "usage");
    assertThat(body.getString("model")).isEqualTo("DeepSeek-R1");
    assertThat(body.getString("deployment")).isEqualTo("deepseek-r1-prod");
    assertThat(body.getString("region")).isEqualTo("eastus2");
    assertThat(body.getJsonObject("routing").getString("client_tier")).isEqualTo("vip");
    assertThat(body.getString("output"))
        .startsWith("I am foundry (simulated), model DeepSeek-R1 in eastus2.");
  }

  @Test
  void usageFitsPromptAndOutput() {
    String prompt = "x".repeat(400);

    JsonObject body =
        new JsonObject(client.post("/route", new JsonObject().put("prompt", prompt)).body());

    JsonObject usage = body.getJsonObject("usage");
    int completion = Answer.tokens(body.getString("output"));
    assertThat(usage.getInteger("prompt_tokens")).isEqualTo(100);
    assertThat(usage.getInteger("completion_tokens")).isEqualTo(completion);
    assertThat(usage.getInteger("total_tokens")).isEqualTo(100 + completion);
  }

  @ParameterizedTest
  @CsvSource({
    "coding,standard,DeepSeek-V3",
    "creative,standard,Mistral-Large-2411",
    "chat,standard,Phi-4-mini",
    "chat,vip,Llama-3.3-70B",
    "visual,vip,Phi-4-Multimodal"
  })
  void theRouterChoosesTheModelByHintAndTier(String hint, String tier, String model) {
    JsonObject request =
        new JsonObject().put("prompt", "hello").put("type_hint", hint).put("client_tier", tier);

    JsonObject body = new JsonObject(client.post("/route", request).body());

    assertThat(body.getString("model")).isEqualTo(model);
  }

  @Test
  void theSameQuestionHasTheSameAnswerFromEachBackendOfTheSameSeed(Vertx vertx) {
    SimulatedBackend twin = await(SimulatedBackend.start(vertx, foundry.profile()));
    SimulatedBackend other = await(SimulatedBackend.start(vertx, foundry.profile().withSeed(7)));
    JsonObject request = new JsonObject().put("prompt", "hello");

    String first = client.post("/route", request).body();
    String another = client.post("/route", new JsonObject().put("prompt", "well?")).body();
    String again = client.post("/route", request).body();
    String twins = new BackendClient(twin.port()).post("/route", request).body();
    String others = new BackendClient(other.port()).post("/route", request).body();

    assertThat(twins).isEqualTo(first).isEqualTo(again).isNotEqualTo(another).isNotEqualTo(others);
  }

  @Test
  void multimodalAnalysisAnswersLikeRoute() {
    JsonObject request =
        new JsonObject()
            .put("prompt", "What is in it?")
            .put("image_urls", new JsonArray().add("https://example.test/1.png"));

    JsonObject body = new JsonObject(client.post("/multimodal/analyze", request).body());

    assertThat(body.getString("model")).isEqualTo("Phi-4-Multimodal");
    assertThat(body.getJsonObject("usage")).isNotNull();
  }

  @Test
  void aTranscriptionIsAJobThatOnlyItsCreatorKnows(Vertx vertx) {
    SimulatedBackend other = await(SimulatedBackend.start(vertx, BackendProfile.legacy(0)));
    JsonObject request = new JsonObject().put("audio_url", "https://example.test/1.wav");

    HttpResponse<String> accepted = client.post("/audio/transcribe", request);

    assertThat(accepted.statusCode()).isEqualTo(202);
    JsonObject job = new JsonObject(accepted.body());
    String path = "/audio/transcribe/" + job.getString("job_id");
    HttpResponse<String> status = client.get(path);
    assertThat(status.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(status.body()).getString("job_id"))
        .isEqualTo(job.getString("job_id"));
    assertThat(new JsonObject(status.body()).getString("status")).isIn("running", "succeeded");
    assertThat(new BackendClient(other.port()).get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void aChatCompletionHasOpenAisShape() {
    JsonObject body = new JsonObject(client.post("/v1/chat/completions", chat()).body());

    assertThat(body.getString("object")).isEqualTo("chat.completion");
    assertThat(body.getString("id")).startsWith("chatcmpl-");
    assertThat(body.getString("model")).isEqualTo("Llama-3.3-70B");
    JsonObject choice = body.getJsonArray("choices").getJsonObject(0);
    assertThat(choice.getString("finish_reason")).isEqualTo("stop");
    assertThat(choice.getJsonObject("message").getString("role")).isEqualTo("assistant");
    assertThat(choice.getJsonObject("message").getString("content")).startsWith("I am foundry");
    assertThat(body.getJsonObject("usage").getInteger("total_tokens")).isPositive();
  }

  @Test
  void eachEmbeddedTextGetsAVector() {
    JsonObject request = new JsonObject().put("input", new JsonArray().add("one").add("two"));

    JsonObject body = new JsonObject(client.post("/v1/embeddings", request).body());

    assertThat(body.getJsonArray("data")).hasSize(2);
    assertThat(body.getJsonArray("data").getJsonObject(1).getInteger("index")).isEqualTo(1);
    assertThat(body.getJsonArray("data").getJsonObject(1).getJsonArray("embedding")).hasSize(64);
    assertThat(body.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/route", "/route/stream", "/multimodal/analyze"})
  void aBlankPromptIsABadRequest(String path) {
    HttpResponse<String> response = client.post(path, new JsonObject().put("prompt", "  "));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(response.body()).getString("detail")).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"prompt\":7}", "{\"prompt\":null}", "{\"prompt\":", "[]", ""})
  void aBodyWithoutAPromptIsUnprocessable(String body) {
    HttpResponse<String> response = client.post("/route", body);

    assertThat(response.statusCode()).isEqualTo(422);
    JsonObject problem = new JsonObject(response.body()).getJsonArray("detail").getJsonObject(0);
    assertThat(problem.fieldNames()).containsExactly("loc", "msg", "type");
    assertThat(problem.getJsonArray("loc").getString(0)).isEqualTo("body");
  }

  @Test
  void anUnknownPathIsNotFound() {
    assertThat(client.get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(client.post("/nowhere", "{}").body()).isEqualTo("{\"detail\":\"Not Found\"}");
  }

  @Test
  void aTakenPortIsAFailureOfTheStart(Vertx vertx) {
    var taken = SimulatedBackend.start(vertx, BackendProfile.legacy(foundry.port()));

    Throwable cause = await(taken.map((Throwable) null).otherwise(failure -> failure));

    assertThat(cause).isInstanceOf(java.net.BindException.class);
  }

  private static JsonObject chat() {
    JsonObject message = new JsonObject().put("role", "user").put("content", "who are you?");
    return new JsonObject()
        .put("model", "Llama-3.3-70B")
        .put("messages", new JsonArray().add(message));
  }
}
