package com.huntaze.rollout.control;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.huntaze.rollout.judge.window.Counts;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Records of ours as trees of maps, lists, text and numbers, and back. */
final class Trees {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE).build();
  private static final ObjectMapper EXACT = JsonMapper.builder().addModule(counts()).build();

  /** A later version tells more, of which nobody here knows anything. */
  private static final ObjectMapper KNOWN =
      EXACT.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  private static final JavaType NUMBERS =
      TypeFactory.defaultInstance().constructMapType(HashMap.class, String.class, Long.class);

  private Trees() {}

  /** For people and APIs: enums in lower case. */
  static Map<String, Object> of(Object value) {
    return MAPPER.convertValue(value, TREE);
  }

  /** To be read again by {@link #read}. */
  static Map<String, Object> exact(Object value) {
    return EXACT.convertValue(value, TREE);
  }

  /**
   * Returns the value that {@link #exact} was made of.
   *
   * @throws IllegalArgumentException if it is not a tree of such a value
   */
  static <T> T read(Object tree, Class<T> type) {
    return EXACT.convertValue(tree, type);
  }

  /**
   * The same, of a tree that a later version may have made: what is not known is passed over.
   *
   * @throws IllegalArgumentException if it is not a tree of such a value
   */
  static <T> T readKnown(Object tree, Class<T> type) {
    return KNOWN.convertValue(tree, type);
  }

  /**
   * A value that is a tree.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Map<String, Object> readTree(Object tree) {
    return EXACT.convertValue(tree, TREE);
  }

  /** Counts are an object of those that are not 0. */
  private static SimpleModule counts() {
    SimpleModule module = new SimpleModule();
    module.addSerializer(
        Counts.class,
        new StdSerializer<Counts>(Counts.class) {
          @Override
          public void serialize(Counts counts, JsonGenerator to, SerializerProvider provider)
              throws IOException {
            to.writePOJO(counts.named());
          }
        });
    module.addDeserializer(
        Counts.class,
        new StdDeserializer<Counts>(Counts.class) {
          @Override
          public Counts deserialize(JsonParser from, DeserializationContext context)
              throws IOException {
            return Counts.ofNamed(context.readValue(from, NUMBERS));
          }
        });
    return module;
  }
}
