package com.huntaze.rollout.it;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Replicas of the packaged jar that are one rollout, with one state directory, between two origins;
 * Foundry fails for the requests that a test chooses, by their number.
 */
final class Fleet implements AutoCloseable {
  static final int REPLICAS = 3;

  private static final String GOOD = "{\"model\":\"m\",\"output\":\"hello\"}";

  private static final String CHAT =
      "{\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
          + "\"message\":{\"role\":\"assistant\",\"content\":\"hello\"}}]}";

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final RawOrigin foundry;
  private final RawOrigin legacy;
  private final Path stateDir;
  private final List<Integer> ports;
  private final JsonObject changes;
  private final IntFunction<String> addresses;

  /** True if the lease is that of voters: each has a directory of its own, and any may lead. */
  private final boolean votes;

  private final List<RolloutProcess> replicas = new ArrayList<>();
  private volatile IntPredicate fails = number -> false;
  private volatile Function<RawOrigin.Call, String> answers = call -> "";

  /**
   * Starts them, the leader first.
   *
   * @param tls of each replica's cluster port, {@code null} = none
   */
  Fleet(Path stateDir, JsonObject tls, JsonObject changes, int count) throws Exception {
    this(stateDir, tls, changes, count, index -> "127.0.0.1");
  }

  /**
   * The same, each at an address of its own.
   *
   * @param addresses of the cluster ports, by the number of a replica
   */
  Fleet(Path stateDir, JsonObject tls, JsonObject changes, int count, IntFunction<String> addresses)
      throws Exception {
    this.addresses = addresses;
    this.stateDir = stateDir;
    this.changes = changes;
    this.foundry = new RawOrigin(this::foundry);
    this.legacy = new RawOrigin(Fleet::good);
    this.ports = IntStream.range(0, count).mapToObj(each -> FreePorts.next()).toList();
    this.votes =
        "raft".equals(changes.getJsonObject("cluster", new JsonObject()).getString("lease"));
    int first = votes ? 0 : 1;
    if (!votes) {
      replicas.add(start(0, tls));
    }
    List<CompletableFuture<RolloutProcess>> followers = new ArrayList<>();
    for (int i = first; i < count; i++) {
      int index = i;
      followers.add(CompletableFuture.supplyAsync(() -> started(index, tls)));
    }
    followers.forEach(each -> replicas.add(each.join()));
    if (count > 1) {
      replicas.forEach(
          replica -> Waits.until(() -> members(replica), all -> all.size() == count && heard(all)));
    }
  }

  Fleet(Path stateDir, JsonObject tls) throws Exception {
    this(stateDir, tls, new JsonObject(), REPLICAS);
  }

  /** A proxy that would be a member, with a state and a port of its own. */
  RolloutProcess stranger(Path dir, JsonObject tls) throws Exception {
    return start(FreePorts.next(), "127.0.0.1", dir, tls, changes);
  }

  /** Starts one again that was killed, at its address. */
  RolloutProcess startAgain(int index) throws Exception {
    replicas.set(index, start(index, null));
    return replicas.get(index);
  }

