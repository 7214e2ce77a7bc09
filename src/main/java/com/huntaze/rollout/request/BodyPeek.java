package com.huntaze.rollout.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.huntaze.rollout.upstream.ModelNames;
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
public final class BodyPeek {
  static final int MAX_VALUE = 1024;
  private static final List<String> SENTENCES =
      List.of("error.message", "detail", "message", "error");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(256).maxNameLength(1024).build())
          .build();

  private final Map<String, String> found = new HashMap<>(4);
  private final List<String> wanted;
  private final UsageRequest.Reading usage;
  private ModelNames.Span model;
  private int models;
  private final BodyReferences objects;

  private BodyPeek(List<String> wanted, UsageRequest.Reading usage, BodyReferences objects) {
    this.wanted = wanted;
    this.usage = usage;
    this.objects = objects;
  }

  /**
   * The facts in a request's body.
   *
   * @param fields those of the wanted fields that are text or whole numbers
   * @param usageRequest what has to change so that a stream tells its usage, {@code null} = nothing
   * @param objects the objects of a provider that it names
   * @param model the place of the model's name, {@code null} = it has none, or several
   */
  public record Told(
      Map<String, String> fields,
      UsageRequest usageRequest,
      List<BodyReferences.Reference> objects,
      ModelNames.Span model) {
    static final Told NOTHING = new Told(Map.of(), null, List.of(), null);

    /** Of a form the model alone is told. */
    static Told ofForm(String model, ModelNames.Span at) {
      return new Told(Map.of(RequestClassifier.MODEL, model), null, List.of(), at);
    }
  }

  /** Reads a body where it lies. */
  static JsonParser parser(Buffer body) throws IOException {
    ByteBuf bytes = ((BufferInternal) body).getByteBuf();
    return bytes.hasArray()
        ? JSON.createParser(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), body.length())
        : JSON.createParser(body.getBytes());
  }

  /** The values of those of the wanted fields that are text or whole numbers. */
  static Map<String, String> fields(Buffer body, List<String> wanted) {
    return parsed(body, wanted, null, null).fields;
  }

  /**
   * Reads a request's body once, for all that is wanted of it.
   *
   * @param wanted the names of fields; {@code a.b} is the field b of the object a
   * @param usage whether it is wanted how a stream's usage is asked for
   * @param objects whether the objects are wanted that it names
   */
  public static Told read(Buffer body, List<String> wanted, boolean usage, boolean objects) {
    ByteBuf bytes = ((BufferInternal) body).getByteBuf();
    Told told =
        bytes.hasArray()
            ? PlainPeek.read(
                bytes.array(),
                bytes.arrayOffset() + bytes.readerIndex(),
                body.length(),
                wanted,
                usage,
                objects)
            : null;
    return told == null ? parsed(body, wanted, usage, objects) : told;
  }

  /** Reads a body of any kind, token by token. */
  static Told parsed(Buffer body, List<String> wanted, boolean usage, boolean objects) {
    return parsed(
        body,
        wanted,
        usage ? new UsageRequest.Reading() : null,
        objects ? new BodyReferences() : null);
  }

  private static Told parsed(
      Buffer body, List<String> wanted, UsageRequest.Reading usage, BodyReferences objects) {
    BodyPeek peek = new BodyPeek(wanted, usage, objects);
    UsageRequest change = null;
    try (JsonParser parser = parser(body)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        peek.read(parser);
        change = usage == null ? null : usage.change();
      }
    } catch (IOException notJson) {
      // What was found before the fault still stands; what is to be changed must be understood.
    }
    return new Told(
        peek.found,
        change,
        objects == null ? List.of() : objects.all(),
        peek.models > 1 ? null : peek.model);
  }

  private void read(JsonParser parser) throws IOException {
    if (usage != null) {
      usage.begin(parser);
    }
    boolean all = usage != null || objects != null;
    while ((all || found.size() < wanted.size()) && parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (wanted.contains(name) && !value.isStructStart()) {
        keep(name, value, parser);
      } else if (value == JsonToken.START_OBJECT && holds(name)) {
        inner(name, parser);
      } else if (usage == null || !usage.takes(name, value, parser)) {
        rest(name, value, parser);
      }
    }
  }

  private void rest(String name, JsonToken value, JsonParser parser) throws IOException {
    if (objects == null) {
      parser.skipChildren();
    } else {
      objects.field(name, value, parser);
    }
  }

  /** Tells whether a field of the object with this name is wanted. */
  private boolean holds(String name) {
    for (String each : wanted) {
      if (each.length() > name.length()
          && each.charAt(name.length()) == '.'
          && each.startsWith(name)) {
        return true;
      }
    }
    return false;
  }

  private void inner(String holder, JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = holder + "." + parser.currentName();
      JsonToken value = parser.nextToken();
      if (wanted.contains(name) && !value.isStructStart()) {
        keep(name, value, parser);
      }
      parser.skipChildren();
    }
  }

  /**
   * The sentence in which a provider's failing answer says what is wrong: OpenAI's, Anthropic's and
   * Google's {@code error.message}, FastAPI's {@code detail}, else a {@code message} or {@code
   * error} of text.
   *
   * @return {@code null} = it has none
   */
  public static String message(Buffer body) {
    Map<String, String> told = fields(body, SENTENCES);
    return SENTENCES.stream()
        .map(told::get)
        .filter(text -> text != null && !text.isBlank())
        .findFirst()
        .orElse(null);
  }

  /** Returns whether the field is there, whatever its value. */
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

  private void keep(String name, JsonToken value, JsonParser parser) throws IOException {
    boolean scalar =
        value == JsonToken.VALUE_STRING
            || value == JsonToken.VALUE_NUMBER_INT
            || value == JsonToken.VALUE_TRUE && name.equals(RequestClassifier.BACKGROUND);
    if (scalar && parser.getTextLength() <= MAX_VALUE) {
      found.put(name, parser.getText());
      if (name.equals(RequestClassifier.MODEL)) {
        models++;
        locate(value, parser);
      }
    }
  }

  private void locate(JsonToken value, JsonParser parser) {
    // Before the first byte, where the text is not UTF-8.
    int from = (int) parser.currentTokenLocation().getByteOffset();
    int to = (int) parser.currentLocation().getByteOffset();
    boolean located = value == JsonToken.VALUE_STRING && from >= 0 && to > from + 1;
    model = located ? new ModelNames.Span(from, to, true) : null;
  }
}
