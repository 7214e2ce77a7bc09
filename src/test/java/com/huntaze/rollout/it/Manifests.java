package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The manifests of a folder of {@code deploy}, as processes on one machine need them. */
final class Manifests {
  private static final Path DOCUMENT = Path.of("docs", "kubernetes.md");
  private static final String TO_JSON =
      "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))";

  private final Path folder;

  Manifests(String folder) {
    this.folder = Path.of("deploy", folder);
  }

  private JsonObject object(String file) throws Exception {
    Path yaml = folder.resolve(file).toAbsolutePath();
    String json = run(Path.of(""), List.of("/usr/bin/python3", "-c", TO_JSON, yaml.toString()));
    return new JsonArray(json).getJsonObject(0);
  }

  private static String run(Path place, List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .directory(place.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output;
  }

  /** The overlays of the ConfigMap, by their names. */
  Map<String, String> overlays() throws Exception {
    Map<String, String> overlays = new LinkedHashMap<>();
    object("configuration.yaml")
        .getJsonObject("data")
        .forEach(entry -> overlays.put(entry.getKey(), (String) entry.getValue()));
    return overlays;
  }

  /** The container of the StatefulSet. */
  JsonObject container() throws Exception {
    return object("statefulset.yaml")
        .getJsonObject("spec")
        .getJsonObject("template")
        .getJsonObject("spec")
        .getJsonArray("containers")
        .getJsonObject(0);
  }

  /** The names of its first pods. */
  List<String> pods(int count) throws Exception {
    String set = object("statefulset.yaml").getJsonObject("metadata").getString("name");
    return IntStream.range(0, count).mapToObj(i -> set + "-" + i).toList();
  }

  /** True where each pod has a volume of its own; else all share one. */
  boolean haveVolumesOfTheirOwn() throws Exception {
    return object("statefulset.yaml").getJsonObject("spec").containsKey("volumeClaimTemplates");
  }

  /** Makes the certificates in a folder, by the commands of the document. */
  static void certificates(Path place) throws Exception {
    List<String> commands = commands("");
    assertThat(commands).hasSize(3);
    for (String command : commands) {
      run(place, List.of("bash", "-c", command));
    }
  }

  /** Another certificate of the same authority. */
  static void renew(Path place) throws Exception {
    for (String command : commands("tls.csr")) {
      run(place, List.of("bash", "-c", command));
    }
  }

  private static List<String> commands(String with) throws IOException {
    return Files.readString(DOCUMENT)
        .lines()
        .filter(line -> line.startsWith("openssl ") && line.contains(with))
        .toList();
  }

  /** The serial number of the certificate that a member shows to another one. */
  static String serial(String address, int port, Path certificates) {
    String asks =
        "openssl s_client -connect %s:%d -CAfile ca.crt -cert tls.crt -key tls.key </dev/null"
            + " 2>/dev/null | openssl x509 -noout -serial";
    try {
      return run(certificates, List.of("bash", "-c", asks.formatted(address, port))).strip();
    } catch (Exception refused) {
      throw new AssertionError(refused);
    }
  }
}