  private RolloutProcess started(int index, JsonObject tls) {
    try {
      return start(index, tls);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private RolloutProcess start(int index, JsonObject tls) throws Exception {
    if (!votes) {
      return start(ports.get(index), addresses.apply(index), stateDir, tls, changes);
    }
    JsonObject own = changes.copy();
    own.getJsonObject("cluster").put("member", voter(index));
    Path dir = stateDir.resolve("state-" + index);
    return start(ports.get(index), addresses.apply(index), dir, tls, own);
  }

  private static String voter(int index) {
    return "rollout-" + index;
  }

  /** Changes of the settings: so many replicas vote on who leads. */
  static JsonObject voting(int count) {
    JsonArray voters = new JsonArray();
    IntStream.range(0, count).forEach(each -> voters.add(voter(each)));
    return new JsonObject()
        .put("cluster", new JsonObject().put("lease", "raft").put("voters", voters));
  }

  private RolloutProcess start(int port, String bind, Path dir, JsonObject tls, JsonObject changes)
      throws Exception {
    JsonArray hosts = new JsonArray();
    for (int i = 0; i < ports.size(); i++) {
      hosts.add(addresses.apply(i) + ":" + ports.get(i));
    }
    JsonObject cluster =
        new JsonObject()
            .put("bind", bind)
            .put("port", port)
            .put("discovery", new JsonObject().put("static", hosts))
            .put("tls", tls);
    JsonObject retry = new JsonObject().put("retry", new JsonObject().put("max", 0));
    JsonObject settings =
        RolloutProcess.stages("1h")
            .put("server", new JsonObject().put("eventLoops", 2))
            .put("providers", new JsonObject().put("foundry", retry))
            .put("health", new JsonObject().put("minRequests", 1_000_000));
    if (ports.size() > 1) {
      settings.put("cluster", cluster);
    }
    settings.mergeIn(changes.copy(), true);
    return RolloutProcess.start(foundry.url(), legacy.url(), dir, settings);
  }

  /** Changes of the settings: all alerts go to a webhook, too. */
  static JsonObject alerting(String url) {
    JsonObject hook =
        new JsonObject().put("type", "webhook").put("minSeverity", "info").put("url", url);
    return new JsonObject()
        .put("alerts", new JsonObject().put("channels", new JsonArray().add(hook)));
  }

  /** Changes of the settings: clients show one of these keys. */
  static JsonObject keys(String... secrets) throws NoSuchAlgorithmException {
    JsonArray keys = new JsonArray();
    for (String each : secrets) {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(each.getBytes(StandardCharsets.UTF_8));
      keys.add(new JsonObject().put("id", each).put("sha256", HexFormat.of().formatHex(hash)));
    }
    return new JsonObject().put("auth", new JsonObject().put("keys", keys));
  }

  /** The settings of a cluster of one member: all that a member answers is there. */
  static JsonObject alone(Path stateDir) throws IOException {
    int port = FreePorts.next();
    JsonArray members = new JsonArray().add("127.0.0.1:" + port);
    JsonObject cluster =
        new JsonObject()
            .put("port", port)
            .put("discovery", new JsonObject().put("static", members))
            .put("lease", "directory");
    return new JsonObject()
        .put("state", new JsonObject().put("dir", stateDir.toString()))
        .put("cluster", cluster);
  }

  private void foundry(RawOrigin.Call call) throws IOException {
    String status = answers.apply(call);
    if (!call.head().startsWith("POST")) {
      good(call);
    } else if (!status.isEmpty()) {
      call.send("HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\nno".formatted(status));
    } else if (fails.test(asked.getAndIncrement())) {
      failed.incrementAndGet();
      call.send("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno");
    } else {
      good(call);
    }
  }

  private static void good(RawOrigin.Call call) throws IOException {
    String answer = call.head().startsWith("POST /v1/chat") ? CHAT : GOOD;
    call.send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(answer.length(), answer));
  }

  /** From now on Foundry fails for these of the requests that it gets. */
  void fails(IntPredicate these) {
    asked.set(0);
    failed.set(0);
    fails = these;
  }

  /** From now on Foundry answers so, such as {@code 429 Later}; empty = as else. */
  void answers(Function<RawOrigin.Call, String> status) {
    answers = status;
  }

  /** The requests that Foundry has got since {@link #fails}. */
  int asked() {
    return asked.get();
  }

  List<RolloutProcess> replicas() {
    return replicas;
  }

  RolloutProcess replica(int index) {
    return replicas.get(index);
  }

  int clusterPort(int index) {
    return ports.get(index);
  }

  static List<JsonObject> members(RolloutProcess of) {
    return of.get("/api/v1/cluster").getJsonArray("members").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private static boolean heard(List<JsonObject> members) {
    return members.stream().allMatch(each -> each.getString("replica") != null)
        && members.stream().anyMatch(each -> Boolean.TRUE.equals(each.getBoolean("leads")));
  }

  /** The one that says of itself that it leads. */
  static boolean leads(RolloutProcess replica) {
    return members(replica).stream()
        .filter(each -> each.getBoolean("self"))
        .allMatch(each -> Boolean.TRUE.equals(each.getBoolean("leads")));
  }

  @Override
  public void close() throws IOException {
    replicas.forEach(RolloutProcess::close);
    foundry.close();
    legacy.close();
  }
}
