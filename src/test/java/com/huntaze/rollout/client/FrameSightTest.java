package com.huntaze.rollout.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FrameSightTest {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final List<Integer> credit = new ArrayList<>();

  private static ByteBuf preface() {
    return Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII);
  }

  private static ByteBuf frame(int type, int flags, int stream, int length) {
    ByteBuf frame = Unpooled.buffer().writeMedium(length).writeByte(type).writeByte(flags);
    return frame.writeInt(stream).writeZero(length);
  }

  private FrameSight sight(int cut, ByteBuf... frames) {
    credit.clear();
    FrameSight sight = new FrameSight(credit::add);
    ByteBuf all = Unpooled.buffer().writeBytes(preface());
    for (ByteBuf frame : frames) {
      all.writeBytes(frame);
    }
    while (all.isReadable()) {
      sight.read(all.readSlice(Math.min(cut, all.readableBytes())));
    }
    return sight;
  }

  @Property
  void seesTheSameInWhicheverPiecesItComes(@ForAll @IntRange(min = 1, max = 200) int cut) {
    FrameSight sight =
        sight(
            cut,
            frame(4, 0, 0, 6),
            frame(WINDOW_UPDATE, 0, 0, 4),
            frame(HEADERS, END_HEADERS, 1, 40),
            frame(DATA, END_STREAM, 1, 100),
            frame(WINDOW_UPDATE, 0, 1, 4),
            frame(HEADERS, END_STREAM, 3, 20),
            frame(CONTINUATION, 0, 3, 0));
    assertThat(credit).containsExactly(0, 1);
    assertThat(sight.unfinished()).isTrue();
    assertThat(sight.violation()).isNull();
    sight.read(frame(CONTINUATION, END_HEADERS, 3, 5));
    assertThat(sight.unfinished()).isFalse();
    assertThat(sight.bytes()).isEqualTo(24 + 7 * 9 + 6 + 4 + 40 + 100 + 4 + 20 + 9 + 5);
  }

  @Property
  void aSecondRequestOnAStreamIsAViolation(@ForAll @IntRange(min = 1, max = 60) int cut) {
    ByteBuf whole = frame(HEADERS, END_HEADERS | END_STREAM, 5, 10);
    assertThat(sight(cut, whole, frame(HEADERS, END_HEADERS, 5, 10)).violation())
        .isEqualTo(Http2Error.STREAM_CLOSED);
    whole.resetReaderIndex();
    assertThat(sight(cut, whole, frame(HEADERS, END_HEADERS, 3, 10)).violation())
        .isEqualTo(Http2Error.STREAM_CLOSED);
    ByteBuf open = frame(HEADERS, END_HEADERS, 5, 10);
    assertThat(sight(cut, open, frame(HEADERS, END_HEADERS | END_STREAM, 5, 4)).violation())
        .as("trailers")
        .isNull();
    open.resetReaderIndex();
    assertThat(
            sight(cut, open, frame(RST_STREAM, 0, 5, 4), frame(HEADERS, END_HEADERS, 5, 4))
                .violation())
        .isEqualTo(Http2Error.STREAM_CLOSED);
  }

  @Property(tries = 3)
  void requestsThatNeverEndAreBounded(@ForAll @IntRange(min = 40, max = 60) int cut) {
    ByteBuf[] requests = new ByteBuf[1_001];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = frame(HEADERS, END_HEADERS, 2 * i + 1, 1);
    }
    assertThat(sight(cut, requests).violation()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
  }
}
