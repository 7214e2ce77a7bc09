package com.huntaze.rollout.control;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;

/** Records of ours as trees of maps, lists, text and numbers, and back. */
final class Trees {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE).build();
  private static final ObjectMapper EXACT = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

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
  static <T> T read(Map<String, Object> tree, Class<T> type) {
    return EXACT.convertValue(tree, type);
  }
}
