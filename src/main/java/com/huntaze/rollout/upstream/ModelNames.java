package com.huntaze.rollout.upstream;

import io.vertx.core.buffer.Buffer;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names that a provider has for the models or deployments that clients name: in the field
 * {@code model} of a JSON body or a form, and in a path behind {@code deployments}, {@code engines}
 * and, before a colon, {@code models}. Everything else stays as the client wrote it.
 *
 * <p>Decision 103 in {@code docs/decisions.md}.
 */
public final class ModelNames {
  private static final Set<String> FOLDERS = Set.of("deployments", "engines");
  private static final String GEMINI = "models";

  /** Gemini's bodies name a model with its folder, and it must be the one in the path. */
  private static final String FOLDER = GEMINI + "/";

  private final Map<String, String> names;

  ModelNames(Map<String, String> names) {
    this.names = names;
  }

  /**
   * The place of the text of {@code model} in a body.
   *
   * @param from the offset of the first byte
   * @param to the offset after the last one
   * @param quoted whether its quotes are part of it, as in JSON
   */
  public record Span(int from, int to, boolean quoted) {}

  /** Tells whether the provider has any names of its own. */
  public boolean any() {
    return !names.isEmpty();
  }

  /** The provider's name of a model; {@code null} = it has none of its own. */
  String of(String model) {
    return model == null ? null : names.get(model);
  }

  /**
   * The provider's name of a model that a body names, which at Gemini's is its path.
   *
   * @return {@code null} = it has none of its own
   */
  public String ofBody(String model) {
    String own = of(model);
    if (own != null || model == null || !model.startsWith(FOLDER)) {
      return own;
    }
    String inFolder = of(model.substring(FOLDER.length()));
    return inFolder == null ? null : FOLDER + inFolder;
  }

  /**
   * The body with the provider's name in the place of the client's.
   *
   * @param model the client's name of it
   */
  public Buffer apply(Buffer body, String model, Span at) {
    String own = at == null ? null : ofBody(model);
    if (own == null) {
      return body;
    }
    return Buffer.buffer(body.length() + own.length())
        .appendBuffer(body, 0, at.from())
        .appendString(at.quoted() ? "\"" + own + "\"" : own)
        .appendBuffer(body, at.to(), body.length() - at.to());
  }

  /** The target with the provider's name in its path. */
  String apply(String target) {
    if (names.isEmpty()) {
      return target;
    }
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      if (FOLDERS.contains(segments[i - 1])) {
        segments[i] = encoded(segments[i], segments[i], "");
      } else if (segments[i - 1].equals(GEMINI)) {
        int colon = colon(segments[i]);
        segments[i] =
            colon < 0
                ? segments[i]
                : encoded(
                    segments[i], segments[i].substring(0, colon), segments[i].substring(colon));
      }
    }
    String own = String.join("/", segments);
    return query < 0 ? own : own + target.substring(query);
  }

  /** The begin of what is asked of a model, which some clients percent-encode. */
  private static int colon(String segment) {
    int plain = segment.lastIndexOf(':');
    return plain >= 0 ? plain : segment.toUpperCase(Locale.ROOT).lastIndexOf("%3A");
  }

  private String encoded(String segment, String name, String rest) {
    String own = of(decoded(name));
    return own == null
        ? segment
        : URLEncoder.encode(own, StandardCharsets.UTF_8).replace("+", "%20") + rest;
  }

  /** A path's segment without its escapes, or as it is if they are none. */
  static String decoded(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return name;
    }
  }
}
