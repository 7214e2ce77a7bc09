package com.huntaze.rollout.doctor;

import com.huntaze.rollout.settings.HttpUrl;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a provider's answer.
 *
 * @param behind how far this machine's clock is behind the provider's, to about a second; empty =
 *     it tells no time
 */
record ProviderAnswer(int status, long millis, Optional<Duration> behind) {
  private static final int LONGEST_HEAD = 32_768;
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int STATUS_END = STATUS_AT + 3;

  /** Asks over a connected socket, whose time-out it is left with. */
  static ProviderAnswer ask(Socket socket, HttpUrl url, String path, Map<String, String> headers)
      throws IOException {
    StringBuilder request = new StringBuilder();
    request.append("GET ").append(url.path()).append(path).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(url.authority()).append("\r\nConnection: close\r\n");
    headers.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            request.append(name).append(": ").append(value).append("\r\n");
          }
        });
    request.append("\r\n");
    long began = System.nanoTime();
    socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
    String head = head(socket.getInputStream());
    long millis = (System.nanoTime() - began) / 1_000_000;
    return new ProviderAnswer(status(head), millis, behind(head, millis));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("it hung up");
      } else if (head.length() > LONGEST_HEAD) {
        throw new IOException("its head is over %d bytes".formatted(LONGEST_HEAD));
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static int status(String head) throws IOException {
    try {
      if (head.startsWith("HTTP/1.")) {
        return Integer.parseInt(head.substring(STATUS_AT, STATUS_END));
      }
    } catch (NumberFormatException | IndexOutOfBoundsException odd) {
      // told below
    }
    throw new IOException("it does not speak HTTP/1.1");
  }

  private static Optional<Duration> behind(String head, long millis) {
    Instant now = Instant.now();
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith("date:")) {
        try {
          Instant told =
              ZonedDateTime.parse(
                      line.substring("date:".length()).strip(),
                      DateTimeFormatter.RFC_1123_DATE_TIME)
                  .toInstant();
          // It was written half a round trip ago, and half a second is cut off of it.
          Duration behind = Duration.between(now.minusMillis(millis / 2), told.plusMillis(500));
          return Optional.of(behind);
        } catch (DateTimeException odd) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
