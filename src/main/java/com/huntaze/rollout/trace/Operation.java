package com.huntaze.rollout.trace;

import java.util.List;

/**
 * The operation that a model is asked for, by the path of the request: the values of {@code
 * gen_ai.operation.name} (OpenTelemetry's semantic conventions for generative AI, spans).
 */
public enum Operation {
  CHAT("chat", "/chat/completions", "/responses", "/messages", "/api/chat", "/multimodal/analyze"),
  TEXT_COMPLETION("text_completion", "/completions", "/api/generate"),
  EMBEDDINGS(
      "embeddings",
      "/embeddings",
      "/api/embed",
      "/api/embeddings",
      ":embedContent",
      ":batchEmbedContents"),
  GENERATE_CONTENT("generate_content", ":generateContent", ":streamGenerateContent");

  private static final String AGENTS = "/v1/agents/";

  private final String label;
  private final List<String> ends;

  /**
   * @param ends of the paths, behind whatever prefix: those of the dialects that are known
   */
  Operation(String label, String... ends) {
    this.label = label;
    this.ends = List.of(ends);
  }

  /** The name on the wire. */
  public String label() {
    return label;
  }

  /** The operation of a request; {@code null} if no model is known to be behind it. */
  public static Operation of(String method, String path) {
    if (!"POST".equals(method) || path == null) {
      return null;
    }
    if (path.equals("/route") || path.equals("/route/stream") || path.startsWith(AGENTS)) {
      return CHAT;
    }
    String end = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    for (Operation operation : values()) {
      for (String known : operation.ends) {
        if (end.endsWith(known)) {
          return operation;
        }
      }
    }
    return null;
  }
}
