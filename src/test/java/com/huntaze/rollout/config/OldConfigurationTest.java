package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Fixtures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of old versions mean today what they have meant then. */
class OldConfigurationTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("FIXTURE_CERTIFICATE", "/c.pem", "FIXTURE_KEY", "/k.pem");

  /** Texts of their placeholders, which were other ones when the data was made. */
  private static final String OF_TLS = ".*\\.tls\\.(certificate|key|ca)";

  static Stream<Path> files() {
    return Fixtures.versions().stream()
        .flatMap(
            version ->
                Stream.of("proxy", "demo", "every-key").map(version.resolve("conf")::resolve));
  }

  static Stream<Path> versions() {
    return Fixtures.versions().stream();
  }

  private static Map<String, Object> effective(Path file) {
    return new LinkedHashMap<>(Fixtures.object(beside(file, ".effective.json")).getMap());
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static Loaded load(Path file) throws IOException {
    Path json = beside(file, ".json");
    return new SettingsReader(ENVIRONMENT, Flags.NONE, json.getParent())
        .read("x.json", Files.readString(json), Source.file("x.json"));
  }

  /** As JSON has it: numbers of one kind, lists in place of arrays. */
  private static Object plain(Object value) {
    return new JsonObject(new JsonObject().put("value", value).encode()).getValue("value");
  }

  /** The default that has grown by fields that nobody had asked for: what was found still is. */
  private static boolean isLonger(String path, Object now, Object then) {
    String older = String.valueOf(plain(then)).replaceAll("\\]$", "");
    return path.equals("userKeyFields") && String.valueOf(plain(now)).startsWith(older);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyValueIsAsItWasThen(Path file) throws IOException {
    Map<String, Object> now = new LinkedHashMap<>();
    EffectiveConfig.values(load(file)).forEach(value -> now.put(value.path(), value.shown()));
    Map<String, Object> differ = new LinkedHashMap<>();
    effective(file)
        .forEach(
            (path, value) -> {
              Object then = value instanceof java.util.List<?> list ? new JsonArray(list) : value;
              if (!now.containsKey(path)) {
                differ.put(path, "gone");
              } else if (!path.matches(OF_TLS)
                  && !isLonger(path, now.get(path), then)
                  && !Objects.equals(plain(now.get(path)), plain(then))) {
                differ.put(path, now.get(path) + " (expected: " + then + ")");
              }
            });
    assertThat(differ).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatIsNewHasTodaysDefault(Path file) throws IOException {
    Loaded loaded = load(file);
    Map<String, Object> then = effective(file);
    Map<String, Source> added = new LinkedHashMap<>(loaded.sources());
    added.keySet().removeAll(then.keySet());
    assertThat(added.values()).containsOnly(Source.DEFAULT);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void oneFileOfEachVersionChangesEveryKeyOfTheVersion(Path version) {
    JsonObject shipped = Fixtures.object(version.resolve("conf/proxy.json"));
    JsonObject changed = Fixtures.object(version.resolve("conf/every-key.json"));
    TreeSet<String> unchanged = new TreeSet<>();
    collectUnchanged(shipped, changed, "", unchanged);
    assertThat(unchanged).containsExactly("$schema");
  }

  private static void collectUnchanged(
      JsonObject shipped, JsonObject changed, String prefix, TreeSet<String> unchanged) {
    for (String key : shipped.fieldNames()) {
      Object before = shipped.getValue(key);
      Object after = changed.getValue(key);
      if (before instanceof JsonObject inner
          && after instanceof JsonObject other
          && !key.equals("headers")
          && !key.equals("agents")) {
        collectUnchanged(inner, other, prefix + key + ".", unchanged);
      } else if (after == null || after.equals(before)) {
        unchanged.add(prefix + key);
      }
    }
  }
}
