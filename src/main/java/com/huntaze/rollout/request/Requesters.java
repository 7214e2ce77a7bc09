package com.huntaze.rollout.request;

import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.UserSampler;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Tells the judge who makes a request: the user key. Without one, the API key that we know, else
 * the client's address (of a trusted peer the one that it tells), together with the path and the
 * body: one backend that sends no user keys is many users, and a body that it sends again and again
 * is one. A client that changes its body each time cannot be told from many.
 */
public final class Requesters {
  private Requesters() {}

  /** The maker of a request. */
  public static Requester of(UpstreamRequest ask) {
    long apiKey = ask.key() == null ? Requester.NO_KEY : hash(ask.key().id());
    String userKey = ask.identity().userKey();
    return new Requester(userKey == null ? keyless(ask, apiKey) : hash(userKey), apiKey);
  }

  private static long keyless(UpstreamRequest ask, long apiKey) {
    HttpServerRequest request = ask.request();
    long client = apiKey == Requester.NO_KEY ? hash(ask.forwarding().client(request)) : apiKey;
    // Of a body that is not here whole, all that is known is its length.
    long body =
        ask.body().replayable()
            ? checksum(ask.body().whole())
            : RequestBody.declaredLength(request);
    return 31 * (31 * client + hash(request.path())) + body;
  }

  private static long checksum(Buffer body) {
    CRC32C sum = new CRC32C();
    ByteBuf bytes = ((BufferInternal) body).getByteBuf();
    if (bytes.hasArray()) {
      sum.update(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), body.length());
    } else {
      for (ByteBuffer part : bytes.nioBuffers()) {
        sum.update(part);
      }
    }
    return sum.getValue() << Integer.SIZE | body.length();
  }

  /** Never {@link Requester#NO_KEY}. */
  private static long hash(String text) {
    long hash = UserSampler.hash(text);
    return hash == Requester.NO_KEY ? 1 : hash;
  }
}
