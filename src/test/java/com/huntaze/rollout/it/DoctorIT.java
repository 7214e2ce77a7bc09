package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.it.ProxyProcess.Ended;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PfxOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor} through the packaged jar, for one fault after another. */
@Tag("heavy")
class DoctorIT {
  private static final String PASSWORD = "changeit";
  private static final String KEY = "a-secret-of-the-router-0123456789";
  private static final Map<String, String> ENVIRONMENT = Map.of("AI_ROUTER_API_KEY", KEY);

  @TempDir private Path folder;
  private RawOrigin foundry;
  private RawOrigin legacy;
  private Supplier<Duration> skew = () -> Duration.ZERO;
  private volatile int status = 200;

  @BeforeEach
  void start() throws Exception {
    foundry = new RawOrigin(call -> call.send(answer(status, skew.get())));
    legacy = new RawOrigin(call -> call.send(answer(200, Duration.ZERO)));
    Files.createDirectory(
        folder.resolve("state"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @AfterEach
  void stop() throws Exception {
    foundry.close();
    legacy.close();
  }

  private static String answer(int status, Duration skew) {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plus(skew));
    return "HTTP/1.1 %d Odd\r\ndate: %s\r\ncontent-length: 0\r\n\r\n".formatted(status, date);
  }

  private JsonObject settings() {
    return RunningProxy.before("canary", foundry.url(), legacy.url())
        .put("prices", Path.of("conf", "prices.json").toAbsolutePath().toString())
        .put(
            "server",
            new JsonObject().put("host", "127.0.0.1").put("port", 0).put("maxConnections", 1_000))
        .put("admin", new JsonObject().put("port", 0))
        .put("state", new JsonObject().put("dir", folder.resolve("state").toString()))
        .mergeIn(
            new JsonObject(
                "{\"providers\":{\"foundry\":{\"pool\":{\"maxConnections\":64}},"
                    + "\"legacy\":{\"pool\":{\"maxConnections\":64}}}}"),
            true);
  }

  private static JsonObject with(JsonObject settings, String json) {
    return settings.mergeIn(new JsonObject(json.replace('\'', '"')), true);
  }

  private static Ended doctor(JsonObject settings, String... more) throws Exception {
    return doctor(List.of(), ENVIRONMENT, settings, more);
  }

  private static Ended doctor(
      List<String> jvm, Map<String, String> environment, JsonObject settings, String... more)
      throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add("doctor");
    arguments.add("--config");
    arguments.add(ProxyProcess.configuration(settings.encode()).toString());
    arguments.addAll(List.of(more));
    Ended ended = ProxyProcess.run(jvm, environment, arguments.toArray(String[]::new));
    assertThat(ended.output()).doesNotContain(KEY, "\tat ", "Exception", "\u001b");
    return ended;
  }

  /** The whole has failed, for this reason, and there is something to do about it. */
  private static void assertFails(Ended ended, String line) {
    assertThat(ended.output()).containsPattern("fail +" + line);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output()).contains("-> ");
  }

  private static void assertWarns(Ended ended, String line) {
    assertThat(ended.output()).containsPattern("warn +" + line);
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("-> ");
  }

