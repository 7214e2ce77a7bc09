package com.huntaze.rollout.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.upstream.CredentialSettings;
import com.huntaze.rollout.upstream.Credentials;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Any header fields of a client. The first byte says whether its credentials pass; the rest is
 * lines, a field each.
 */
class HeaderRulesFuzzTest {
  /** Written down apart from the rules: what a provider may believe that the proxy has said. */
  private static final Set<String> PROTECTED =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authorization",
          "te",
          "trailer",
          "upgrade",
          "forwarded",
          "x-real-ip",
          "via",
          "x-client-tier",
          "x-correlation-id",
          "azureml-model-deployment");

  private static final Credentials DEFAULTS =
      new Credentials(
          new CredentialSettings(
              List.of("Authorization", "X-API-Key", "api-key", "x-ms-*key*"),
              List.of("Cookie"),
              List.of("key", "api-key"),
              List.of("X-Original-URL")));

  private static final Set<String> CREDENTIALS = Set.of("authorization", "x-api-key", "api-key");

  /** A request whose names are not refused brings no protected field to a provider. */
  @FuzzTest(maxDuration = "10m")
  void noProtectedFieldPasses(byte[] data) {
    if (data.length == 0) {
      return;
    }
    boolean credentials = (data[0] & 1) == 1;
    MultiMap from = fields(new String(data, 1, data.length - 1, StandardCharsets.ISO_8859_1));
    MultiMap to = HttpHeaders.headers();
    HeaderRules.copyRequest(
        from, to, DEFAULTS.withheld(Provider.FOUNDRY, !credentials, credentials ? null : "a key"));
    for (Map.Entry<String, String> field : to) {
      assertThat(from.getAll(field.getKey())).contains(field.getValue());
    }
    if (StrictHttp.nameProblem(from) == null) {
      Set<String> listed = listed(from.getAll("connection"));
      for (String name : to.names()) {
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
        assertThat(PROTECTED).doesNotContain(plain);
        assertThat(plain).doesNotStartWith("x-ai-").doesNotStartWith("x-forwarded-");
        assertThat(listed).doesNotContain(name.toLowerCase(Locale.ROOT));
        assertThat(credentials || !CREDENTIALS.contains(plain)).as(name).isTrue();
      }
    }
    answers(from);
  }

  /** Of a provider's fields none passes that speaks in the proxy's name. */
  private static void answers(MultiMap from) {
    MultiMap to = HttpHeaders.headers();
    HeaderRules.copyResponse(from, to);
    HeaderRules.copyTrailers(from, to);
    assertThat(to.names())
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-ai-"))
        .noneMatch(name -> name.equalsIgnoreCase("transfer-encoding"))
        .noneMatch(name -> name.equalsIgnoreCase("x-correlation-id"));
  }

  private static MultiMap fields(String text) {
    MultiMap fields = HttpHeaders.headers();
    for (String line : text.split("\n")) {
      int colon = line.indexOf(':');
      if (colon >= 0) {
        try {
          fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
        } catch (IllegalArgumentException refused) {
          // What is no field at all does not get past the decoder.
        }
      }
    }
    return fields;
  }

  private static Set<String> listed(List<String> connection) {
    Set<String> listed = new TreeSet<>();
    for (String value : connection) {
      for (String token : value.toLowerCase(Locale.ROOT).split(",")) {
        listed.add(token.strip());
      }
    }
    return listed;
  }
}
