package com.huntaze.rollout.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The name of a model in a form (RFC 7578): found where it stands, and nowhere else. */
class FormModelTest {
  private static final String TYPE = "multipart/form-data; boundary=xYz";
  private static final String MODEL = part("form-data; name=\"model\"", "whisper-1");
  private static final String FILE =
      part(
          "form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav",
          "RIFF\0\u00ff\r\n--xY\r\n\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nno\r\n-");

  private static String part(String disposition, String value) {
    return "--xYz\r\nContent-Disposition: " + disposition + "\r\n\r\n" + value + "\r\n";
  }

  private static BodyPeek.Told read(String type, String body) {
    return FormModel.read(Buffer.buffer(body.getBytes(StandardCharsets.ISO_8859_1)), type);
  }

  private static BodyPeek.Told read(String body) {
    return read(TYPE, body);
  }

  /** Asserts that a model is found, and that its place is that very text. */
  private static void finds(String type, String body, String model) {
    BodyPeek.Told told = read(type, body);
    assertThat(told.fields()).isEqualTo(Map.of("model", model));
    assertThat(told.model().quoted()).isFalse();
    assertThat(body.substring(told.model().from(), told.model().to())).isEqualTo(model);
  }

  private static void findsNone(String type, String body) {
    BodyPeek.Told told = read(type, body);
    assertThat(told.fields()).isEmpty();
    assertThat(told.model()).isNull();
  }

  @Test
  void itIsFoundBeforeAndBehindAFile() {
    finds(TYPE, MODEL + FILE + "--xYz--\r\n", "whisper-1");
    finds(TYPE, FILE + MODEL + "--xYz--", "whisper-1");
    finds(TYPE, "a preamble\r\n" + FILE + MODEL + "--xYz--\r\nan epilogue" + MODEL, "whisper-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=\"xYz\"",
        "Multipart/Form-Data;charset=utf-8 ; BOUNDARY=xYz",
        "multipart/form-data; boundary=\"x\\Yz\""
      })
  void theBoundaryIsReadAsItIsWritten(String type) {
    assertThat(FormModel.isForm(type)).isTrue();
    finds(type, MODEL + "--xYz--", "whisper-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "form-data; name=model",
        "Form-Data ;name=\"model\"",
        "form-data; name=\"model\"\r\nContent-Type: text/plain; charset=utf-8",
        "form-data; name=\"mo\\del\"",
        "form-data; name=\"model\"\r\ncontent-transfer-encoding: 8bit"
      })
  void itsPartIsKnownByItsName(String disposition) {
    finds(TYPE, part(disposition, "whisper-1") + "--xYz--", "whisper-1");
  }

  /** A file is never read as a text, whatever it calls itself; other names are other fields. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "form-data; name=\"model\"; filename=\"model\"",
        "form-data; name=\"model\"; filename*=UTF-8''model",
        "form-data; name=\"Model\"",
        "form-data; name=\"model[]\"",
        "attachment; name=\"model\"",
        "form-data; name=\"x; name=\\\"model\\\"\"",
        "form-data; name=\"model\"; name=\"x\"",
        "form-data; name=\"model",
        "form-data; name=\"model\"\r\nContent-Transfer-Encoding: base64",
        "form-data; name=\"model\"\r\nContent-Disposition: form-data; name=\"x\""
      })
  void whatIsNoTextOfThatNameIsNone(String disposition) {
    findsNone(TYPE, part(disposition, "whisper-1") + "--xYz--");
  }

  /** Of what is no form nobody knows what its receiver makes of it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--xYz",
        "--xYz--",
        "--xYz\r\n--xYz--",
        "--xYz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1",
        "--xYz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--xYz",
        "--xYz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n--xYz--",
        "--xYz\nContent-Disposition: form-data; name=\"model\"\n\nwhisper-1\n--xYz--",
        "--xYz\r\nContent-Disposition: form-data;\r\n name=\"model\"\r\n\r\nx\r\n--xYz--",
        "--xYz\r\nno field\r\n\r\nx\r\n--xYz--",
        "{\"model\":\"whisper-1\"}"
      })
  void whatIsNoFormHasNone(String body) {
    findsNone(TYPE, body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"xYz",
        "multipart/form-data; boundary=xYz; boundary=xYz",
        "multipart/form-data; boundary=\"x\u00e9z\"",
        "multipart/form-data; boundary=xyz"
      })
  void withoutItsBoundaryThereIsNone(String type) {
    findsNone(type, MODEL + "--xYz--");
  }

  @Test
  void aBoundaryOrAHeadThatIsTooLongIsNotRead() {
    String longer = "b".repeat(71);
    findsNone("multipart/form-data; boundary=" + longer, MODEL.replace("xYz", longer));
    String head = "form-data; name=\"model\"\r\nX: " + "y".repeat(8_200);
    findsNone(TYPE, part(head, "whisper-1") + "--xYz--");
  }

  @Test
  void ofTwoNobodyKnowsWhichOneCounts() {
    BodyPeek.Told told = read(MODEL + MODEL.replace("whisper-1", "other") + "--xYz--");
    assertThat(told.model()).isNull();
    assertThat(told.fields()).containsEntry("model", "other");
  }

  @Test
  void anEmptyOrOverlongNameOrOneThatIsNoTextIsNone() {
    findsNone(TYPE, part("form-data; name=\"model\"", "") + "--xYz--");
    findsNone(TYPE, part("form-data; name=\"model\"", "m".repeat(1_025)) + "--xYz--");
    findsNone(TYPE, part("form-data; name=\"model\"", "m\u00ff") + "--xYz--");
  }

  /** Whatever is cut off or changed, it is read to an end, and within the body. */
  @Test
  void noBodyBreaksIt() {
    byte[] whole = (MODEL + FILE + "--xYz--").getBytes(StandardCharsets.ISO_8859_1);
    List<Byte> instead = List.of((byte) 0, (byte) '\r', (byte) '\n', (byte) '"', (byte) '-');
    for (int at = 0; at < whole.length; at++) {
      within(Arrays.copyOf(whole, at));
      for (byte each : instead) {
        byte[] changed = whole.clone();
        changed[at] = each;
        within(changed);
      }
    }
  }

  private static void within(byte[] body) {
    BodyPeek.Told told = FormModel.read(Buffer.buffer(body), TYPE);
    if (told.model() != null) {
      assertThat(told.model().from()).isPositive().isLessThan(told.model().to());
      assertThat(told.model().to()).isLessThan(body.length);
    }
  }

  @Test
  void otherTypesAreNoForms() {
    assertThat(FormModel.isForm(null)).isFalse();
    assertThat(FormModel.isForm("application/json")).isFalse();
    assertThat(FormModel.isForm("multipart/mixed; boundary=xYz")).isFalse();
    assertThat(FormModel.isForm("application/x-www-form-urlencoded")).isFalse();
  }
}
