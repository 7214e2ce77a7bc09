package com.huntaze.rollout.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Which provider made which transcription job: only that one knows its result. Bounded in number
 * and time, and shared by the process; what is forgotten is looked for at Foundry, then at legacy.
 */
public final class JobAffinity {
  private static final String CREATE = "/audio/transcribe";
  private static final String RESULT = CREATE + "/";
  private static final List<String> ID_FIELDS = List.of("job_id", "id");
  private static final int MAX_JOBS = 100_000;
  private static final int MAX_ID = 256;
  private static final Duration KEPT = Duration.ofHours(24);

  private final Cache<String, Provider> jobs =
      Caffeine.newBuilder().maximumSize(MAX_JOBS).expireAfterWrite(KEPT).build();

  /** Whether a request asks for a job's result. */
  static boolean asksForResult(String method, String path) {
    return method.equals("GET") && path.startsWith(RESULT);
  }

  /** Whether a request makes a job. */
  static boolean creates(String method, String path) {
    return method.equals("POST") && path.equals(CREATE);
  }

  /** The provider that made the job of a result's path; {@code null} when it is not known. */
  Provider of(String path) {
    return jobs.getIfPresent(path.substring(RESULT.length()));
  }

  /**
   * Remembers the job that an answer tells of, if it tells of one.
   *
   * @param answer {@code null} = there is none that could
   */
  void remember(Buffer answer, Provider provider) {
    if (answer == null) {
      return;
    }
    Map<String, String> fields = BodyPeek.fields(answer, ID_FIELDS);
    for (String field : ID_FIELDS) {
      String id = fields.get(field);
      if (id != null && !id.isEmpty() && id.length() <= MAX_ID) {
        jobs.put(id, provider);
        return;
      }
    }
  }
}
