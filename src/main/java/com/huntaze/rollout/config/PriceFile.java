package com.huntaze.rollout.config;

import com.huntaze.rollout.cost.PriceListSettings;
import com.huntaze.rollout.settings.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Reads the price file as strictly as the configuration. */
final class PriceFile {
  /** The setting that names it. */
  static final String KEY = "prices";

  private PriceFile() {}

  /**
   * The prices in {@code file}. Blocks.
   *
   * @param optional whether it may be missing: then no price is known
   * @throws ConfigException with every problem, each with the file's name
   */
  static PriceListSettings read(Path file, boolean optional, Placeholders placeholders) {
    String name = file.getFileName().toString();
    String text;
    try {
      text = StrictJson.decode(name, bytes(file, name));
    } catch (NoSuchFileException missing) {
      if (optional) {
        return PriceListSettings.EMPTY;
      }
      throw refused(name, "no such file");
    } catch (IOException unreadable) {
      throw refused(name, "not readable");
    }
    Binder binder = new Binder(placeholders, Map.of());
    Object prices =
        binder.bind(SettingModel.PRICES, StrictJson.parse(name, text), Source.file(name));
    if (prices == null) {
      throw new ConfigException(
          binder.problems().stream().map(problem -> inFile(problem, name)).toList());
    }
    return (PriceListSettings) prices;
  }

  private static Problem inFile(Problem problem, String name) {
    return new Problem(name + ": " + problem.path(), problem.value(), problem.expectation());
  }

  private static byte[] bytes(Path file, String name) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw refused(name, "not a file");
    }
    if (Files.exists(file) && Files.size(file) > StrictJson.MAX_BYTES) {
      throw refused(name, "larger than 1 MiB");
    }
    return Files.readAllBytes(file);
  }

  private static ConfigException refused(String name, String sentence) {
    return new ConfigException(Problem.sentence(name, sentence));
  }
}
