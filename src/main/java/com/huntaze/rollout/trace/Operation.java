package com.huntaze.rollout.trace;

/**
 * The operation that a model is asked for, by the path of the request: the values of {@code
 * gen_ai.operation.name} (OpenTelemetry's semantic conventions for generative AI, spans).
 */
public enum Operation {
  CHAT("chat"),
  TEXT_COMPLETION("text_completion"),
  EMBEDDINGS("embeddings");

  private static final String AGENTS = "/v1/agents/";

  private final String label;

  Operation(String label) {
    this.label = label;
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
    return switch (path) {
      case "/route",
          "/route/stream",
          "/multimodal/analyze",
          "/v1/chat/completions",
          "/v1/responses",
          "/v1/messages" ->
          CHAT;
      case "/v1/completions" -> TEXT_COMPLETION;
      case "/v1/embeddings" -> EMBEDDINGS;
      default -> path.startsWith(AGENTS) ? CHAT : null;
    };
  }
}
