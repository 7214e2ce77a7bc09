package com.huntaze.rollout.request;

import com.huntaze.rollout.upstream.ModelNames;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Looks for the text field {@code model} of a form (RFC 7578), as uploads of audio and images have
 * it. A file's bytes are searched for their end and for nothing else. What is not a whole form, or
 * could be read in two ways, has none: the provider is the one to refuse it.
 *
 * <p>Decision 122 in {@code docs/decisions.md}.
 */
final class FormModel {
  private static final String FORM = "multipart/form-data";

  /** RFC 2046 §5.1.1. */
  private static final int MOST_BOUNDARY = 70;

  private static final int MOST_HEAD = 8_192;
  private static final int MOST_VALUE = 1_024;
  private static final byte[] HEAD_END = ascii("\r\n\r\n");

  private final byte[] data;
  private final int begin;
  private final int end;
  private final byte[] delimiter;
  private String model;
  private ModelNames.Span place;
  private int models;

  private FormModel(byte[] data, int begin, int end, String boundary) {
    this.data = data;
    this.begin = begin;
    this.end = end;
    this.delimiter = ascii("\r\n--" + boundary);
  }

  /** Tells whether a {@code Content-Type} is a form's, {@code null} = there is none. */
  static boolean isForm(String contentType) {
    return contentType != null && FieldParameters.value(contentType).equals(FORM);
  }

  /** The model that a form names, and its place. */
  static BodyPeek.Told read(Buffer body, String contentType) {
    Map<String, String> parameters = FieldParameters.of(contentType);
    String boundary = parameters == null ? null : parameters.get("boundary");
    if (boundary == null || !isBoundary(boundary)) {
      return BodyPeek.Told.NOTHING;
    }
    ByteBuf bytes = ((BufferInternal) body).getByteBuf();
    boolean open = bytes.hasArray();
    byte[] data = open ? bytes.array() : body.getBytes();
    int begin = open ? bytes.arrayOffset() + bytes.readerIndex() : 0;
    FormModel form = new FormModel(data, begin, begin + body.length(), boundary);
    return form.isWhole() && form.model != null
        ? BodyPeek.Told.ofForm(form.model, form.models > 1 ? null : form.place)
        : BodyPeek.Told.NOTHING;
  }

  private static boolean isBoundary(String text) {
    return !text.isEmpty()
        && text.length() <= MOST_BOUNDARY
        && text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
  }

  /** Reads it part by part, and tells whether it is a form to its end. */
  private boolean isWhole() {
    // At the very beginning a boundary has no line before it.
    int after = begin + (startsWithBoundary() ? delimiter.length - 2 : 0);
    if (after == begin) {
      after = behind(find(delimiter, begin, end));
    }
    while (after >= 0) {
      if (stands(after, '-', '-')) {
        return true;
      }
      while (after < end && (data[after] == ' ' || data[after] == '\t')) {
        after++;
      }
      after = stands(after, '\r', '\n') ? behind(part(after)) : -1;
    }
    return false;
  }

  /** The place behind a delimiter that begins at a place; -1 stays. */
  private int behind(int at) {
    return at < 0 ? -1 : at + delimiter.length;
  }

  private boolean stands(int at, char first, char second) {
    return at + 2 <= end && data[at] == first && data[at + 1] == second;
  }

  /**
   * Reads the part whose head begins behind a line's end.
   *
   * @return where the next boundary begins, -1 = it cannot be read
   */
  private int part(int lineEnd) {
    int headEnd = find(HEAD_END, lineEnd, Math.min(end, lineEnd + MOST_HEAD));
    int next = find(delimiter, lineEnd, end);
    int value = headEnd + HEAD_END.length;
    if (headEnd < 0 || next < value) {
      return -1;
    }
    // The bytes of a head are not told apart by its charset: the names that count are ASCII.
    String head = new String(data, lineEnd, headEnd - lineEnd, StandardCharsets.ISO_8859_1);
    PartHead read = PartHead.of(head);
    if (read == null) {
      return -1;
    }
    if (read.isText(RequestClassifier.MODEL)) {
      models++;
      keep(value, next);
    }
    return next;
  }

  private void keep(int from, int to) {
    model = null;
    place = null;
    if (from == to || to - from > MOST_VALUE) {
      return;
    }
    try {
      model =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(data, from, to - from))
              .toString();
      place = new ModelNames.Span(from - begin, to - begin, false);
    } catch (CharacterCodingException noText) {
      // The provider is the one to refuse it.
    }
  }

  private boolean startsWithBoundary() {
    int length = delimiter.length - 2;
    return length <= end - begin
        && Arrays.equals(data, begin, begin + length, delimiter, 2, delimiter.length);
  }

  /**
   * The place of a text, -1 = nowhere. It begins with CR, and a delimiter has no other one: so no
   * byte is compared more than twice.
   */
  private int find(byte[] wanted, int from, int to) {
    int last = to - wanted.length;
    for (int at = from; at <= last; at++) {
      if (data[at] == '\r'
          && Arrays.equals(data, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The head of a part.
   *
   * @param name the field's, {@code null} = it has none
   * @param text whether its value stands there as a text, and is no file
   */
  private record PartHead(String name, boolean text) {
    private static final String DISPOSITION = "content-disposition";
    private static final String CODING = "content-transfer-encoding";

    /** Reads a head, of which each line begins with its CRLF; {@code null} if that cannot be. */
    static PartHead of(String head) {
      String disposition = null;
      boolean plain = true;
      for (String line : head.isEmpty() ? new String[0] : head.substring(2).split("\r\n", -1)) {
        int colon = line.indexOf(':');
        // A line that begins with a blank goes on with the one before, which nobody writes today.
        if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
          return null;
        }
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        if (name.equals(DISPOSITION) && disposition != null) {
          return null;
        } else if (name.equals(DISPOSITION)) {
          disposition = value;
        } else if (name.equals(CODING)) {
          plain =
              value.equalsIgnoreCase("8bit")
                  || value.equalsIgnoreCase("binary")
                  || value.equalsIgnoreCase("7bit");
        }
      }
      return disposition == null ? new PartHead(null, false) : of(disposition, plain);
    }

    private static PartHead of(String disposition, boolean plain) {
      Map<String, String> parameters = FieldParameters.of(disposition);
      if (parameters == null || !FieldParameters.value(disposition).equals("form-data")) {
        return new PartHead(null, false);
      }
      boolean file =
          parameters.keySet().stream()
              .anyMatch(name -> name.equals("filename") || name.endsWith("*"));
      return new PartHead(parameters.get("name"), plain && !file);
    }

    boolean isText(String wanted) {
      return text && wanted.equals(name);
    }
  }
}
