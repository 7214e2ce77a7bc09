package com.huntaze.rollout.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The scanner against a plain walk over Jackson's tree, on generated answers cut at random. */
class UsageDifferentialPropertyTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String[] NAMES = {
    "usage",
    "choices",
    "delta",
    "message",
    "response",
    "model",
    "prompt_tokens",
    "input_tokens",
    "completion_tokens",
    "total_tokens",
    "prompt_tokens_details",
    "cached_tokens",
    "content",
    "id",
    "cache_read_input_tokens",
    "x_groq",
    "metadata",
    "us\"age",
    "\\usage",
    "ünicode",
    "",
    "tools"
  };
  private static final String[] TEXTS = {
    "", "m", "gpt-4o", "\"usage\":{", "a\\", "é\u0001\n\t", "\uD83D\uDE00", "}]", "long ".repeat(80)
  };

  @Property(tries = 4_000)
  void readsWhatJacksonReads(@ForAll long seed) throws JsonProcessingException {
    Random random = new Random(seed);
    ObjectNode root = object(random, 0);
    byte[] body = written(root, random);
    Reference reference = new Reference();
    reference.walk(root);
    UsageScanner scanner = UsageScanner.ofJson(UsageListener.NONE);
    feedInPieces(scanner, body, random);
    assertThat(scanner.usage()).isEqualTo(reference.usage());
    assertThat(scanner.model()).isEqualTo(reference.model);
  }

  @Property(tries = 2_000)
  void readsTheLastOfAStreamsEvents(@ForAll long seed) throws JsonProcessingException {
    Random random = new Random(seed);
    Reference reference = new Reference();
    StringBuilder stream = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      ObjectNode root = object(random, 0);
      reference.walk(root);
      String end = new String[] {"\n", "\r\n", "\r"}[random.nextInt(3)];
      stream.append(random.nextBoolean() ? "event: x" + end : ": comment" + end);
      stream.append("data: ").append(JSON.writeValueAsString(root)).append(end).append(end);
    }
    UsageScanner scanner = UsageScanner.ofEvents(UsageListener.NONE);
    feedInPieces(scanner, stream.toString().getBytes(StandardCharsets.UTF_8), random);
    assertThat(scanner.usage()).isEqualTo(reference.usage());
    assertThat(scanner.model()).isEqualTo(reference.model);
  }

  private static byte[] written(JsonNode root, Random random) throws JsonProcessingException {
    return (random.nextBoolean() ? JSON.writer() : JSON.writerWithDefaultPrettyPrinter())
        .writeValueAsString(root)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void feedInPieces(UsageScanner scanner, byte[] body, Random random) {
    int at = 0;
    while (at < body.length) {
      int to = Math.min(body.length, at + 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
      scanner.feed(body, at, to);
      at = to;
    }
    scanner.end();
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JSON.createObjectNode();
    for (int i = random.nextInt(6); i > 0; i--) {
      object.set(NAMES[random.nextInt(NAMES.length)], value(random, depth + 1));
    }
    return object;
  }

  private static JsonNode value(Random random, int depth) {
    int kind = random.nextInt(depth > 5 ? 5 : 10);
    return switch (kind) {
      case 0 -> JSON.getNodeFactory().textNode(TEXTS[random.nextInt(TEXTS.length)]);
      case 1 -> JSON.getNodeFactory().nullNode();
      case 2 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
      case 3, 4 -> JSON.getNodeFactory().numberNode(random.nextInt(1_000));
      case 5, 6 -> array(random, depth);
      default -> object(random, depth);
    };
  }

  private static ArrayNode array(Random random, int depth) {
    ArrayNode array = JSON.createArrayNode();
    for (int i = random.nextInt(3); i > 0; i--) {
      array.add(value(random, depth + 1));
    }
    return array;
  }

  /** Walks the whole tree, by the same table of places. */
  private static final class Reference {
    private final RawTokenCounts answer = new RawTokenCounts();
    private RawTokenCounts object = new RawTokenCounts();
    private String model;

    Usage usage() {
      return answer.areComplete() ? answer.usage() : null;
    }

    void walk(JsonNode root) {
      walk(UsagePath.ROOT, root, new ArrayList<>());
      take();
    }

    private void walk(UsagePath place, JsonNode node, List<UsagePath> around) {
      List<UsagePath> inner = new ArrayList<>(around);
      inner.add(place);
      if (inner.size() > 12) {
        return;
      }
      boolean outermostUsage = place == UsagePath.USAGE && !around.contains(UsagePath.USAGE);
      if (outermostUsage) {
        object = new RawTokenCounts();
      }
      if (place.isArray()) {
        node.forEach(element -> descend(place.place(0), element, inner));
      } else {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          byte[] name = field.getKey().getBytes(StandardCharsets.UTF_8);
          int member = name.length == 0 ? -1 : place.find(name, 0, name.length);
          if (member >= 0) {
            descend(place.place(member), field.getValue(), inner);
            scalar(place, place.field(member), field.getValue());
          }
        }
      }
      if (outermostUsage) {
        take();
      }
    }

    private void descend(UsagePath place, JsonNode value, List<UsagePath> around) {
      boolean fits = place != null && (place.isArray() ? value.isArray() : value.isObject());
      if (fits) {
        walk(place, value, around);
      }
    }

    private void scalar(UsagePath in, UsageField field, JsonNode value) {
      if (field == UsageField.MODEL && value.isTextual() && in != UsagePath.USAGE) {
        String text = value.textValue();
        boolean usable =
            !text.isEmpty() && JsonScanner.MAX_TEXT >= text.getBytes(StandardCharsets.UTF_8).length;
        model = usable ? text : model;
      } else if (field == UsageField.MODEL && value.isTextual() && model == null) {
        String text = value.textValue();
        boolean usable =
            !text.isEmpty() && JsonScanner.MAX_TEXT >= text.getBytes(StandardCharsets.UTF_8).length;
        model = usable ? text : null;
      } else if (field != null && field.isCount() && value.isIntegralNumber()) {
        byte[] digits = value.asText().getBytes(StandardCharsets.US_ASCII);
        object.put(field, digits, 0, digits.length);
      }
    }

    private void take() {
      answer.merge(object);
      object = new RawTokenCounts();
    }
  }
}
