package com.huntaze.rollout.proxy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * The bytes of a streaming request of OpenAI's kind that have to change so that the stream tells
 * its usage: {@code stream_options.include_usage}. Everything else in the body stays as it is.
 *
 * @param from where the bytes begin that {@code text} replaces
 * @param to where they end
 */
record UsageRequest(int from, int to, String text) {
  private static final String INCLUDE = "\"include_usage\":true";
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(256).maxNameLength(1024).build())
          .build();

  /** Whether requests to a path are of OpenAI's kind, Azure's deployments included. */
  static boolean isFor(String path) {
    return path.endsWith("/chat/completions") || path.endsWith("/v1/completions");
  }

  /**
   * What has to change in a body; {@code null} if it asks for no stream, asks for the usage itself,
   * or is nothing that we understand: the provider is the one to refuse it.
   */
  static UsageRequest of(Buffer body) {
    try (JsonParser parser = BodyPeek.parser(JSON, body)) {
      Reading reading = new Reading();
      reading.read(parser);
      return reading.streams ? reading.change : null;
    } catch (IOException notJson) {
      return null;
    }
  }

  /** The body with the change. */
  Buffer apply(Buffer body) {
    return Buffer.buffer(body.length() + text.length())
        .appendBuffer(body, 0, from)
        .appendString(text)
        .appendBuffer(body, to, body.length() - to);
  }

  /** One pass over the top level. */
  private static final class Reading {
    private boolean streams;
    private boolean optionsSeen;
    private UsageRequest change;

    private void read(JsonParser parser) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT || offset(parser) != start(parser)) {
        return;
      }
      int afterBrace = offset(parser) + 1;
      change = new UsageRequest(afterBrace, afterBrace, "\"stream_options\":{" + INCLUDE + "},");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("stream")) {
          streams = value == JsonToken.VALUE_TRUE;
        } else if (name.equals("stream_options")) {
          options(value, parser);
          continue;
        }
        parser.skipChildren();
      }
    }

    private void options(JsonToken value, JsonParser parser) throws IOException {
      int at = offset(parser);
      UsageRequest wanted = null;
      if (value == JsonToken.VALUE_NULL) {
        wanted = new UsageRequest(at, at + "null".length(), "{" + INCLUDE + "}");
      } else if (value == JsonToken.START_OBJECT) {
        wanted = inOptions(at + 1, parser);
      } else {
        parser.skipChildren();
      }
      // Of two of them nobody knows which one counts.
      change = optionsSeen ? null : wanted;
      optionsSeen = true;
    }

    private UsageRequest inOptions(int afterBrace, JsonParser parser) throws IOException {
      UsageRequest wanted = null;
      boolean empty = true;
      boolean told = false;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        empty = false;
        boolean usage = parser.currentName().equals("include_usage");
        JsonToken value = parser.nextToken();
        if (usage) {
          told = true;
          wanted = instead(value, offset(parser));
        }
        parser.skipChildren();
      }
      return told
          ? wanted
          : new UsageRequest(afterBrace, afterBrace, empty ? INCLUDE : INCLUDE + ",");
    }

    private static UsageRequest instead(JsonToken value, int at) {
      return switch (value) {
        case VALUE_FALSE -> new UsageRequest(at, at + "false".length(), "true");
        case VALUE_NULL -> new UsageRequest(at, at + "null".length(), "true");
        default -> null;
      };
    }

    /** Where the current token begins; -1 if the text is not UTF-8. */
    private static int offset(JsonParser parser) {
      return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** The offset of the first token if it can be relied on. */
    private static int start(JsonParser parser) {
      return Math.max(0, offset(parser));
    }
  }
}
