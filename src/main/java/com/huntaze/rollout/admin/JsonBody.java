package com.huntaze.rollout.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads a command's body: one JSON object, and nothing at all is an empty one. */
final class JsonBody {
  /** Far more than any command needs. */
  static final long MAX_BYTES = 1_048_576;

  private static final int DEEPEST = 64;
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  /** Two readers of one body must not read different things in it. */
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /** A handler of a body that has been read. */
  interface Reader {
    void read(RoutingContext context, JsonObject body);
  }

  /**
   * Lets a path take one method, with a body.
   *
   * @param fields the fields that it may have
   */
  static void mount(
      Router router, HttpMethod method, String path, Set<String> fields, Reader reader) {
    // Before the body is read: a form would be decoded, and refused for its escapes.
    router.route(method, path).handler(JsonBody::requireJson);
    router
        .route(method, path)
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BYTES))
        .handler(reading(fields, reader));
    Methods.refuseOthers(router, path, method.name());
  }

  private static void requireJson(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || isJson(type)) {
      context.next();
    } else {
      notJson(context);
    }
  }

  private static boolean isJson(String type) {
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return media.equals("application/json");
  }

  private static void notJson(RoutingContext context) {
    Problem.send(context, 415, "Content-Type: expected application/json");
  }

  private static Handler<RoutingContext> reading(Set<String> fields, Reader reader) {
    return context -> {
      Buffer buffer = context.body().buffer();
      boolean empty = buffer == null || buffer.length() == 0;
      if (!empty && !context.request().headers().contains(HttpHeaders.CONTENT_TYPE)) {
        notJson(context);
        return;
      }
      JsonObject body = empty ? new JsonObject() : parse(buffer);
      if (body == null) {
        Problem.send(context, 400, "body: not valid JSON (expected: one object)");
      } else if (!fields.containsAll(body.fieldNames())) {
        Problem.send(context, 400, "body: unknown field (expected: %s)".formatted(fields));
      } else {
        reader.read(context, body);
      }
    };
  }

  /** The object, or {@code null} when it is none. */
  private static JsonObject parse(Buffer buffer) {
    try {
      Map<String, Object> tree = STRICT.readValue(buffer.getBytes(), TREE);
      return tree == null ? null : new JsonObject(tree);
    } catch (IOException malformed) {
      return null;
    }
  }
}
