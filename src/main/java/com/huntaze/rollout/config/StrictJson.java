package com.huntaze.rollout.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.settings.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON as RFC 8259 has it and no wider: a duplicate key, a comment or a NaN is a slip that
 * would otherwise pass unseen. Every failure is one sentence with its place. Jackson's own messages
 * quote the source, which may be a secret, and so are never passed on.
 */
final class StrictJson {
  static final int MAX_BYTES = 1 << 20;
  static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final Pattern DUPLICATE = Pattern.compile("^Duplicate field '(.{1,64})'");

  private static final String NOT_VALID = "not valid JSON";

  /** Words of Jackson's, and what a person has to do there; Jackson's quote the source. */
  private static final Map<String, String> EXPECTED =
      Map.of(
          "was expecting comma", ": no comma between two entries",
          "was expecting a colon", ": no colon between a key and its value",
          "was expecting double-quote to start field name", ": a key without double quotes",
          "Unrecognized token", ": a word without double quotes");

  private StrictJson() {}

  /** The text of {@code bytes}, which must be UTF-8; {@code name} stands for it in problems. */
  static String decode(String name, byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw refused(name, "larger than 1 MiB");
    }
    if (hasMark(bytes, 0xFE, 0xFF) || hasMark(bytes, 0xFF, 0xFE)) {
      throw refused(name, "UTF-16 text, as its byte order mark says (expected: UTF-8)");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      // RFC 8259 lets a reader ignore a byte order mark, which some editors leave behind.
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw refused(name, "not UTF-8 text");
    }
  }

  private static boolean hasMark(byte[] bytes, int first, int second) {
    return bytes.length >= 2 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
  }

  /** The one JSON object that {@code text} holds. */
  static ObjectNode parse(String name, String text) {
    JsonNode node = tree(name, text);
    if (node instanceof ObjectNode object) {
      return object;
    }
    String found = node == null ? "empty" : ShownValue.kind(node);
    throw new ConfigException(new Problem(name, found, "a JSON object"));
  }

  private static JsonNode tree(String name, String text) {
    JsonLocation at = JsonLocation.NA;
    try (JsonParser parser = MAPPER.createParser(text)) {
      try {
        JsonNode node = MAPPER.readTree(parser);
        if (parser.nextToken() != null) {
          throw refused(
              name, place(parser.currentTokenLocation()) + "something follows the document");
        }
        return node;
      } catch (JsonProcessingException e) {
        // A limit that is passed comes without its place.
        at = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
        throw e;
      }
    } catch (JsonProcessingException e) {
      String sentence = sentence(e);
      throw refused(
          name,
          sentence.startsWith(NOT_VALID)
              ? slip(text, at).orElse(place(at) + sentence)
              : place(at) + sentence);
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory could not be read", e);
    }
  }

  private static ConfigException refused(String name, String sentence) {
    return new ConfigException(Problem.sentence(name, sentence));
  }

  private static String place(JsonLocation at) {
    return "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }

  private static String sentence(JsonProcessingException e) {
    String reason = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
    Matcher duplicate = DUPLICATE.matcher(reason);
    if (duplicate.find()) {
      return "duplicate key " + ShownValue.quoted(duplicate.group(1));
    }
    if (e instanceof StreamConstraintsException) {
      return reason.contains("depth")
          ? "nested deeper than " + MAX_DEPTH + " levels"
          : "a key, number or text that is too long";
    }
    if (reason.contains("end-of-input")) {
      return "the document ends too early";
    }
    return reason.contains("NaN") || reason.contains("Non-standard token") || reason.contains("INF")
        ? "NaN and Infinity are not JSON"
        : NOT_VALID + expected(reason);
  }

  private static String expected(String reason) {
    return EXPECTED.entrySet().stream()
        .filter(each -> reason.contains(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static Optional<String> slip(String text, JsonLocation at) {
    return JsonSlip.of(text, at.getCharOffset())
        .map(slip -> slip.place(text) + ": " + slip.sentence());
  }
}
