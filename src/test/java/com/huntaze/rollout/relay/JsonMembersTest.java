package com.huntaze.rollout.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Members that are written once, against those that Jackson quotes. */
class JsonMembersTest {
  @Test
  void hasNoneBeforeTheFirst() {
    assertThat(new JsonMembers().ascii(",").isEmpty()).isTrue();
    assertThat(new JsonMembers().ascii("").length()).isZero();
  }

  @Test
  void separatesMembers() {
    JsonMembers members = new JsonMembers().ascii("{");
    members.text("a", "x");
    members.text("b", null);
    members.literal("c", "0.5");
    assertThat(members.isEmpty()).isFalse();
    assertThat(members.ascii("}")).hasToString("{\"a\":\"x\",\"b\":null,\"c\":0.5}");
  }

  @Test
  void growsForNamesOfAnyLength() {
    String longest = "n".repeat(10_000);
    JsonMembers members = new JsonMembers().ascii("{");
    members.text("a", longest);
    members.text("b", "\u00e9".repeat(10_000));
    Buffer all = Buffer.buffer();
    members.ascii("}");
    all.appendBytes(members.array(), 0, members.length());
    JsonObject read = all.toJsonObject();
    assertThat(read.getString("a")).isEqualTo(longest);
    assertThat(read.getString("b")).isEqualTo("\u00e9".repeat(10_000));
  }

  @Property
  void writesTextAsJacksonDoes(@ForAll String value) {
    StringBuilder quoted = new StringBuilder("\"a\":\"");
    JsonStringEncoder.getInstance().quoteAsString(value, quoted);
    Buffer expected = Buffer.buffer(quoted.append('"').toString());
    JsonMembers members = new JsonMembers();
    members.text("a", value);
    Buffer written = Buffer.buffer();
    written.appendBytes(members.array(), 0, members.length());
    assertThat(written).isEqualTo(expected);
  }
}
