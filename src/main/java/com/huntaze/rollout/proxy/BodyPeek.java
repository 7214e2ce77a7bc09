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

/**
 * Looks for a few top-level fields of a JSON body, without ever judging it: what is not JSON, or
 * too deep, simply has none of them. The provider is the one to refuse it.
 */
final class BodyPeek {
  private static final int MAX_VALUE = 1024;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxNameLength(1024).build())
          .build();

  private BodyPeek() {}

  /** Reads a body where it lies. */
  static JsonParser parser(JsonFactory json, Buffer body) throws IOException {
    ByteBuf bytes = ((BufferInternal) body).getByteBuf();
    return bytes.hasArray()
        ? json.createParser(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), body.length())
        : json.createParser(body.getBytes());
  }

  /** The values of those of the wanted fields that are text or whole numbers. */
  static Map<String, String> fields(Buffer body, List<String> wanted) {
    Map<String, String> found = new HashMap<>();
    try (JsonParser parser = parser(JSON, body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return found;
      }
      while (found.size() < wanted.size() && parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (wanted.contains(name)) {
          keep(found, name, value, parser);
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException notJson) {
      // What was found before the fault still stands.
    }
    return found;
  }

  /** Whether the field is there, whatever its value. */
  static boolean has(Buffer body, String wanted) {
    try (JsonParser parser = parser(JSON, body)) {
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
