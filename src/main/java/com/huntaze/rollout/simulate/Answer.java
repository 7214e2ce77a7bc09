package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model says: the pieces of its text, in order, and the tokens that it took.
 *
 * @param model who answers
 * @param pieces 20 to 60 pieces that make up the text, spaces included
 * @param promptTokens tokens of the prompt
 * @param completionTokens tokens of the text
 */
record Answer(Model model, List<String> pieces, int promptTokens, int completionTokens) {
  private static final int CHARACTERS_PER_TOKEN = 4;
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

  /** Lets {@code model} answer: its first words say who served the request. */
  static Answer compose(BackendProfile profile, Model model, String prompt, Chance chance) {
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
    return new Answer(model, List.copyOf(pieces), tokens(prompt), tokens(text));
  }

  /** The tokens of a text, by the rule of thumb of four characters each; at least one. */
  static int tokens(String text) {
    return Math.max(1, (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN);
  }

  /** The whole text. */
  String text() {
    return String.join("", pieces);
  }

  /** {@code usage} as the router and OpenAI write it. */
  JsonObject usage() {
    return new JsonObject()
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", completionTokens)
        .put("total_tokens", promptTokens + completionTokens);
  }
}
