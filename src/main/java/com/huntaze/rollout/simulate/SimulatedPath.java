package com.huntaze.rollout.simulate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path of a simulated backend. Azure offers the same APIs below paths of its own: {@code
 * /openai/v1/…}, {@code /openai/deployments/{name}/…?api-version=…} and {@code /anthropic/v1/…}.
 *
 * @param plain where OpenAI or Anthropic have the API, or the path as it is
 * @param deployment the deployment that the path names; {@code null} = none
 * @param errors how the API tells errors
 */
record SimulatedPath(String plain, String deployment, ErrorShape errors) {
  private static final Pattern DEPLOYMENT =
      Pattern.compile("/openai/deployments/([^/]{1,128})/(chat/completions|embeddings)");
  private static final Pattern PREFIXED = Pattern.compile("/(?:openai|anthropic)(/v1/.+)");

  /** A path of nobody: Azure refuses a deployment's without a version. */
  private static final String NOWHERE = "/openai";

  /**
   * Reads the target of a request.
   *
   * @param path without the query, not {@code null}
   * @param query {@code null} = none
   */
  static SimulatedPath of(String path, String query) {
    Matcher deployment = DEPLOYMENT.matcher(path);
    if (deployment.matches()) {
      boolean versioned = query != null && query.matches("(.*&)?api-version=[^&]+(&.*)?");
      String plain = versioned ? "/v1/" + deployment.group(2) : NOWHERE;
      return new SimulatedPath(plain, deployment.group(1), ErrorShape.OPENAI);
    }
    Matcher prefixed = PREFIXED.matcher(path);
    String plain = prefixed.matches() ? prefixed.group(1) : path;
    return new SimulatedPath(plain, null, errors(plain));
  }

  private static ErrorShape errors(String plain) {
    return switch (plain) {
      case "/v1/chat/completions", "/v1/embeddings" -> ErrorShape.OPENAI;
      case "/v1/responses" -> ErrorShape.RESPONSES;
      case "/v1/messages" -> ErrorShape.ANTHROPIC;
      default -> ErrorShape.ROUTER;
    };
  }
}
