package com.huntaze.rollout.route;

import com.huntaze.rollout.outcome.ApiRoot;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A place among the objects that a provider keeps, and that no other provider has: files, batches,
 * threads, stored responses and the like, as the API references of OpenAI, Azure and Anthropic have
 * them, and the router's transcription jobs.
 *
 * @param collection the kind of the objects, by the last word of its path: {@code files}
 * @param id the object; {@code null} = the collection itself, in which objects are made and listed
 */
public record StatePath(String collection, String id) {
  private static final String RESPONSES = "responses";

  private static final Map<String, Set<String>> COLLECTIONS =
      Map.ofEntries(
          // Behind a collection these are no ids.
          Map.entry("files", Set.of("import")),
          Map.entry("uploads", Set.of()),
          Map.entry("batches", Set.of()),
          Map.entry("assistants", Set.of()),
          Map.entry("threads", Set.of("runs")),
          Map.entry("vector_stores", Set.of()),
          Map.entry(RESPONSES, Set.of("input_tokens", "compact")),
          Map.entry("conversations", Set.of()),
          Map.entry("containers", Set.of()),
          Map.entry("evals", Set.of()),
          Map.entry("videos", Set.of()));

  /** Those whose name is the second of two words. */
  private static final Map<String, String> SECOND_WORDS =
      Map.of(
          "jobs", "fine_tuning",
          "batches", "messages",
          "completions", "chat",
          "generations", "video");

  /** Azure's videos have their jobs one word further. */
  private static final String GENERATIONS = "generations";

  private static final String VIDEO_JOBS = "jobs";

  private static final int[] LENGTHS = lengths();

  private static final String COMPLETIONS = "/completions";
  private static final String RESPONSE = "resp_";
  private static final String JOBS = "/audio/transcribe";

  /** The place of a path; {@code null} = it is about none. */
  public static StatePath of(String path) {
    String plain = path == null ? "" : PlainPath.of(path);
    if (plain.equals(JOBS)) {
      return new StatePath("transcribe", null);
    } else if (plain.startsWith(JOBS + "/")) {
      return new StatePath("transcribe", plain.substring(JOBS.length() + 1));
    }
    if (!mayName(plain)) {
      return null;
    }
    List<String> segments = PlainPath.segments(plain);
    segments.removeIf(String::isEmpty);
    for (int i = 0; i < segments.size(); i++) {
      StatePath place = at(segments, i);
      if (place != null) {
        return place;
      }
    }
    return null;
  }

  /**
   * Tells whether a segment has the first letter and the length of a known word: of nearly every
   * request none has, and its path need not be cut into strings. At its end {@code completions}
   * names no object.
   */
  private static boolean mayName(String plain) {
    int end = plain.endsWith(COMPLETIONS) ? plain.length() - COMPLETIONS.length() : plain.length();
    for (int from = 1; from < end; ) {
      int slash = plain.indexOf('/', from);
      int to = slash < 0 || slash > end ? end : slash;
      char first = plain.charAt(from);
      int length = to - from;
      if (first < LENGTHS.length && length < Integer.SIZE && (LENGTHS[first] >> length & 1) == 1) {
        return true;
      }
      from = to + 1;
    }
    return false;
  }

  /** The lengths of the known words that begin with a letter, as bits. */
  private static int[] lengths() {
    int[] lengths = new int[128];
    for (Set<String> words : List.of(COLLECTIONS.keySet(), SECOND_WORDS.keySet())) {
      for (String word : words) {
        lengths[word.charAt(0)] |= 1 << word.length();
      }
    }
    return lengths;
  }

  private static StatePath at(List<String> segments, int i) {
    String word = segments.get(i);
    Set<String> noIds = COLLECTIONS.get(word);
    String before = i > 0 ? segments.get(i - 1) : "";
    boolean second = i > 0 && before.equals(SECOND_WORDS.get(word));
    String next = segment(segments, i + 1);
    boolean known = behindRoot(segments, second ? i - 1 : i) || i == 0 && isStored(word, next);
    if (noIds == null && !second || !known) {
      return null;
    }
    if (word.equals(GENERATIONS) && VIDEO_JOBS.equals(next)) {
      return new StatePath(VIDEO_JOBS, segment(segments, i + 2));
    }
    String id = next == null || noIds != null && noIds.contains(next) ? null : next;
    boolean inference = word.equals("completions") && id == null;
    return inference ? null : new StatePath(word, id);
  }

  /** A response's path begins with this where the provider's address ends with the API's begin. */
  private static boolean isStored(String word, String next) {
    return word.equals(RESPONSES) && (next == null || next.startsWith(RESPONSE));
  }

  /** A segment's text; {@code null} = there is none. */
  private static String segment(List<String> segments, int i) {
    return i < segments.size() ? segments.get(i) : null;
  }

  /** Tells whether a provider's API begins before a segment, or Foundry's project that holds it. */
  private static boolean behindRoot(List<String> segments, int at) {
    return at > 0 && ApiRoot.is(segments.get(at - 1))
        || at > 2 && segments.get(at - 2).equals("projects") && segments.get(at - 3).equals("api");
  }

  /** Tells whether objects of this kind are conversations, which go on. */
  public boolean isConversation() {
    return collection.equals("threads")
        || collection.equals("conversations")
        || collection.equals(RESPONSES);
  }

  /** Tells whether objects of this kind are answers, of which a conversation is a chain. */
  public boolean isChain() {
    return collection.equals(RESPONSES);
  }
}
