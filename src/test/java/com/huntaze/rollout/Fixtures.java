package com.huntaze.rollout;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The test data of old versions, see {@code src/test/resources/fixtures/README.md}. */
public final class Fixtures {
  /** Below here every version has a folder. */
  public static final Path ROOT = Path.of("src", "test", "resources", "fixtures").toAbsolutePath();

  private Fixtures() {}

  /** The folders of all versions. */
  public static List<Path> versions() {
    List<Path> versions = list(ROOT).stream().filter(Files::isDirectory).toList();
    if (versions.isEmpty()) {
      throw new AssertionError("no version under " + ROOT);
    }
    return versions;
  }

  /** The state directories of all versions. */
  public static Stream<Path> states() {
    return versions().stream()
        .flatMap(version -> list(version.resolve("state")).stream())
        .filter(Files::isDirectory);
  }

  /** The entries of a folder, by name. */
  public static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The files of a folder and those below whose names match a glob. */
  public static List<Path> files(Path folder, String glob) {
    try (Stream<Path> files = Files.walk(folder)) {
      var matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      return files.filter(file -> matcher.matches(file.getFileName())).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A file's text. */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A file's JSON: an object or a list. */
  public static Object json(Path file) {
    return Json.decodeValue(text(file));
  }

  /** A file's JSON object. */
  public static JsonObject object(Path file) {
    return (JsonObject) json(file);
  }

  /** A file's list of JSON objects. */
  public static List<JsonObject> objects(Path file) {
    return ((JsonArray) json(file)).stream().map(JsonObject.class::cast).toList();
  }

  /** A copy of a state directory that a test may write to. */
  public static Path copy(Path folder, Path target) {
    try {
      Files.createDirectories(target);
      for (Path file : list(folder)) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
      return target;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
