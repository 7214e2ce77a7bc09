package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer of a model: the pieces of its text, in order, and the tokens that it took.
 *
 * @param model who answers
 * @param id sixteen hexadecimal digits, for the ids of the answer and its parts
 * @param tool the tool that it calls instead of speaking; {@code null} = none
 * @param pieces 20 to 60 pieces that make up the text, spaces included; of a tool's call those of
 *     its arguments
 * @param promptTokens tokens of the prompt
 * @param completionTokens tokens of the text
 */
record Answer(
    Model model,
    String id,
    Tool tool,
    List<String> pieces,
    int promptTokens,
    int completionTokens) {
  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final int CHARACTERS_PER_PIECE = 6;
  private static final List<String> FILLING =
      List.of(
          "the",
          "fans",
          "answer",
          "sooner",
          "when",
          "a",
          "message",
          "is",
          "short",
          "and",
          "warm",
          "while",
          "numbers",
          "show",
          "that",
          "offers",
          "work",
          "best",
          "in",
          "evenings",
          "with",
          "one",
          "clear",
          "question",
          "for",
          "each",
          "creator",
          "this",
          "week");

  /** Lets {@code model} call a tool. The same question is answered with the same call. */
  static Answer call(BackendProfile profile, Model model, String prompt, Tool tool) {
    String arguments = tool.arguments().encode();
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < arguments.length(); from += CHARACTERS_PER_PIECE) {
      pieces.add(
          arguments.substring(from, Math.min(arguments.length(), from + CHARACTERS_PER_PIECE)));
    }
    String id = Chance.of(profile.seed(), prompt).hex();
    return new Answer(
        model, id, tool, List.copyOf(pieces), tokens(prompt), tokens(tool.name() + arguments));
  }

  /**
   * Lets {@code model} answer: its first words say who served the request. The same question has
   * the same answer.
   */
  static Answer compose(BackendProfile profile, Model model, String prompt) {
    Chance chance = Chance.of(profile.seed(), prompt);
    String id = chance.hex();
    List<String> pieces = new ArrayList<>();
    String introduction =
        "I am %s (simulated), model %s in %s."
            .formatted(profile.provider().label(), model.label(), profile.region());
    for (String word : introduction.split(" ")) {
      pieces.add(pieces.isEmpty() ? word : " " + word);
    }
    int count = chance.between(20, 60);
    while (pieces.size() < count) {
      pieces.add(" " + chance.oneOf(FILLING) + " " + chance.oneOf(FILLING));
    }
    String text = String.join("", pieces);
    return new Answer(model, id, null, List.copyOf(pieces), tokens(prompt), tokens(text));
  }

  /** The tokens of a text, by the rule of thumb of four characters each; at least one. */
  static int tokens(String text) {
    return Math.max(1, (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN);
  }

  /** The whole text. */
  String text() {
    return String.join("", pieces);
  }

  /** {@code usage} as Responses and Messages name its members. */
  JsonObject inputAndOutput() {
    return new JsonObject()
        .put("input_tokens", promptTokens)
        .put("output_tokens", completionTokens);
  }

  /** {@code usage} as the router and OpenAI's chat write it. */
  JsonObject usage() {
    return new JsonObject()
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", completionTokens)
        .put("total_tokens", promptTokens + completionTokens);
  }
}
