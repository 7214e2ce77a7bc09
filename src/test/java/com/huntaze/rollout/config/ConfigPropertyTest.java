package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.config.SettingType.ObjectOf;
import com.huntaze.rollout.config.SettingType.Property;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.constraints.Size;

class ConfigPropertyTest {
  private static final Settings DEFAULTS = Documents.read("{}").settings();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @net.jqwik.api.Property(tries = 300)
  void anySubsetOfTheDefaultDocumentBindsToTheDefaults(@ForAll Random random) {
    ObjectNode subset = subset(SettingModel.ROOT, random);

    assertThat(read(subset.toString()).settings()).isEqualTo(DEFAULTS);
  }

  private static ObjectNode subset(ObjectOf type, Random random) {
    ObjectNode document = JSON.objectNode();
    for (Property property : type.properties()) {
      if (random.nextBoolean()) {
        boolean inner = property.type() instanceof ObjectOf && !property.nullable();
        JsonNode value = inner ? subset((ObjectOf) property.type(), random) : property.fallback();
        document.set(property.key(), value);
      }
    }
    return document;
  }

  @net.jqwik.api.Property(tries = 500)
  void garbageThrowsNothingButAConfigException(@ForAll String text) {
    assertReadsOrRefuses(text);
  }

  @net.jqwik.api.Property(tries = 1000)
  void anyJsonThrowsNothingButAConfigException(@ForAll Random random) {
    JsonNode document = json(random, 0);
    assertReadsOrRefuses(document.toString());
  }

  @net.jqwik.api.Property(tries = 1000)
  void aCommittedFileWithAnotherValueAnywhereThrowsNothingButAConfigException(@ForAll Random random)
      throws IOException {
    ObjectNode document = StrictJson.parse("x", Files.readString(Path.of("conf/proxy.json")));
    JsonNode target = pick(document, random);
    if (target instanceof ObjectNode object) {
      List<String> keys = new ArrayList<>();
      object.fieldNames().forEachRemaining(keys::add);
      object.set(keys.get(random.nextInt(keys.size())), json(random, 0));
    } else {
      ((ArrayNode) target).add(json(random, 0));
    }

    assertReadsOrRefuses(document.toString());
  }

  @net.jqwik.api.Property(tries = 300)
  void anyEnvironmentThrowsNothingButAConfigException(
      @ForAll @Size(5) List<String> texts, @ForAll String flag) {
    Map<String, String> environment =
        Map.of(
            "AI_PROVIDER", texts.get(0),
            "AI_CANARY_PERCENTAGE", texts.get(1),
            "AI_ROUTER_URL", texts.get(2),
            "AI_ROUTER_API_KEY", texts.get(3),
            "AI_FALLBACK_ENABLED", texts.get(4));
    try {
      Documents.readRaw("{}", environment, new Flags(flag, flag, flag, flag));
    } catch (ConfigException e) {
      assertThat(e.problems()).isNotEmpty();
    }
  }

  /** A container somewhere in the document that is not empty. */
  private static JsonNode pick(JsonNode node, Random random) {
    List<JsonNode> inner = new ArrayList<>();
    node.elements()
        .forEachRemaining(
            child -> {
              if (child.isContainerNode() && !child.isEmpty()) {
                inner.add(child);
              }
            });
    boolean stay = inner.isEmpty() || random.nextInt(3) == 0;
    return stay ? node : pick(inner.get(random.nextInt(inner.size())), random);
  }

  private static void assertReadsOrRefuses(String text) {
    try {
      assertThat(read(text).settings()).isNotNull();
    } catch (ConfigException e) {
      assertThat(e.problems()).isNotEmpty();
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static Loaded read(String text) {
    return Documents.readRaw(text, Map.of("A", "1"), Flags.NONE);
  }

  /** Any JSON, made of things that the configuration knows and things that it does not. */
  private static JsonNode json(Random random, int depth) {
    int kind = random.nextInt(depth > 4 ? 6 : 9);
    return switch (kind) {
      case 0 -> JSON.booleanNode(random.nextBoolean());
      case 1 -> JSON.numberNode(random.nextLong() >> random.nextInt(64));
      case 2 ->
          JSON.numberNode(new BigDecimal(BigInteger.valueOf(random.nextInt()), scale(random)));
      case 3 -> JSON.textNode(text(random));
      case 4 -> JSON.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 5 -> JSON.nullNode();
      case 6 -> {
        ArrayNode array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(json(random, depth + 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JSON.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(key(random), json(random, depth + 1));
        }
        yield object;
      }
    };
  }

  private static int scale(Random random) {
    return random.nextInt(4) == 0 ? random.nextInt() / 4 : random.nextInt(12);
  }

  private static String key(Random random) {
    return random.nextInt(4) == 0 ? text(random) : KEYS.get(random.nextInt(KEYS.size()));
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(9), 0, 0x3000)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static final List<String> KEYS =
      List.of(
          "server",
          "port",
          "providers",
          "foundry",
          "headers",
          "url",
          "canary",
          "stages",
          "phase",
          "percentage",
          "bake",
          "tls",
          "routes",
          "match",
          "agents",
          "requestTypes",
          "$schema");

  private static final List<String> TEXTS =
      List.of("10s", "0d", "${A}", "${B}", "${", "${file:/}", "http://h", "safe", "/a", "", "x");
}
