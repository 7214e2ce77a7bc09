package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.SimulatedProviders.direct;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.Fault;
import com.huntaze.rollout.simulate.SimulatedBackend;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** curl and the JDK's client, held against the provider's own answers as {@link ClientsIT} does. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class PlainClientsIT {
  private static final String BODY =
      "{\"model\": \"Phi-4-mini\", \"messages\": [{\"role\": \"user\", \"content\": \"Who?\"}]%s}";
  private static final String STREAM = ", \"stream\": true";
  private static final String TOOLS =
      ", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"weather\","
          + " \"parameters\": {\"type\": \"object\"}}}], \"tool_choice\": \"required\"";
  private static final List<String> QUESTIONS = List.of("", STREAM, TOOLS, TOOLS + STREAM);

  private static SimulatedProviders providers;
  private static SimulatedBackend foundry;
  private static SimulatedBackend legacy;

  @Parameter Wire wire;
  private RunningProxy proxy;

  /** A client that shows the text of an answer, also of one that breaks off. */
  private enum Client {
    CURL {
      @Override
      String ask(Wire wire, String url, String body) throws Exception {
        Process curl =
            new ProcessBuilder(
                    "curl",
                    "--silent",
                    "--insecure",
                    wire.isHttp2() ? "--http2" : "--http1.1",
                    "--max-time",
                    "60",
                    "--json",
                    body,
                    url)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    },
    JDK {
      @Override
      String ask(Wire wire, String url, String body) throws Exception {
        HttpClient client = url.startsWith("https:") ? wire.client() : Wire.HTTP_1_1.client();
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(url))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        StringBuilder seen = new StringBuilder();
        try (Stream<String> lines =
            client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
          lines.forEach(line -> seen.append(line).append('\n'));
        } catch (UncheckedIOException broken) {
          // This client saw the part that came before.
        }
        return seen.toString();
      }
    };

    abstract String ask(Wire wire, String url, String body) throws Exception;
  }

  @BeforeAll
  static void startProviders() {
    providers = new SimulatedProviders();
    foundry = providers.foundry();
    legacy = providers.legacy();
  }

  @AfterAll
  static void stopProviders() {
    providers.close();
  }

  @BeforeEach
  void startProxy() {
    proxy = providers.proxy(wire, new JsonObject());
  }

  @AfterEach
  void stopProxy() {
    providers.repair();
    proxy.close();
  }

  /** The objects of an answer: one that is whole, or the events of a stream. */
  private JsonArray ask(Client client, String url, String question) throws Exception {
    String text = client.ask(wire, url + "/v1/chat/completions", BODY.formatted(question));
    JsonArray objects = new JsonArray();
    if (question.endsWith(STREAM)) {
      text.lines()
          .filter(line -> line.startsWith("data: {"))
          .forEach(line -> objects.add(new JsonObject(line.substring("data: ".length()))));
    } else {
      objects.add(new JsonObject(text));
    }
    assertThat(objects).as(text).isNotEmpty();
    return objects;
  }

  private JsonArray throughProxy(Client client, String question) throws Exception {
    JsonArray seen = ask(client, SimulatedProviders.through(wire, proxy), question);
    return (JsonArray) SameAnswer.of(seen);
  }

  private JsonArray from(SimulatedBackend backend, Client client, String question)
      throws Exception {
    return (JsonArray) SameAnswer.of(ask(client, direct(backend), question));
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void theAnswersAreThoseOfTheProvider(Client client) throws Exception {
    for (String question : QUESTIONS) {
      assertThat(throughProxy(client, question)).isEqualTo(from(foundry, client, question));
    }
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void aFailureOfFoundryIsUnknownToItsClients(Client client) throws Exception {
    foundry.fault(Fault.errorRate(1));
    assertThat(throughProxy(client, "")).isEqualTo(from(legacy, client, ""));
    assertThat(throughProxy(client, STREAM)).isEqualTo(from(legacy, client, STREAM));
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void aStreamThatBreaksOffIsAnErrorAfterWhatItBrought(Client client) throws Exception {
    foundry.fault(Fault.cutStreams());
    JsonArray seen = throughProxy(client, STREAM).copy();
    JsonObject last = (JsonObject) seen.remove(seen.size() - 1);
    assertThat(last.getJsonObject("error").getString("code")).isEqualTo("FOUNDRY_UNAVAILABLE");
    JsonArray direct = from(foundry, client, STREAM);
    // A connection that ends at once may take with it what the JDK's client has not handed on yet.
    assertThat(seen).isNotEmpty().startsWith(direct.getList().toArray());
  }
}
