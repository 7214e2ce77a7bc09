package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packaged jar with its configuration file, before a name whose address changes. */
@Tag("heavy")
class PackagedAddressesIT {
  private static final String FIRST = "127.0.0.2";
  private static final String SECOND = "127.0.0.3";

  private final HttpClient client = HttpClient.newHttpClient();

  private static RawOrigin origin(String address, int port) {
    return new RawOrigin(
        address,
        port,
        call ->
            call.send(
                "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s"
                    .formatted(address.length(), address)));
  }

  private static Path configuration(NameServer names, int port, String legacy) throws Exception {
    JsonObject settings =
        RunningProxy.before("foundry", "http://router.test:" + port, legacy)
            .put("dns", names.settings())
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0));
    return ProxyProcess.configuration(settings.encode());
  }

  private String ask(ProxyProcess proxy) throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d/route".formatted(proxy.port()));
    HttpRequest request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString("{}")).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void aNewAddressIsInUseSoonAfterTheOldOneRefuses() throws Exception {
    RawOrigin old = origin(FIRST, 0);
    int port = old.port();
    try (RawOrigin next = origin(SECOND, port);
        RawOrigin legacy = origin("127.0.0.1", 0);
        NameServer names = new NameServer(1, FIRST);
        ProxyProcess proxy =
            ProxyProcess.start(
                List.of("-Xmx256m"),
                Map.of(),
                "run",
                "--config",
                configuration(names, port, legacy.url()).toString())) {
      assertThat(ask(proxy)).isEqualTo(FIRST);
      names.tell(1, SECOND);
      old.close();
      long changed = System.nanoTime();
      Waits.until(() -> ask(proxy), SECOND::equals);
      assertThat(Duration.ofNanos(System.nanoTime() - changed))
          .isLessThan(Waits.bound(Duration.ofSeconds(6)));
      assertThat(next.connections()).isPositive();
      proxy.awaitOutput("Addresses of router.test: " + FIRST + " " + SECOND);
    }
  }

  @Test
  void theDoctorShowsWhatTheProxyUses() throws Exception {
    try (RawOrigin second = origin(SECOND, 0);
        RawOrigin legacy = origin("127.0.0.1", 0);
        NameServer names = new NameServer(60, FIRST, SECOND)) {
      Path file = configuration(names, second.port(), legacy.url());
      String report = ProxyProcess.run(Map.of(), "doctor", "--config", file.toString()).output();
      assertThat(report)
          .containsPattern(
              "ok +foundry dns +router.test is %s %s \\(from name server 127.0.0.1:\\d+, for 60 s\\)"
                  .formatted(FIRST, SECOND))
          .containsPattern("ok +foundry connect +%s port \\d+ in".formatted(SECOND))
          .containsPattern("warn +foundry connect +%s port \\d+: nobody".formatted(FIRST));
    }
  }
}
