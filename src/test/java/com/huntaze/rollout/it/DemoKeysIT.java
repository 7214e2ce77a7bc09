package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demo's keys, pressed on a real terminal. */
@Tag("heavy")
class DemoKeysIT {
  private static final Pattern DASHBOARD =
      Pattern.compile("Dashboard +(http://127\\.0\\.0\\.1:\\d+/)");

  private static JsonObject get(String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return new JsonObject(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
  }

  @Test
  void breaksRepairsPausesRollsBackStartsAgainAndQuits() throws Exception {
    try (OnTerminal demo = OnTerminal.start(Map.of(), "demo", "--port", "0", "--admin-port", "0")) {
      int at = demo.await("[f] break Foundry  [r] repair", 0);
      at = demo.await("Start canary foundry 0 % -> 10 %", 0);
      Matcher printed = DASHBOARD.matcher(demo.said());
      assertThat(printed.find()).isTrue();
      String url = printed.group(1);

      demo.press("f");
      at = demo.await("[1] errors  [2] 429 storm", at);
      demo.press("4");
      at = demo.await("Simulated Foundry: broken, cut", at);
      assertThat(get(url + "api/v1/simulate").getString("fault")).isEqualTo("cut");
      demo.press("r");
      at = demo.await("Simulated Foundry: repaired", at);
      // A choice that is none is none.
      demo.press("fx");
      at = demo.await("[6] hang", at);
      assertThat(get(url + "api/v1/simulate").getString("fault")).isEqualTo("none");

      demo.press("p");
      at = demo.await("Pause canary foundry", at);
      assertThat(get(url + "api/v1/canary").getBoolean("paused")).isTrue();
      demo.press("P");
      at = demo.await("Resume canary foundry", at);

      demo.press("a");
      at = demo.await("ROLLBACK canary foundry", at);
      assertThat(get(url + "api/v1/canary").getString("reason"))
          .contains("by terminal): a key was pressed");
      demo.press("p");
      at = demo.await("Refused pause: ", at);
      demo.press("s");
      at = demo.await("Start canary foundry 0 % -> 10 %", at);

      demo.press("d");
      at = demo.await("Dashboard: " + url, at);
      demo.press("h");
      at = demo.await("[d] dashboard  [h] help  [q] quit", at);
      demo.press("q");
      assertThat(demo.end()).isZero();
      assertThat(demo.said()).contains("Drained: 0 requests are cut").doesNotContain("Exception");
      // Keys are not echoed among the lines.
      assertThat(demo.said()).doesNotContainPattern("(?m)^[frpadhq]\r?$");
    }
  }

  @Test
  void tellsTheDashboardOfWhatAKeyHasBroken() throws Exception {
    try (OnTerminal demo = OnTerminal.start(Map.of(), "demo", "--port", "0", "--admin-port", "0")) {
      demo.await("[q] quit", 0);
      Matcher printed = DASHBOARD.matcher(demo.said());
      assertThat(printed.find()).isTrue();
      int port = URI.create(printed.group(1)).getPort();
      try (RawClient client = new RawClient(port)) {
        client.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        client.readUntil("event: hello");
        demo.press("f1");
        client.readUntil("event: simulation\ndata: {\"fault\":\"errors\"");
        client.readUntil("\"broken\":{\"fault\":\"errors\"");
      }
    }
  }

  @Test
  void givesTheTerminalBackAsItWas() throws Exception {
    try (OnTerminal demo =
        OnTerminal.shell(
            "stty -a | head -3; stty -g; JAR demo --port 0 --admin-port 0; echo code $?; stty -g")) {
      demo.await("[q] quit", 0);
      demo.press("q");
      assertThat(demo.end()).isZero();
      List<String> settings =
          Pattern.compile("(?m)^[0-9a-f]+(:[0-9a-f]+){5,}")
              .matcher(demo.said())
              .results()
              .map(found -> found.group())
              .toList();
      assertThat(settings).hasSize(2);
      assertThat(settings.get(1)).isEqualTo(settings.get(0));
      assertThat(demo.said()).contains("code 0");
    }
  }

  @Test
  void goesOnInTheBackgroundOfATerminal() throws Exception {
    // A shell with job control puts it into a process group that may not read.
    try (OnTerminal demo =
        OnTerminal.shell(
            "set -m; JAR demo --port 0 --admin-port 0 & sleep 0; read -r line; kill $!; wait $!; echo"
                + " code $?")) {
      int at = demo.await("Start canary foundry 0 % -> 10 %", 0);
      at = demo.await("demo traffic", at);
      demo.press("\n");
      demo.await("code 0", at);
      assertThat(demo.end()).isZero();
    }
  }

  @Test
  void readsAndSaysNothingOfKeysWithoutATerminal() throws Exception {
    try (ProxyProcess demo =
        ProxyProcess.start(List.of(), Map.of(), "demo", "--port", "0", "--admin-port", "0")) {
      demo.process().getOutputStream().write('q');
      demo.process().getOutputStream().flush();
      assertThat(get("http://127.0.0.1:" + demo.adminPort() + "/api/v1/canary").getString("phase"))
          .isNotBlank();
      assertThat(demo.output()).doesNotContain("[q]", "keys:");
      assertThat(demo.process().isAlive()).isTrue();
    }
  }
}
