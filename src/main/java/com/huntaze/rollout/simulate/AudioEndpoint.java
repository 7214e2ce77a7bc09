package com.huntaze.rollout.simulate;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Transcription jobs: {@code POST /audio/transcribe} starts one, {@code GET /audio/transcribe/{id}}
 * asks for it. A backend knows only its own jobs, and of those the newest thousand or so.
 */
final class AudioEndpoint {
  static final String PATH = "/audio/transcribe";
  private static final int MAX_JOBS = 1_024;

  private static final class Job {
    private final String id;
    private final Answer answer;
    private boolean done;

    private Job(String id, Answer answer) {
      this.id = id;
      this.answer = answer;
    }
  }

  private final Vertx vertx;
  private final Map<String, Job> jobs = new LinkedHashMap<>();

  AudioEndpoint(Vertx vertx) {
    this.vertx = vertx;
  }

  void start(SimulatedExchange exchange, JsonObject body) {
    if (!body.containsKey("audio_url")) {
      exchange.reject(Rejection.missing("audio_url"));
      return;
    }
    if (!(body.getValue("audio_url") instanceof String url)) {
      exchange.reject(Rejection.notAString("audio_url"));
      return;
    }
    if (url.isBlank()) {
      exchange.reject(Rejection.of(400, "Audio URL must not be empty"));
      return;
    }
    Job job =
        new Job(
            "job-" + exchange.chance().hex(),
            Answer.compose(exchange.profile(), Model.SPEECH_BATCH, url));
    jobs.put(job.id, job);
    if (jobs.size() > MAX_JOBS) {
      jobs.remove(jobs.keySet().iterator().next());
    }
    // The job goes on when its client leaves, so its timer is not the exchange's.
    vertx.setTimer(exchange.tempo().jobMillis(), id -> job.done = true);
    exchange.after(
        exchange.tempo().quickMillis(), () -> exchange.json(202, shape(exchange, job, false)));
  }

  void status(SimulatedExchange exchange, String id) {
    Job job = jobs.get(id);
    if (job == null) {
      exchange.reject(Rejection.of(404, "Job not found"));
      return;
    }
    exchange.json(200, shape(exchange, job, job.done));
  }

  private static JsonObject shape(SimulatedExchange exchange, Job job, boolean done) {
    return new JsonObject()
        .put("job_id", job.id)
        .put("status", done ? "succeeded" : "running")
        .put("model", job.answer.model().label())
        .put("deployment", job.answer.model().deployment())
        .put("region", exchange.profile().region())
        .put("output", done ? job.answer.text() : null)
        .putNull("usage");
  }
}
