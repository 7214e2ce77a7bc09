package com.huntaze.rollout.upstream;

import com.huntaze.rollout.settings.Checked;
import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.Problem;
import com.huntaze.rollout.settings.Setting;
import com.huntaze.rollout.settings.TlsSettings;
import com.huntaze.rollout.token.TokenSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Settings of one provider.
 *
 * @param url its base URL
 * @param headers header fields set on every request to it, in the order of the file; values may be
 *     secret, and {@link #toString} shows none
 * @param rewrites path prefixes replaced on the way, the first that matches wins
 * @param models its names of models, by those that clients use
 * @param deployments where its models run, by their names, for answers that do not tell it
 * @param connect the longest time for a connection to be made
 * @param idle the longest silence in an answer
 * @param pool its connections
 * @param requestUsageInStreams whether its streams may be asked for their usage
 * @param token the bearer token that is sent to it, or null
 * @param tls TLS beyond what the URL says, or null for the system's authorities
 */
public record UpstreamSettings(
    @Setting("The provider's base URL; a path in it is put before every path.") HttpUrl url,
    @Setting(
            value =
                "Header fields set on every request to the provider, in place of the client's. The"
                    + " file's object replaces the default one.",
            byDefault = "{}",
            pattern = Forms.HEADER_VALUE,
            expected = Forms.HEADER_VALUE_WORDS,
            keyPattern = Forms.HEADER_NAME,
            keyExpected = Forms.HEADER_NAME_WORDS,
            secret = true)
        Map<String, String> headers,
    @Setting(
            value = "Path prefixes replaced on the way; the first that matches wins.",
            byDefault = "[]")
        List<RewriteSettings> rewrites,
    @Setting(
            value =
                "The provider's names of models and deployments, by those that clients use: in the"
                    + " body's `model` and in paths. The file's object replaces the default one.",
            byDefault = "{}",
            pattern = Forms.MODEL,
            expected = Forms.MODEL_WORDS,
            keyPattern = Forms.MODEL,
            keyExpected = Forms.MODEL_WORDS)
        Map<String, String> models,
    @Setting(
            value =
                "Where models run, for answers that tell no deployment or region: `{\"gpt-4o\":"
                    + " {\"deployment\": \"gpt-4o-prod\", \"region\": \"swedencentral\"}}`. Looked"
                    + " up, the first that is there counts: the deployment in the path, the body's"
                    + " `model`; each as it is sent to the provider, then as the client wrote it.",
            byDefault = "{}",
            keyPattern = Forms.MODEL,
            keyExpected = Forms.MODEL_WORDS)
        Map<String, DeploymentSettings> deployments,
    @Setting(
            value = "The longest time for a connection to be made.",
            byDefault = "'1s'",
            min = "10ms",
            max = "1m")
        Duration connect,
    @Setting(
            value = "The longest silence in an answer that has begun.",
            byDefault = "'60s'",
            min = "10ms",
            max = "1h")
        Duration idle,
    @Setting("The connections to the provider.") PoolSettings pool,
    @Setting(
            value =
                "Whether its streams may be asked for their usage (stream_options), see"
                    + " usage.requestInStreams.",
            byDefault = "true")
        boolean requestUsageInStreams,
    @Setting(
            value = "Own certificate and authorities towards an https URL; null is the system's.",
            byDefault = "null")
        TlsSettings tls,
    @Setting(
            value =
                "The bearer token that is sent as `Authorization` in place of the client's, for"
                    + " Entra ID; null sends none.",
            byDefault = "null")
        TokenSettings token)
    implements Checked {

  /** They frame the message or name its receiver: a fixed value would break or redirect it. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** Copies map and list, so that the record never changes. */
  public UpstreamSettings {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    rewrites = List.copyOf(rewrites);
    models = Map.copyOf(models);
    deployments = Map.copyOf(deployments);
  }

  @Override
  public List<Problem> check() {
    List<Problem> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String header : headers.keySet()) {
      String name = header.toLowerCase(Locale.ROOT);
      if (OURS.contains(name)) {
        problems.add(
            new Problem("headers." + header, "set", "a header that the proxy does not set"));
      } else if (!names.add(name)) {
        problems.add(
            new Problem("headers." + header, "set twice", "each header once, in any case"));
      }
    }
    if (token != null && names.contains("authorization")) {
      problems.add(new Problem("token", "set", "either a token or a header Authorization"));
    }
    checkRewrites(problems);
    return problems;
  }

  private void checkRewrites(List<Problem> problems) {
    Set<String> prefixes = new HashSet<>();
    for (int i = 0; i < rewrites.size(); i++) {
      String from = rewrites.get(i).from();
      if (!prefixes.add(from)) {
        String path = "rewrites[" + i + "].from";
        problems.add(new Problem(path, '"' + from + '"', "a prefix that no earlier rewrite has"));
      }
    }
  }

  /** Everything but the values of the headers, which carry credentials. */
  @Override
  public String toString() {
    return ("UpstreamSettings[url=%s, headers=%s, rewrites=%s, models=%s, deployments=%s,"
            + " connect=%s, idle=%s, pool=%s, requestUsageInStreams=%s, tls=%s, token=%s]")
        .formatted(
            url,
            headers.keySet(),
            rewrites,
            models,
            deployments,
            connect,
            idle,
            pool,
            requestUsageInStreams,
            tls,
            token);
  }
}
