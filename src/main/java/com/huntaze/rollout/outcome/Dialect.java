package com.huntaze.rollout.outcome;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The shapes of answers that are known, as data: where an answer carries its content, where it says
 * why it ended, and by which members of its object the shape is recognised.
 *
 * <p>A place is a path of member names; {@code []} is an array's elements. Content counts by its
 * presence and not by its length: the text of a silent clip is empty and right. An array must have
 * an element, and {@code null} is no content.
 *
 * <p>Sources: the API references of OpenAI, Anthropic and Ollama, Azure's of the same, and the
 * router's contract.
 */
public enum Dialect {
  /** OpenAI's chat completions, and the completions before them. */
  COMPLETIONS(List.of("/chat/completions", "/completions"), Set.of("choices")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("choices[].message.content", "choices[].delta.content", "choices[].text");
      for (String message : List.of("choices[].message.", "choices[].delta.")) {
        root.content(message + "refusal", message + "tool_calls", message + "function_call");
        root.content(message + "audio", message + "images");
        root.content(message + "reasoning_content", message + "reasoning");
      }
      root.reason("choices[].finish_reason");
    }
  },
  /** OpenAI's Responses; one that runs in the background is told by its status alone. */
  RESPONSES(List.of("/responses"), Set.of("output")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("output_text", "output[].content[].text");
      root.content("output");
      root.reason("status", "completed", "incomplete", "queued", "in_progress");
    }
  },
  /** Lists: embeddings, images, moderations. */
  LIST(
      List.of("/embeddings", "/images/generations", "/images/edits", "/images/variations"),
      Set.of("data")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("data");
    }
  },
  /** OpenAI's moderations. */
  MODERATION(List.of("/moderations"), Set.of("results")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("results");
    }
  },
  /** Transcriptions and translations of speech. */
  TRANSCRIPTION(List.of("/audio/transcriptions", "/audio/translations"), Set.of("text")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("text");
      root.content("segments", "words");
    }
  },
  /** Anthropic's messages. */
  MESSAGES(List.of("/messages"), Set.of("content", "stop_reason")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("content[].text", "completion");
      root.content("content");
      root.reason("stop_reason");
    }
  },
  /** Ollama's own; a stream of its lines is judged by {@link StreamJudge}. */
  OLLAMA(List.of("/api/chat", "/api/generate"), Set.of("done", "done_reason")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("message.content", "response");
      root.content("message.tool_calls", "message.thinking", "thinking");
      root.reason("done_reason");
    }
  },
  /**
   * The router's own answer. Nothing but its output is required, and only where it has one: its
   * jobs answer without.
   */
  ROUTER(List.of("/route", "/route/stream", "/multimodal/analyze"), Set.of("output", "choices")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("output", "output[]");
      root.content("job_id");
    }
  },
  /** Gemini's, of which the shape of errors is known alone: any answer is one. */
  GEMINI(List.of(":generateContent", ":streamGenerateContent", ":countTokens"), Set.of()) {
    @Override
    void describe(AnswerPlace root) {}

    @Override
    public boolean judges() {
      return false;
    }
  };

  private static final String AGENTS = "/v1/agents/";

  /** The paths of Anthropic's API, wherever it is mounted, and what stands below them. */
  private static final Pattern ANTHROPICS =
      Pattern.compile("(/anthropic/.*|.*/v1/messages(/.*)?|(?!.*/threads/).*/messages)");

  /** Members that stand around the content of any shape, and are none. */
  private static final Set<String> AROUND =
      Set.of(
          "id",
          "object",
          "type",
          "role",
          "created",
          "created_at",
          "model",
          "usage",
          "status",
          "task",
          "language",
          "duration",
          "service_tier",
          "system_fingerprint",
          "prompt_filter_results");

  /**
   * The places of all dialects: whoever speaks another one than its path promises is understood.
   */
  static final AnswerPlace ROOT = new AnswerPlace();

  static {
    ROOT.error("error");
    for (Dialect dialect : values()) {
      dialect.describe(ROOT);
    }
  }

  private final List<String> paths;
  private final Set<String> members;

  Dialect(List<String> paths, Set<String> members) {
    this.paths = paths;
    this.members = members;
  }

  abstract void describe(AnswerPlace root);

  /**
   * The dialect in which a path is answered, Azure's deployments and other prefixes included.
   *
   * @param path without a query
   * @return {@code null} = not known: any answer is one
   */
  public static Dialect of(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (plain.startsWith(AGENTS)) {
      return ROUTER;
    }
    for (Dialect dialect : values()) {
      if (dialect.paths.stream().anyMatch(plain::endsWith)) {
        return dialect;
      }
    }
    return null;
  }

  /**
   * The shape of errors on a path. OpenAI's threads have messages, too, and are not Anthropic's.
   *
   * @param path without a query; {@code null} = none that could be read
   */
  public static ErrorShape errorsOf(String path) {
    if (path == null || path.startsWith(AGENTS)) {
      return ErrorShape.OPENAI;
    }
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (ANTHROPICS.matcher(plain).matches()) {
      return ErrorShape.ANTHROPIC;
    }
    return GEMINI.paths.stream().anyMatch(plain::endsWith) ? ErrorShape.GOOGLE : ErrorShape.OPENAI;
  }

  /** Tells whether it is known what an answer must hold. */
  public boolean judges() {
    return true;
  }

  /** Tells whether an answer may be text that is not JSON, and empty. */
  boolean mayBeText() {
    return this == TRANSCRIPTION;
  }

  /** Tells whether a member of an answer's object shows that it is meant to be of this shape. */
  boolean isRecognisedBy(String member) {
    return members.contains(member);
  }

  /**
   * Tells whether any object may be an answer: the router's jobs are told by the members that stand
   * around other answers, and nothing promises that they have some.
   */
  boolean isOpen() {
    return this == ROUTER;
  }

  /** Tells whether a member may be the content of a shape that is not known. */
  boolean mayBeContent(String member) {
    return isOpen() || !AROUND.contains(member);
  }
}
