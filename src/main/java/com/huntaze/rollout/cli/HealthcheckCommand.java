package com.huntaze.rollout.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code healthcheck}: for a container, which asks every few seconds. A plain socket: what an HTTP
 * client loads would take longer than the answer.
 */
@Command(
    name = "healthcheck",
    description = "Ends with 0 if the proxy on this machine takes requests, else with 1.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  rollout-proxy healthcheck --port 8080"})
final class HealthcheckCommand implements Callable<Integer> {
  private static final int MILLIS = 2_000;
  private static final int LARGEST_PORT = 65_535;
  private static final String OK = "HTTP/1.1 200 ";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Its data port. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--tls",
      description = "The data port speaks TLS; its certificate is not looked at.")
  private boolean tls;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (port < 1 || port > LARGEST_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--port: %d (expected: 1..%d)".formatted(port, LARGEST_PORT));
    }
    try (Socket socket =
        tls ? AdminTrust.anybody().getSocketFactory().createSocket() : new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MILLIS);
      socket.setSoTimeout(MILLIS);
      String request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String status =
          new String(socket.getInputStream().readNBytes(OK.length()), StandardCharsets.US_ASCII);
      if (status.equals(OK)) {
        return ExitCode.GOOD.code();
      }
      tell(status.startsWith("HTTP/") ? "not ready" : "no HTTP (expected: --tls, if it is TLS)");
    } catch (SSLException plain) {
      tell("%s (expected: no --tls, if it is plain HTTP)".formatted(plain.getMessage()));
    } catch (IOException | GeneralSecurityException failure) {
      tell(failure.getMessage());
    }
    return ExitCode.FAILED.code();
  }

  private void tell(String sentence) {
    spec.commandLine().getErr().println("port %d: %s".formatted(port, sentence));
  }
}
