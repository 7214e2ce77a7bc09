package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.http.ServerSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings that are a number of bytes may have a unit, wherever they come from. */
class SizesTest {
  private static ServerSettings server(String json, Map<String, String> environment) {
    return Documents.read("{'server': " + json + "}", environment).settings().server();
  }

  @Test
  void takesUnitsAndPlainNumbers() {
    ServerSettings server =
        server(
            "{'maxBodyBytes': '32MiB', 'maxHeaderBytes': '8KiB', 'replayBytes': '8MB',"
                + " 'holdBackBytes': 4096, 'bufferBytesTotal': '1GiB'}",
            Map.of());
    assertThat(server.maxBodyBytes()).isEqualTo(33_554_432);
    assertThat(server.maxHeaderBytes()).isEqualTo(8_192);
    assertThat(server.replayBytes()).isEqualTo(8_000_000);
    assertThat(server.holdBackBytes()).isEqualTo(4_096);
    assertThat(server.bufferBytesTotal()).isEqualTo(1_073_741_824);
  }

  @Test
  void takesThemFromPlaceholders() {
    String json = "{'maxBodyBytes': '${BODY}', 'replayBytes': '${REPLAY}'}";
    ServerSettings server = server(json, Map.of("BODY", "512KiB", "REPLAY", "1024"));
    assertThat(server.maxBodyBytes()).isEqualTo(524_288);
    assertThat(server.replayBytes()).isEqualTo(1_024);
  }
}
