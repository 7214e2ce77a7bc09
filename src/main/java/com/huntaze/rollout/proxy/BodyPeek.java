package com.huntaze.rollout.proxy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Looks for a few top-level fields of a JSON body, without ever judging it: what is not JSON, or
 * too deep, simply has none of them. The provider is the one to refuse it.
 */
final class BodyPeek {
  private static final int MAX_VALUE = 1024;
  private static final String ERROR = "error";
  private static final String MESSAGE = "message";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(256).maxNameLength(1024).build())
          .build();

  private BodyPeek() {}

  /**
   * What a request's body tells.
   *
   * @param fields those of the wanted fields that are text or whole numbers
   * @param usageRequest what has to change so that a stream tells its usage, {@code null} = nothing
   */
  record Told(Map<String, String> fields, UsageRequest usageRequest) {
    static final Told NOTHING = new Told(Map.of(), null);
  }

  /** Reads a body where it lies. */
  private static JsonParser parser(Buffer body) throws IOException {
    ByteBuf bytes = ((BufferInternal) body).getByteBuf();
    return bytes.hasArray()
        ? JSON.createParser(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), body.length())
        : JSON.createParser(body.getBytes());
  }

  /** The values of those of the wanted fields that are text or whole numbers. */
  static Map<String, String> fields(Buffer body, List<String> wanted) {
    return read(body, wanted, null).fields;
  }

  /**
   * Reads a request's body once, for all that is wanted of it.
   *
   * @param usage what finds out how usage is asked for, {@code null} = that is not wanted
   */
  static Told read(Buffer body, List<String> wanted, UsageRequest.Reading usage) {
    Map<String, String> found = new HashMap<>();
    try (JsonParser parser = parser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Told.NOTHING;
      }
      if (usage != null) {
        usage.begin(parser);
      }
      while ((usage != null || found.size() < wanted.size())
          && parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (wanted.contains(name)) {
          keep(found, name, value, parser);
        } else if (usage == null || !usage.takes(name, value, parser)) {
          parser.skipChildren();
        }
      }
    } catch (IOException notJson) {
      // What was found before the fault still stands; what is to be changed must be understood.
      return new Told(found, null);
    }
    return new Told(found, usage == null ? null : usage.change());
  }

  /**
   * The sentence of an error's body: {@code error.message}, {@code detail}, {@code message} or
   * {@code error}, the first of them that is text of at most 1,024 characters.
   *
   * @return {@code null} if none is
   */
  static String message(Buffer body) {
    Map<String, String> outer = fields(body, List.of("detail", "message", ERROR));
    Map<String, String> inner = new HashMap<>();
    try (JsonParser parser = parser(body)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean error = parser.currentName().equals(ERROR);
          if (parser.nextToken() == JsonToken.START_OBJECT && error) {
            readMessage(parser, inner);
          } else {
            parser.skipChildren();
          }
        }
      }
    } catch (IOException notJson) {
      // What was found before the fault still stands.
    }
    return Stream.of(inner.get(MESSAGE), outer.get("detail"), outer.get(MESSAGE), outer.get(ERROR))
        .filter(text -> text != null && !text.isBlank())
        .findFirst()
        .orElse(null);
  }

  private static void readMessage(JsonParser parser, Map<String, String> found) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals(MESSAGE)) {
        keep(found, name, value, parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Whether the field is there, whatever its value. */
  static boolean has(Buffer body, String wanted) {
    try (JsonParser parser = parser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        if (parser.currentName().equals(wanted)) {
          return true;
        }
        parser.nextToken();
        parser.skipChildren();
      }
    } catch (IOException notJson) {
      // As far as it could be read, it is not there.
    }
    return false;
  }

  private static void keep(
      Map<String, String> found, String name, JsonToken value, JsonParser parser)
      throws IOException {
    boolean scalar = value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT;
    if (scalar && parser.getTextLength() <= MAX_VALUE) {
      found.put(name, parser.getText());
    } else {
      parser.skipChildren();
    }
  }
}