  @Test
  void findsNothingWrongWhereNothingIs() throws Exception {
    Ended ended = doctor(settings());
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output())
        .containsPattern("ok +foundry probe +GET /health: 200 in \\d+ ms")
        .containsPattern("ok +foundry clock +this machine is within a second of its time")
        .containsPattern("ok +legacy connect +port \\d+ in \\d+ ms")
        .containsPattern("ok +two providers ")
        .containsPattern("ok +foundry key +X-API-Key is set by the proxy")
        .containsPattern("ok +state permissions +rwx------")
        .containsPattern("ok +transport +native epoll")
        .endsWith(" ok, 0 warn, 0 fail");
    // The key goes to the provider that it is for, and nowhere else.
    assertThat(foundry.nextHead()).startsWith("GET /health HTTP/1.1").contains(KEY);
    assertThat(legacy.nextHead()).doesNotContain(KEY);
    assertThat(folder.resolve("state")).isEmptyDirectory();
  }

  @Test
  void tellsScriptsTheSame() throws Exception {
    status = 503;
    Ended ended = doctor(settings(), "--json");
    JsonObject report = new JsonObject(ended.output());
    assertThat(ended.code()).isEqualTo(1);
    assertThat(report.getInteger("fail")).isEqualTo(1);
    JsonObject wrong =
        report.getJsonArray("findings").stream()
            .map(JsonObject.class::cast)
            .filter(finding -> finding.getString("level").equals("fail"))
            .findFirst()
            .orElseThrow();
    assertThat(wrong.getString("name")).isEqualTo("foundry probe");
    assertThat(wrong.getString("seen")).startsWith("GET /health: 503 in ");
    assertThat(wrong.getString("remedy")).isNotBlank();
  }

  @Test
  void seesProvidersThatCannotBeReached() throws Exception {
    String gone = "{'providers':{'foundry':{'url':'http://127.0.0.1:1'}}}";
    assertFails(doctor(with(settings(), gone)), "foundry connect +port 1: nobody listens there");
    String unknown = "{'providers':{'legacy':{'url':'http://no.such.name.invalid'}}}";
    assertFails(
        doctor(with(settings(), unknown)), "legacy dns +no\\.such\\.name\\.invalid: no such");
    // What is not in use cannot fail.
    String unused = "{'provider':'legacy','providers':{'foundry':{'url':'http://127.0.0.1:1'}}}";
    assertWarns(doctor(with(settings(), unused)), "foundry connect +port 1: nobody");
  }

  @Test
  void seesRefusedKeysAndMissingPaths() throws Exception {
    status = 401;
    assertWarns(
        doctor(settings()), "foundry probe +GET /health: 401 in \\d+ ms, the key is refused");
    status = 404;
    assertWarns(doctor(settings()), "foundry probe +GET /health: 404 .*counts as alive");
  }

  @Test
  void seesClocksThatDiffer() throws Exception {
    skew = () -> Duration.ofMinutes(10);
    assertFails(doctor(settings()), "foundry clock +this machine is (599|600) s behind its time");
    skew = () -> Duration.ofSeconds(-60);
    assertWarns(doctor(settings()), "foundry clock +this machine is (59|60) s ahead of its time");
  }

  @Test
  void seesCertificatesThatAreNotTrustedOrAnothers() throws Exception {
    Path mine = certificate("ip:127.0.0.1", 3);
    Path others = certificate("dns:other.example", 90);
    Vertx vertx = Vertx.vertx();
    try {
      JsonObject right = behindTls(listen(vertx, mine));
      Ended untrusted = doctor(right);
      assertFails(untrusted, "foundry tls +its certificate is of an authority that is not trusted");
      assertThat(untrusted.output())
          .contains("-> providers.foundry.tls.ca with the PEM file of its authority");
      assertWarns(doctor(trusting(mine), ENVIRONMENT, right), "foundry tls +TLS.* for 2 more days");
      JsonObject wrong = behindTls(listen(vertx, others));
      assertFails(
          doctor(trusting(others), ENVIRONMENT, wrong),
          "foundry tls +its certificate is another name's: .*127\\.0\\.0\\.1");
      JsonObject plain = with(settings(), "{}");
      plain
          .getJsonObject("providers")
          .getJsonObject("foundry")
          .put("url", foundry.url().replace("http:", "https:"));
      assertFails(doctor(plain), "foundry tls ");
    } finally {
      vertx.close().await();
    }
  }

  private JsonObject behindTls(int port) {
    return with(
        settings(), "{'providers':{'foundry':{'url':'https://127.0.0.1:%d'}}}".formatted(port));
  }

  private static List<String> trusting(Path store) {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }

  private static int listen(Vertx vertx, Path store) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(0)
            .setSsl(true)
            .setKeyCertOptions(new PfxOptions().setPath(store.toString()).setPassword(PASSWORD));
    return RunningProxy.await(
            vertx
                .createHttpServer(options)
                .requestHandler(request -> request.response().end("{}"))
                .listen())
        .actualPort();
  }

  private Path certificate(String name, int days) throws Exception {
    Path store = folder.resolve(days + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "provider",
                "-keyalg",
                "EC",
                "-dname",
                "CN=provider",
                "-ext",
                "san=" + name,
                "-validity",
                "" + days,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(90, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    return store;
  }

  @Test
  void seesThatBothProvidersAreOne() throws Exception {
    String same = "{'providers':{'legacy':{'url':'%s'}}}".formatted(foundry.url());
    assertFails(doctor(with(settings(), same)), "two providers +foundry and legacy are both http");
    String alias = same.replace("127.0.0.1", "localhost");
    assertWarns(doctor(with(settings(), alias)), "two providers .*are one address, port and path");
  }

  @Test
  void seesPortsThatAreInUseAndByWhom() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "" + taken.getLocalPort();
      long us = ProcessHandle.current().pid();
      assertFails(
          doctor(settings(), "--port", port),
          "data port +127\\.0\\.0\\.1:%s is in use by process %d, java".formatted(port, us));
    }
    try (ProxyProcess proxy =
        ProxyProcess.start(List.of(), Map.of(), "demo", "--port", "0", "--admin-port", "0")) {
      assertWarns(
          doctor(settings(), "--admin-port", "" + proxy.adminPort()),
          "admin port +127\\.0\\.0\\.1:\\d+: a rollout-proxy runs there already \\(process %d, java\\)"
              .formatted(proxy.process().pid()));
    }
    assertFails(
        doctor(
            with(settings(), "{'server':{'host':'203.0.113.7','port':8080},'auth':{'open':true}}")),
        "data port");
  }

  @Test
  void seesStateThatCannotBeKept() throws Exception {
    Path state = folder.resolve("state");
    Files.writeString(state.resolve("state.json"), "rollout-proxy-state 1 2\n{}\nno hash\n");
    assertFails(doctor(settings()), "state +.*state\\.json: \\d+ bytes \\(expected: as many");
    Files.delete(state.resolve("state.json"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertWarns(doctor(settings()), "state permissions +rwxr-xr-x \\(expected: rwx------\\)");
    // Nobody, not even root, can write these.
    assertFails(
        doctor(with(settings(), "{'state':{'dir':'/proc'}}")),
        "state +/proc( cannot be written|: nothing can be written)");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertFails(
        doctor(with(settings(), "{'state':{'dir':'%s'}}".formatted(file))),
        "state .*is no directory");
    assertFails(
        doctor(with(settings(), "{'state':{'dir':'%s/below'}}".formatted(file))),
        "state .*cannot be made in");
    assertWarns(doctor(with(settings(), "{'state':{'dir':''}}")), "state +a temporary directory");
  }

  @Test
  void tellsWhoLeadsInTheStateDirectory() throws Exception {
    JsonObject settings = settings();
    try (ProxyProcess proxy =
        ProxyProcess.start(
            List.of(),
            ENVIRONMENT,
            "run",
            "--config",
            ProxyProcess.configuration(settings.encode()).toString())) {
      // It is ready before its first state is on the disk.
      Waits.until(() -> Files.exists(folder.resolve("state").resolve("state.json")));
      Ended ended = doctor(settings);
      assertThat(ended.code()).as(ended.output()).isZero();
      assertThat(ended.output())
          .containsPattern("ok +state lock +process %d leads".formatted(proxy.process().pid()))
          .containsPattern("ok +state +\\S+: initial at 0 %");
    }
  }

  @Test
  void seesKeysAndPricesThatAreMissing() throws Exception {
    Map<String, String> none = Map.of("AI_ROUTER_API_KEY", "");
    Ended empty = doctor(List.of(), none, settings());
    assertWarns(empty, "foundry key +X-API-Key is empty");
    assertWarns(empty, "legacy key +legacy gets no key");
    JsonObject stripped =
        with(
            settings(),
            "{'auth':{'required':true,'keys':[{'id':'web','sha256':'%s'}]}}"
                .formatted("0".repeat(64)));
    assertFails(doctor(List.of(), none, stripped), "foundry key +clients' keys end at the proxy");
    JsonObject legacys = with(settings(), "{'auth':{'clientKeys':'legacy'}}");
    assertWarns(doctor(List.of(), none, legacys), "foundry key +foundry gets no key");
    Ended both = doctor(List.of(), none, with(stripped.copy(), "{'auth':{'clientKeys':'both'}}"));
    assertThat(both.output()).containsPattern("warn +foundry key +X-API-Key is empty");
    assertThat(both.output()).containsPattern("ok +legacy key +none of the proxy's own");
    String token = "{'providers':{'foundry':{'token':{'from':'command','command':['true']}}}}";
    assertThat(doctor(List.of(), none, with(settings(), token)).output())
        .containsPattern("ok +foundry key +Authorization, from providers.foundry.token, is set by")
        .containsPattern("ok +legacy key +none of the proxy's own; each client's passes");
    Path prices = Files.writeString(folder.resolve("prices.json"), "{}");
    assertWarns(
        doctor(with(settings(), "{'prices':'%s'}".formatted(prices))),
        "prices .*no model has a price");
    assertWarns(
        doctor(with(settings(), "{'admin':{'token':'short'}}")), "admin token +5 characters");
    assertWarns(
        doctor(with(settings(), "{'server':{'host':'0.0.0.0'},'auth':{'open':true}}")),
        "client keys +none is asked for");
  }

  @Test
  void seesTooFewFileDescriptors() throws Exception {
    String config = ProxyProcess.configuration(settings().encode()).toAbsolutePath().toString();
    String command =
        "ulimit -n 1024 && exec '%s' -jar '%s' doctor --config '%s'"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Path.of(System.getProperty("rollout.jar", "target/rollout-proxy.jar"))
                    .toAbsolutePath(),
                config);
    Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    assertFails(
        new Ended(process.exitValue(), output),
        "open files +limit 1024; the settings allow 1128 connections");
  }

  /** In the words of the start, which would end with it. */
  @Test
  void saysOfAMembersAddressWhatTheStartWould() throws Exception {
    String member = "{'cluster':{'bind':'%s','port':%d,'discovery':{'static':['127.0.0.1:7800']}}}";
    int port = FreePorts.next();
    assertThat(doctor(with(settings(), member.formatted("127.0.0.0/8", port))).output())
        .containsPattern("ok +cluster.bind +127.0.0.1:%d is free".formatted(port));
    String none = "this machine has none of its addresses, but ";
    JsonObject another = with(settings(), member.formatted("127.99.0.0/16", port));
    assertFails(
        doctor(another),
        "cluster.bind +127.99.0.0/16:%d cannot be listened on: %s".formatted(port, none));
    String file = ProxyProcess.configuration(another.encode()).toString();
    assertThat(ProxyProcess.run(ENVIRONMENT, "run", "--config", file).output())
        .contains("cluster.bind: 127.99.0.0/16:%d cannot be listened on: %s".formatted(port, none));
  }

  @Test
  void waitsForNobodyLongerThanItIsTold() throws Exception {
    try (RawOrigin silent = new RawOrigin(RawOrigin.Call::awaitClose)) {
      JsonObject hangs =
          with(settings(), "{'providers':{'foundry':{'url':'%s'}}}".formatted(silent.url()));
      assertFails(doctor(hangs), "foundry probe +GET /health: no answer within 3000 ms");
      long began = System.nanoTime();
      assertFails(doctor(hangs, "--timeout", "300ms"), "foundry +no answer within 300 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isLessThan(Waits.bound(Duration.ofSeconds(20)));
    }
  }

  @Test
  void refusesWrongUsage() throws Exception {
    assertThat(doctor(settings(), "--timeout", "0s").code()).isEqualTo(2);
    Ended refused = doctor(with(settings(), "{'server':{'port':-1}}"));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.output()).contains("server.port: -1");
    assertThat(ProxyProcess.run(Map.of(), "doctor").code()).isEqualTo(2);
  }

  @Test
  void showsColoursAndItsProgressOnATerminalAlone() throws Exception {
    String config = ProxyProcess.configuration(settings().encode()).toAbsolutePath().toString();
    try (OnTerminal terminal = OnTerminal.start(ENVIRONMENT, "doctor", "--config", config)) {
      assertThat(terminal.end()).isZero();
      assertThat(terminal.said())
          .contains("looking at foundry …", "\u001b[32mok  \u001b[0m  foundry probe");
    }
    Map<String, String> plain = Map.of("NO_COLOR", "1", "AI_ROUTER_API_KEY", KEY);
    try (OnTerminal terminal = OnTerminal.start(plain, "doctor", "--config", config)) {
      assertThat(terminal.end()).isZero();
      assertThat(terminal.said()).contains("ok    foundry probe").doesNotContain("\u001b[32m");
    }
  }
}
