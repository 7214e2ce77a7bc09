package com.huntaze.rollout.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader of plain bodies against Jackson's parser: either the same, or no word at all. */
class PlainPeekTest {
  private static final List<String> WANTED =
      List.of("model", "background", "client_tier", "user", "metadata.user_id");

  private static final String[] NAMES = {
    "model",
    "user",
    "background",
    "stream",
    "stream_options",
    "metadata",
    "messages",
    "file_id",
    "conversation",
    "previous_response_id",
    "input",
    "id",
    "audio",
    "user_id",
    "include_usage",
    "x",
    "",
    "m\\u006fdel",
    "\u00fcser",
    "client_tier",
  };

  private static final String[] SCALARS = {
    "\"gpt-4o\"",
    "\"\"",
    "\"u \\\" \\\\ \\n \\u00e9\"",
    "\"é 漢 \uD83D\uDE00\"",
    "true",
    "false",
    "null",
    "0",
    "-0",
    "12",
    "-7 ",
    "1.0",
    "1e5",
    "0.5E-3",
    "123456789012345678901234567890",
  };

  /** Pieces that make a body another one, or none. */
  private static final String[] FAULTS = {
    "", ",", ":", "{", "}", "[", "]", "\"", "\\", "\\x", "\\u12", "01", "-", "1.", "tru", "nulll",
    "\u0000", "\n", " ", "\u007f", "/**/", "'",
  };

  private static BodyPeek.Told plain(byte[] body, boolean usage, boolean objects) {
    return PlainPeek.read(body, 0, body.length, WANTED, usage, objects);
  }

  private static byte[] bytes(String body) {
    return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " { 'model' : 'm' , 'user' : 12 , 'n' : -1.5e3 } trailing",
        "{'model':'m','messages':[{'role':'user','content':'é \\n \\u00e9'},{}],'user':'u'}",
        "{'stream':true,'tools':[[],[{'a':[1,{'b':null}]}]],'model':'m'}",
        "{'background':true,'model':'m','temperature':0.7}",
        "{'model':'a','model':'b'}",
        "{'model':7,'user':null,'x':'y'}",
        "{'messages':[{'tool_calls':[{'id':'call_1'}]}],'input':'x','id':'y'}",
      })
  void readsAPlainBodyAsJacksonDoes(String text) {
    byte[] body = bytes(text);
    for (int asks = 0; asks < 4; asks++) {
      BodyPeek.Told told = plain(body, (asks & 1) > 0, (asks & 2) > 0);
      assertThat(told)
          .isNotNull()
          .isEqualTo(BodyPeek.parsed(Buffer.buffer(body), WANTED, (asks & 1) > 0, (asks & 2) > 0));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{'model':'m'",
        "{'model':'m',}",
        "{'model' 'm'}",
        "{'model':01}",
        "{'model':+1}",
        "{'a':tru}",
        "{'a':'\\x'}",
        "{'a':[1 2]}",
        "{'a':[1}}",
        "{'a':'\u0001'}",
        "{'mod\\u0065l':'m'}",
        "{'model':'\\u006d'}",
        "{'model':'ü'}",
        "{'ü':1}",
        "{'stream_options':{}}",
        "{'metadata':{'user_id':'u'}}",
        "{'messages':[{'file_id':'file-1'}]}",
        "{'conversation':'conv_1'}",
        "{'previous_response_id':'resp_1'}",
        "{'input':[{'type':'item_reference','id':'msg_1'}]}",
        "{'messages':[{'audio':{'id':'audio_1'}}]}",
      })
  void saysNothingOfAnythingElse(String text) {
    assertThat(plain(bytes(text), true, true)).isNull();
  }

  @Test
  void saysNothingOfWhatIsLongOrDeep() {
    assertThat(plain(bytes("{'model':'" + "m".repeat(1_025) + "'}"), true, true)).isNull();
    assertThat(plain(bytes("{'" + "n".repeat(300) + "':1}"), true, true)).isNull();
    assertThat(plain(bytes("{'n':" + "1".repeat(100) + "}"), true, true)).isNull();
    String deep = "{'n':" + "[".repeat(64) + "]".repeat(64) + "}";
    assertThat(plain(bytes(deep), true, true)).isNull();
    assertThat(plain(bytes(deep.replace("[[", "[").replace("]]", "]")), true, true)).isNotNull();
  }

  @Test
  void readsASliceByItsOwnOffsets() {
    byte[] all = bytes("xx{'model':'m','stream':true}yy");
    BodyPeek.Told told = PlainPeek.read(all, 2, all.length - 4, WANTED, true, true);
    assertThat(told.fields()).isEqualTo(Map.of("model", "m"));
    assertThat(told.model().from()).isEqualTo(9);
    assertThat(told.usageRequest().from()).isEqualTo(1);
  }

  /** Bodies of all kinds, of which some are cut, damaged, or in another encoding. */
  @Property(tries = 4_000)
  void neverContradictsJackson(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? " \n" : "");
    object(text, random, 0);
    for (int faults = random.nextInt(3); faults > 0; faults--) {
      int from = random.nextInt(text.length());
      text.replace(from, Math.min(text.length(), from + random.nextInt(3)), oneOf(FAULTS, random));
      text.append(' ');
    }
    byte[] body =
        text.toString()
            .getBytes(random.nextInt(20) == 0 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
    if (random.nextInt(4) == 0) {
      body[random.nextInt(body.length)] = (byte) random.nextInt();
    }
    List<String> wanted = WANTED.subList(random.nextInt(3), 3 + random.nextInt(3));
    boolean usage = random.nextBoolean();
    boolean objects = random.nextBoolean();
    BodyPeek.Told told = PlainPeek.read(body, 0, body.length, wanted, usage, objects);
    if (told != null) {
      assertThat(told)
          .as(new String(body, StandardCharsets.ISO_8859_1))
          .isEqualTo(BodyPeek.parsed(Buffer.buffer(body), wanted, usage, objects));
    }
  }

  private static void object(StringBuilder to, Random random, int depth) {
    to.append('{');
    int fields = random.nextInt(5);
    for (int i = 0; i < fields; i++) {
      to.append(i == 0 ? "" : ",");
      to.append('"').append(oneOf(NAMES, random)).append("\":").append(space(random));
      value(to, random, depth);
    }
    to.append('}');
  }

  private static void value(StringBuilder to, Random random, int depth) {
    int kind = depth > 3 ? 9 : random.nextInt(10);
    if (kind == 0) {
      object(to, random, depth + 1);
    } else if (kind == 1) {
      to.append('[');
      int items = random.nextInt(4);
      for (int i = 0; i < items; i++) {
        to.append(i == 0 ? "" : ",").append(space(random));
        value(to, random, depth + 1);
      }
      to.append(space(random)).append(']');
    } else {
      to.append(oneOf(SCALARS, random)).append(space(random));
    }
  }

  private static String space(Random random) {
    return random.nextInt(5) == 0 ? " \t" : "";
  }

  private static String oneOf(String[] all, Random random) {
    return all[random.nextInt(all.length)];
  }
}
