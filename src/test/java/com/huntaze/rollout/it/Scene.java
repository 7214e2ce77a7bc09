package com.huntaze.rollout.it;

import com.huntaze.rollout.canary.Alert.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Processes in which some kinds of alerts are provoked, one after the other. */
abstract class Scene {
  private static final String GOOD = "{\"id\":\"thread_%d\",\"model\":\"%s\",\"output\":\"hello\"}";

  /** The kinds that are walked here. */
  abstract Set<Kind> kinds();

  /** Walks them all. */
  abstract void play(Path folder, Map<Kind, CompletableFuture<Void>> walked) throws Exception;

  static boolean asksModel(RawOrigin.Call call) {
    return call.head().startsWith("POST");
  }

  static void good(RawOrigin.Call call) throws IOException {
    send(call, "200 OK", GOOD.formatted(System.nanoTime(), "m"));
  }

  static void send(RawOrigin.Call call, String status, String body) throws IOException {
    call.send(
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, body.length(), body));
  }
}
