package com.huntaze.rollout.outcome;

import java.util.Arrays;
import java.util.HashSet;
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
 * <p>Sources: the API references of OpenAI, Anthropic, Google (Gemini), Cohere and Ollama, Azure's
 * of the same, and the router's contract.
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
  /**
   * OpenAI's Responses, and a conversation of them in a compact form; one that runs in the
   * background is told by its status alone.
   */
  RESPONSES(List.of("/responses", "/responses/compact"), Set.of("output")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("output_text", "output[].content[].text");
      root.content("output");
      root.reason("status", "completed", "incomplete", "queued", "in_progress");
    }
  },
  /** OpenAI's lists: embeddings and images. */
  LIST(
      List.of(
          "/embeddings",
          "/images/embeddings",
          "/images/generations",
          "/images/edits",
          "/images/variations"),
      Set.of("data")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("data");
    }
  },
  /** Embeddings of Gemini and of Ollama. */
  EMBEDDING(
      List.of(":embedContent", ":batchEmbedContents", "/api/embed", "/api/embeddings"),
      Set.of("embedding", "embeddings")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("embedding", "embeddings");
    }
  },
  /** Documents in a new order: Cohere's, Jina's and Azure's; Voyage calls the list {@code data}. */
  RANKING(List.of("/rerank"), Set.of("results")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("results", "data");
    }
  },
  /** Speech: sound, of which any byte is one. */
  SPEECH(List.of("/audio/speech"), Set.of()) {
    @Override
    void describe(AnswerPlace root) {
      // It has no members.
    }

    @Override
    boolean mayBeBinary() {
      return true;
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
  /** Gemini's content; a prompt that is blocked has no candidates and a reason. */
  GEMINI(List.of(":generateContent", ":streamGenerateContent"), Set.of("candidates")) {
    @Override
    void describe(AnswerPlace root) {
      root.text("candidates[].content.parts[].text");
      root.content("candidates[].content.parts");
      root.reason("candidates[].finishReason");
      root.reason("promptFeedback.blockReason");
    }

    @Override
    boolean mayBeArray() {
      return true;
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
  };

  private static final String COUNT_OF_TOKENS = ":countTokens";
  private static final String COUNT_OF_MESSAGES = "/messages/count_tokens";
  private static final String EDITED_IMAGES = "/images/edits";
  private static final String AGENTS = "/v1/agents/";

  private static final Dialect[] ALL = values();

  /** Folders whose elements are models: Azure's, and OpenAI's before it had a version. */
  private static final Set<String> MODEL_FOLDERS = Set.of("deployments", "engines");

  /** The paths of Anthropic's API, wherever it is mounted, and what stands below them. */
  private static final Pattern ANTHROPICS =
      Pattern.compile("(/anthropic/.*|.*/v1/messages(/.*)?|/messages)");

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

  private final List<String> endings;

  /** The same: every path is held to all of them. */
  private final String[] ends;

  private final Set<String> members;

  Dialect(List<String> endings, Set<String> members) {
    this.endings = endings;
    this.ends = endings.toArray(String[]::new);
    this.members = members;
  }

  abstract void describe(AnswerPlace root);

  /** The ends of the paths that are answered in it. */
  public List<String> endings() {
    return endings;
  }

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
    Dialect nearest = null;
    int longest = 0;
    for (Dialect dialect : ALL) {
      for (String ending : dialect.ends) {
        if (ending.length() > longest && plain.endsWith(ending)) {
          nearest = dialect;
          longest = ending.length();
        }
      }
    }
    return nearest;
  }

  /**
   * The end by which a path is known to ask a model, whatever stands before it. A word that other
   * applications use, too, counts behind the begin of a provider's API alone, or as the whole path:
   * a form's {@code /forms/7/responses} is no inference.
   *
   * @param path without a query and without a slash at its end
   * @return one of {@link #endings()}; {@code null} = it is not known
   */
  public static String inference(String path) {
    String nearest = null;
    for (Dialect dialect : ALL) {
      for (String ending : dialect.ends) {
        boolean longer = nearest == null || ending.length() > nearest.length();
        if (longer && path.endsWith(ending) && dialect.isMeant(path, ending)) {
          nearest = ending;
        }
      }
    }
    return nearest;
  }

  /**
   * Tells whether the requests of a path may name objects that one provider alone has: stored
   * answers, conversations, files.
   *
   * @param path without a query and without a slash at its end
   */
  public static boolean namesObjects(String path) {
    Dialect dialect = of(path);
    return dialect == COMPLETIONS
        || dialect == RESPONSES
        || dialect == MESSAGES
        || path.endsWith(EDITED_IMAGES)
        || path.endsWith(COUNT_OF_MESSAGES);
  }

  private boolean isMeant(String path, String ending) {
    int end = path.length() - ending.length();
    if (this == ROUTER) {
      return end == 0;
    }
    // A base URL with a slash at its end makes an empty segment, which passes as it is.
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    if (!isCommon(ending) || end == 0 && this != MESSAGES) {
      return true;
    }
    int slash = path.lastIndexOf('/', end - 1);
    String last = slash < 0 ? "" : path.substring(slash + 1, end);
    if (ApiRoot.is(last)) {
      return true;
    }
    int before = path.lastIndexOf('/', slash - 1);
    return slash > 0 && MODEL_FOLDERS.contains(path.substring(before + 1, slash));
  }

  /** Tells whether an end, or what comes before its last word, is one word and no more. */
  private boolean isCommon(String ending) {
    int second = ending.indexOf('/', 1);
    return ending.charAt(0) == '/'
        && (second < 0 || List.of(ends).contains(ending.substring(0, second)));
  }

  /**
   * The shape of errors on a path. Threads, rooms and bots have messages, too, and are not
   * Anthropic's.
   *
   * @param path without a query and without needless escapes; {@code null} = none that could be
   *     read
   */
  public static ErrorShape errorsOf(String path) {
    if (path == null || path.startsWith(AGENTS)) {
      return ErrorShape.OPENAI;
    }
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    // Of all that the pattern matches each has one of these.
    boolean mayMatch = plain.startsWith("/anthropic/") || plain.contains("/messages");
    if (mayMatch
        && (ANTHROPICS.matcher(plain).matches() || MESSAGES.ends[0].equals(inference(plain)))) {
      return ErrorShape.ANTHROPIC;
    }
    boolean google =
        plain.endsWith(COUNT_OF_TOKENS)
            || GEMINI.ends(plain)
            || plain.endsWith("Content") && EMBEDDING.ends(plain);
    return google ? ErrorShape.GOOGLE : ErrorShape.OPENAI;
  }

  private boolean ends(String path) {
    return Arrays.stream(ends).anyMatch(path::endsWith);
  }

  /** The names of all members that are known of any answer. */
  static Set<String> names() {
    Set<String> names = new HashSet<>(AROUND);
    ROOT.collect(names);
    for (Dialect dialect : ALL) {
      names.addAll(dialect.members);
    }
    return names;
  }

  /** Tells whether an answer may be text that is not JSON, and empty. */
  boolean mayBeText() {
    return this == TRANSCRIPTION;
  }

  /** Tells whether an answer may be sound, in which each byte counts. */
  boolean mayBeBinary() {
    return false;
  }

  /** Tells whether an answer may come as an array of its parts, each an object of its shape. */
  boolean mayBeArray() {
    return false;
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
