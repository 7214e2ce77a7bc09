package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged jar from the command line: what it says, and how it ends. */
@Tag("heavy")
class CommandLineIT {

  private static ProxyProcess.Ended run(String... arguments) throws Exception {
    return ProxyProcess.run(Map.of(), arguments);
  }

  private static String get(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  @Test
  void helpTeaches() throws Exception {
    ProxyProcess.Ended help = run("--help");
    assertThat(help.code()).isZero();
    assertThat(help.output())
        .contains("demo", "run --config conf/proxy.json", "check --config", "Exit codes")
        .contains("doctor --config", "Begins a new epoch at 0 %.")
        .doesNotContain("WARN");
    assertThat(help.output().lines()).allMatch(line -> line.length() <= 80);
    for (String command : new String[] {"demo", "run", "check"}) {
      ProxyProcess.Ended of = run(command, "--help");
      assertThat(of.code()).isZero();
      assertThat(of.output()).contains("--port", "--provider");
    }
  }

  @Test
  void tellsItsVersion() throws Exception {
    ProxyProcess.Ended version = run("--version");
    assertThat(version.code()).isZero();
    assertThat(version.output()).matches("rollout-proxy \\d+\\.\\d+\\.\\d+");
  }

  @Test
  void refusesWrongUsage() throws Exception {
    for (String[] wrong :
        new String[][] {{}, {"runn"}, {"run"}, {"demo", "--prot", "1"}, {"check", "extra"}}) {
      ProxyProcess.Ended ended = run(wrong);
      assertThat(ended.code()).as(String.join(" ", wrong)).isEqualTo(2);
      assertThat(ended.output())
          .containsAnyOf("Usage:", "Did you mean: rollout-proxy run?", "Possible solutions")
          .doesNotContain("\tat ", "Exception");
    }
  }

  @Test
  void checksTheShippedConfigurations() throws Exception {
    for (String file : new String[] {"conf/proxy.json", "conf/demo.json"}) {
      ProxyProcess.Ended ended = run("check", "--config", file);
      List<String> lines = ended.output().lines().toList();
      assertThat(lines.get(0)).isEqualTo(Path.of(file).toAbsolutePath() + ": valid");
      // The settings are compared with the machine's descriptors and the heap.
      assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("note: "));
      assertThat(ended.code()).isZero();
    }
  }

  @Test
  void printsEveryProblemOfAConfiguration() throws Exception {
    Path broken =
        ProxyProcess.configuration(
            "{\"server\":{\"prot\":1,\"maxInFlight\":0},\"provider\":\"azure\"}");
    for (String command : new String[] {"check", "run"}) {
      ProxyProcess.Ended ended = run(command, "--config", broken.toString());
      assertThat(ended.code()).isEqualTo(2);
      assertThat(ended.output())
          .contains("3 problems", "server.prot", "did you mean \"port\"?", "server.maxInFlight")
          .contains("provider")
          .doesNotContain("\tat ", "Exception");
    }
    ProxyProcess.Ended missing = run("run", "--config", "no/such.json");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.output()).contains("no/such.json: no such file");
  }

  @Test
  void refusesAWrongValueOfAFlagOrVariable() throws Exception {
    ProxyProcess.Ended flag = run("demo", "--canary", "130");
    assertThat(flag.code()).isEqualTo(2);
    assertThat(flag.output()).contains("--canary: 130 (expected: a whole number, 0..100)");
    ProxyProcess.Ended variable = ProxyProcess.run(Map.of("AI_PROVIDER", "azure"), "demo");
    assertThat(variable.code()).isEqualTo(2);
    assertThat(variable.output()).contains("AI_PROVIDER: \"azure\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--port", "--admin-port"})
  void saysInOneSentenceThatAPortIsInUse(String flag) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String other = flag.equals("--port") ? "--admin-port" : "--port";
      Path config = withFreePorts();
      ProxyProcess.Ended ended =
          run("run", "--config", config.toString(), flag, "" + taken.getLocalPort(), other, "0");
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.output())
          .contains(taken.getLocalPort() + " is already in use on 127.0.0.1 (expected: a free port")
          .contains(flag)
          .doesNotContain("\tat ", "Exception");
    }
  }

  /** The demo's own file, with the simulated backends on free ports. */
  private static Path withFreePorts() throws Exception {
    String demo = Files.readString(Path.of("conf", "demo.json"));
    return ProxyProcess.configuration(demo.replace("18000", "0").replace("18001", "0"));
  }

  @Test
  void theDemoIsRunWithAnotherFile() throws Exception {
    // The same file through `run`: same banner, same first decision, traffic, and both providers.
    try (ProxyProcess process =
        ProxyProcess.start(
            List.of(),
            Map.of(),
            "run",
            "--config",
            withFreePorts().toString(),
            "--port",
            "0",
            "--admin-port",
            "0")) {
      process.awaitOutput(
          "two simulated AI backends", "Start canary foundry 0 % -> 10 %", "curl -N");
      String state = get(process.adminPort(), "/api/v1/canary");
      assertThat(state).contains("\"phase\":\"canary_10\"", "\"percentage\":10");
    }
  }

  @Test
  void theDemoServesItsPrintedCurlAndStopsWithZero() throws Exception {
    try (ProxyProcess process =
        ProxyProcess.start(List.of(), Map.of(), "demo", "--port", "0", "--admin-port", "0")) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + process.port() + "/v1/chat/completions"))
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(printedBody(process.output())))
              .build();
      String stream = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      assertThat(stream).contains("simulated").endsWith("data: [DONE]\n\n");

      process.process().toHandle().destroy();
      assertThat(process.process().waitFor(90, TimeUnit.SECONDS)).isTrue();
      assertThat(process.process().exitValue()).isZero();
      assertThat(process.finalOutput())
          .contains("Drained: 0 requests are cut")
          .doesNotContain("ERROR");
    }
  }

  private static String printedBody(String output) {
    int from = output.indexOf("-d '") + 4;
    return output.substring(from, output.indexOf("'", from));
  }

  @Test
  void startsAtTheGivenPercentageAndSaysWhatThatForgets() throws Exception {
    try (ProxyProcess process =
        ProxyProcess.start(
            List.of(),
            Map.of("AI_CANARY_PERCENTAGE", "25"),
            "run",
            "--config",
            "conf/proxy.json",
            "--port",
            "0",
            "--admin-port",
            "0")) {
      assertThat(get(process.adminPort(), "/api/v1/canary")).contains("\"percentage\":25");
      process.awaitOutput("an earlier rollback is not known");
    }
  }

  @Test
  void aFreshProxyIsInitialAndSaysHowToBegin() throws Exception {
    try (ProxyProcess process =
        ProxyProcess.start(
            List.of(),
            Map.of(),
            "run",
            "--config",
            "conf/proxy.json",
            "--port",
            "0",
            "--admin-port",
            "0")) {
      assertThat(get(process.adminPort(), "/api/v1/canary")).contains("\"phase\":\"initial\"");
      process.awaitOutput("initial at 0 %; start begins the rollout");
    }
  }
}
