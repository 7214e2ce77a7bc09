package com.huntaze.rollout.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths about objects that one provider alone has. */
class StatePathTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/files, files,",
    "/v1/files/file-1, files, file-1",
    "/v1/files/file%2D1, files, file-1",
    "/v1/files/file-1/content, files, file-1",
    "/openai/files/assistant-1, files, assistant-1",
    "/openai/files/import, files,",
    "/openai/v1/batches/batch_1/cancel, batches, batch_1",
    "/v1/uploads/upload_1/parts, uploads, upload_1",
    "/v1/fine_tuning/jobs, jobs,",
    "/v1/fine_tuning/jobs/ftjob-1/events, jobs, ftjob-1",
    "/v1/assistants/asst_1, assistants, asst_1",
    "/v1/threads, threads,",
    "/v1/threads/runs, threads,",
    "/v1/threads/thread_1/messages, threads, thread_1",
    "/v1/threads/thread_1/runs/run_1/submit_tool_outputs, threads, thread_1",
    "/v1/vector_stores/vs_1/files/file-1, vector_stores, vs_1",
    "/v1/responses, responses,",
    "/v1/responses/resp_1, responses, resp_1",
    "/v1/responses/resp_1/cancel, responses, resp_1",
    "/v1/responses/input_tokens, responses,",
    "/openai/responses/resp_1, responses, resp_1",
    "/v1/conversations/conv_1/items, conversations, conv_1",
    "/v1/chat/completions/chatcmpl-1, completions, chatcmpl-1",
    "/v1/messages/batches, batches,",
    "/v1/messages/batches/msgbatch_1/results, batches, msgbatch_1",
    "/api/projects/sales/threads/thread_1, threads, thread_1",
    "/api/projects/sales/openai/v1/responses/resp_1, responses, resp_1",
    "/gateway/v1/files/file-1, files, file-1",
    "/gateway/api/projects/sales/files/file-1, files, file-1",
    "/openai/v1/video/generations/jobs, jobs,",
    "/openai/v1/video/generations/jobs/task_1, jobs, task_1",
    "/openai/v1/video/generations/gen_1/content/video, generations, gen_1",
    "/openai/v1/videos/video_1, videos, video_1",
    "/v1//files/file-1, files, file-1",
    "/v1/files//file-1, files, file-1",
    "/v1//responses/, responses,",
    "/responses, responses,",
    "/responses/resp_1/cancel, responses, resp_1",
    "/audio/transcribe, transcribe,",
    "/audio/transcribe/job-1, transcribe, job-1"
  })
  void isAboutAnObjectOrItsCollection(String path, String collection, String id) {
    assertThat(StatePath.of(path)).isEqualTo(new StatePath(collection, id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/files/logo.png",
        "/static/files/logo.png",
        "/forms/responses/7",
        "/responses/7",
        "/files",
        "/v1/chat/completions",
        "/openai/deployments/d/chat/completions",
        "/v1/messages",
        "/route",
        "/threads/1",
        "/projects/sales/files/7",
        "/shop/projects/sales/files/7",
        "/jobs/7",
        "/v1/generations/jobs/7",
        "/v1/embeddings"
      })
  void isAboutNone(String path) {
    assertThat(StatePath.of(path)).isNull();
  }
}
