package com.huntaze.rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Tokens and answers as they come: with a line end, of another server, with a terminal's codes. */
class AdminOptionsTest {
  private static final String TOKEN = "a-token-of-the-test";

  private final StringWriter told = new StringWriter();

  private int status(String... arguments) {
    return new CommandLine(new StatusCommand())
        .setErr(new PrintWriter(told, true))
        .setOut(new PrintWriter(told, true))
        .execute(arguments);
  }

  private interface Asking {
    void at(String address);
  }

  /** Returns the credentials that were shown. */
  private static String with(int code, String answer, Asking asking) throws IOException {
    AtomicReference<String> shown = new AtomicReference<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          shown.set(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(code, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      asking.at("http://127.0.0.1:" + server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
    return shown.get();
  }

  @Test
  void aLineEndBehindATokenIsNoneOfIt() throws IOException {
    String shown =
        with(404, "{}", address -> status("--admin", address, "--token", TOKEN + "\r\n"));
    assertThat(shown).isEqualTo("Bearer " + TOKEN);
  }

  @Test
  void aTokenThatCannotBeOneIsRefusedAndNotShown() {
    assertThat(status("--admin", "http://127.0.0.1:1", "--token", "one\n" + TOKEN)).isEqualTo(2);
    assertThat(told.toString()).contains("--token, ADMIN_TOKEN: not shown").doesNotContain(TOKEN);
  }

  @Test
  void anotherServersRefusalIsToldWithItsStatus() throws IOException {
    with(
        404,
        "{\"success\":false,\"error\":{\"code\":\"NOT_FOUND\"}}",
        address -> {
          assertThat(status("--admin", address)).isEqualTo(1);
          assertThat(told.toString())
              .contains(address + ": it does not answer as a proxy's admin port does (status 404)");
        });
  }

  @Test
  void nothingThatAServerSaysMovesTheTerminalsCursor() throws IOException {
    with(
        403,
        "{\"detail\":\"\\u001b[2Jno\"}",
        address -> {
          assertThat(status("--admin", address)).isEqualTo(1);
          assertThat(told.toString()).contains("no").doesNotContain("\u001b");
        });
  }
}
