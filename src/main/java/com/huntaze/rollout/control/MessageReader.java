package com.huntaze.rollout.control;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes {@link Messages} of JSON. */
final class MessageReader {
  private final ObjectMapper mapper;

  /**
   * @param strict whether a field that a type does not have is a fault, and one that is null where
   *     the type has a number
   */
  MessageReader(boolean strict) {
    this.mapper =
        new ObjectMapper()
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
            .configure(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, strict)
            .registerModule(
                new SimpleModule()
                    .addDeserializer(Instant.class, new Text<>(Instant.class, Instant::parse))
                    .addDeserializer(Provider.class, new Text<>(Provider.class, Provider::of))
                    .addDeserializer(JsonObject.class, new Tree()));
  }

  <T> T read(JsonObject body, Class<T> type) {
    try {
      return mapper.readValue(body.encode(), type);
    } catch (JsonProcessingException strange) {
      throw new IllegalArgumentException(
          "body: %s (expected: a %s)".formatted(strange.getOriginalMessage(), type.getSimpleName()),
          strange);
    }
  }

  <T> List<T> list(JsonArray body, Class<T> type) {
    return body.stream().map(each -> read((JsonObject) each, type)).toList();
  }

  private static final class Text<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1;
    private final transient Function<String, T> reading;

    Text(Class<T> type, Function<String, T> reading) {
      super(type);
      this.reading = reading;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return reading.apply(parser.getText());
    }
  }

  private static final class Tree extends StdDeserializer<JsonObject> {
    private static final long serialVersionUID = 1;

    Tree() {
      super(JsonObject.class);
    }

    @Override
    @SuppressWarnings("unchecked")
    public JsonObject deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return new JsonObject((Map<String, Object>) context.readValue(parser, Map.class));
    }
  }
}
