package com.huntaze.rollout.it;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A receiver of webhooks that is none of ours: plain sockets, and what arrived on them. */
final class Received implements AutoCloseable {
  static final String OK = "HTTP/1.1 204 No Content\r\n\r\n";

  private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final RawOrigin origin;

  /** One post and when it came, in nanoseconds. */
  record Post(String head, JsonObject body, String text, long at) {
    String header(String name) {
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse(null);
    }

    /** Returns whether the signature is what a receiver with the key computes for itself. */
    boolean isSignedWith(byte[] key) throws GeneralSecurityException {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      String signed = header("webhook-id") + "." + header("webhook-timestamp") + "." + text;
      byte[] expected = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return ("v1," + Base64.getEncoder().encodeToString(expected))
          .equals(header("webhook-signature"));
    }
  }

  /** Answers with these, one after another, and then with the last of them. */
  Received(String... answers) {
    List<String> all = List.of(answers);
    origin =
        new RawOrigin(
            call -> {
              // The raw origin reads bytes as Latin-1; JSON is UTF-8.
              byte[] bytes = call.body().getBytes(StandardCharsets.ISO_8859_1);
              String text = new String(bytes, StandardCharsets.UTF_8);
              posts.add(new Post(call.head(), new JsonObject(text), text, System.nanoTime()));
              call.send(all.get(Math.min(answered.getAndIncrement(), all.size() - 1)));
            });
  }

  String url() {
    return origin.url();
  }

  int connections() {
    return origin.connections();
  }

  Post next() throws InterruptedException {
    Post post = next(20_000);
    if (post == null) {
      throw new AssertionError("nothing has arrived");
    }
    return post;
  }

  /** The next post, if one arrives within the time. */
  Post next(long millis) throws InterruptedException {
    return posts.poll(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    origin.close();
  }
}
