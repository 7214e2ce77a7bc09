package com.huntaze.rollout.it;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A library on Node, in a process that lives as long as its suite. */
final class NodeClient implements ForeignClient {
  private static final long PATIENCE_SECONDS = 90;

  private final Process process;
  private final Writer orders;
  private final BufferedReader results;

  /** {@link OpenAiSdk#install()} comes first. */
  NodeClient(String library) throws IOException {
    process = OpenAiSdk.start("node", "clients/drive.mjs", library);
    orders = process.outputWriter(StandardCharsets.UTF_8);
    results = process.inputReader(StandardCharsets.UTF_8);
  }

  @Override
  public JsonObject run(JsonObject order) throws IOException {
    orders.write(order.encode() + "\n");
    orders.flush();
    try {
      String line =
          CompletableFuture.supplyAsync(this::line).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new IOException("the process has ended before it answered " + order.encode());
      }
      return new JsonObject(line);
    } catch (Exception failure) {
      throw new IOException(order.encode(), failure);
    }
  }

  private String line() {
    try {
      return results.readLine();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
