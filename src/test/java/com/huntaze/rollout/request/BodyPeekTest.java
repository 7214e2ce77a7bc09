package com.huntaze.rollout.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One pass over a request's body, for the fields that we read and for how usage is asked for. */
class BodyPeekTest {
  private static final List<String> WANTED = List.of("model", "user");

  private static BodyPeek.Told read(Buffer body) {
    return BodyPeek.read(body, WANTED, true, false);
  }

  private static Buffer quoted(String body) {
    return Buffer.buffer(body.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'stream':true,'model':'m','user':'u'}",
        "{'user':'u','model':'m','messages':[{'stream':false}],'stream':true}",
        "  {'model':'m','stream':true,'user':'u','stream_options':null}",
        "{'stream_options':{},'model':'m','stream':true,'user':'u'}",
        "{'model':'m','user':'u','stream_options':{'include_usage':false,'x':[1]},'stream':true}",
      })
  void findsTheFieldsAndAsksForUsage(String text) {
    Buffer body = quoted(text);
    BodyPeek.Told told = read(body);
    assertThat(told.fields()).isEqualTo(Map.of("model", "m", "user", "u"));
    JsonObject changed = told.usageRequest().apply(body).toJsonObject();
    assertThat(changed.getJsonObject("stream_options").getBoolean("include_usage")).isTrue();
    JsonObject before = body.toJsonObject();
    before.remove("stream_options");
    changed.remove("stream_options");
    assertThat(changed).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "no stream | {'model':'m','user':'u'}",
        "stream is off | {'model':'m','user':'u','stream':false}",
        "asked for already | {'model':'m','user':'u','stream':true,'stream_options':{'include_usage':true}}",
        "nobody knows what counts | {'model':'m','user':'u','stream':true,'stream_options':{},'stream_options':{}}",
        "options of no known kind | {'model':'m','user':'u','stream':true,'stream_options':[1]}",
        "ends too early | {'model':'m','user':'u','stream':true",
      })
  void leavesTheBodyAlone(String why, String text) {
    BodyPeek.Told told = read(quoted(text));
    assertThat(told.usageRequest()).as(why).isNull();
    assertThat(told.fields()).as(why).isEqualTo(Map.of("model", "m", "user", "u"));
  }

  @Test
  void readsNoOffsetsInWhatIsNotUtf8() {
    String text = "{\"stream\":true,\"stream_options\":{},\"model\":\"m\",\"user\":\"u\"}";
    BodyPeek.Told told = read(Buffer.buffer(text.getBytes(StandardCharsets.UTF_16BE)));
    assertThat(told.usageRequest()).isNull();
    assertThat(told.fields()).isEqualTo(Map.of("model", "m", "user", "u"));
  }

  @Test
  void readsASliceWhereItLies() {
    Buffer all = quoted("xx{'model':'m','stream':true}yy");
    Buffer body = all.slice(2, all.length() - 2);
    BodyPeek.Told told = read(body);
    assertThat(told.fields()).isEqualTo(Map.of("model", "m"));
    assertThat(told.usageRequest().apply(body).toJsonObject().getString("model")).isEqualTo("m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "'text'", "12", "null", "{", "not JSON", "{'model':}"})
  void findsNothingInWhatIsNoObject(String text) {
    BodyPeek.Told told = read(quoted(text));
    assertThat(told.fields()).isEmpty();
    assertThat(told.usageRequest()).isNull();
  }
}
