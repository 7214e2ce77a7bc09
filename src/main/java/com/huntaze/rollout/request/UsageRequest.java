package com.huntaze.rollout.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.huntaze.rollout.outcome.Dialect;
import com.huntaze.rollout.route.PlainPath;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * The bytes of a streaming request of OpenAI's kind that have to change so that the stream tells
 * its usage: {@code stream_options.include_usage}. Everything else in the body stays as it is.
 *
 * @param from where the bytes begin that {@code text} replaces
 * @param to where they end
 */
public record UsageRequest(int from, int to, String text) {
  private static final String INCLUDE = "\"include_usage\":true";
  private static final String WHOLE_OPTION = "\"stream_options\":{" + INCLUDE + "},";

  /** Returns whether requests to a path are of OpenAI's kind, Azure's deployments included. */
  static boolean isFor(String path) {
    String ending = Dialect.inference(PlainPath.of(path));
    return "/chat/completions".equals(ending) || "/completions".equals(ending);
  }

  /** The change of a body without such options. */
  static UsageRequest wholeOption(int afterBrace) {
    return new UsageRequest(afterBrace, afterBrace, WHOLE_OPTION);
  }

  /** The body with the change. */
  Buffer apply(Buffer body) {
    return Buffer.buffer(body.length() + text.length())
        .appendBuffer(body, 0, from)
        .appendString(text)
        .appendBuffer(body, to, body.length() - to);
  }

  /** Finds out what has to change while somebody reads a body's top level, field by field. */
  public static final class Reading {
    private boolean located;
    private boolean streams;
    private boolean optionsSeen;
    private UsageRequest change;

    /** The body's object begins at the parser's token. */
    void begin(JsonParser parser) {
      int afterBrace = offset(parser) + 1;
      located = afterBrace > 0;
      change = wholeOption(afterBrace);
    }

    /**
     * A field is there, with its value as the parser's token.
     *
     * @return whether it was read: then the parser stands at its end
     */
    boolean takes(String name, JsonToken value, JsonParser parser) throws IOException {
      if (!located) {
        return false;
      } else if (name.equals("stream")) {
        streams = value == JsonToken.VALUE_TRUE;
        parser.skipChildren();
        return true;
      } else if (name.equals("stream_options")) {
        options(value, parser);
        return true;
      }
      return false;
    }

    /**
     * Returns the change of the request; {@code null} if the body asks for no stream, asks for the
     * usage itself, or is nothing that we understand: the provider is the one to refuse it.
     */
    UsageRequest change() {
      return streams ? change : null;
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

    /** Returns the beginning of the current token; -1 if the text is not UTF-8. */
    private static int offset(JsonParser parser) {
      return (int) parser.currentTokenLocation().getByteOffset();
    }
  }
}
