package com.huntaze.rollout.outcome;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Looks for {@code code: content_filter} where Azure's and OpenAI's errors have their code. */
final class ContentFilterBody {
  private static final String CODE = "content_filter";

  private ContentFilterBody() {}

  static boolean is(byte[] body, int length) {
    try (JsonParser json = HostileJson.parser(body, 0, length)) {
      return json.nextToken() == JsonToken.START_OBJECT && objectSays(json, "error");
    } catch (IOException notJson) {
      return false;
    }
  }

  /** Reads an object up to the code, or to its end; {@code inner} is the field to look into. */
  private static boolean objectSays(JsonParser json, String inner) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("code") && value == JsonToken.VALUE_STRING && CODE.equals(json.getText())) {
        return true;
      }
      if (name.equals(inner) && value == JsonToken.START_OBJECT) {
        if (objectSays(json, inner.equals("error") ? "innererror" : "")) {
          return true;
        }
      } else {
        json.skipChildren();
      }
    }
    return false;
  }
}
