package com.huntaze.rollout.outcome;

import java.util.Set;

/**
 * The paths whose answers tell their usage. Of the others some providers' do; where one does not,
 * nothing can make its cost known.
 */
public final class UsagePromise {
  /** Ends of paths whose answers need not tell it. */
  private static final Set<String> SILENT =
      Set.of(
          "/moderations",
          "/rerank",
          "/audio/speech",
          "/audio/transcriptions",
          "/audio/translations",
          "/images/generations",
          "/images/edits",
          "/images/variations",
          ":embedContent",
          ":batchEmbedContents",
          "/api/embed",
          "/api/embeddings");

  private UsagePromise() {}

  /**
   * Tells whether answers on a path tell their usage, as all do of which nothing is known.
   *
   * @param path without a query and without a slash at its end
   */
  public static boolean isMadeOn(String path) {
    String ending = Dialect.inference(path);
    return ending == null || !SILENT.contains(ending);
  }
}
