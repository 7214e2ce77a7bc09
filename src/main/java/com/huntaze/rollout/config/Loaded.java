package com.huntaze.rollout.config;

import com.huntaze.rollout.cost.PriceListSettings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A valid configuration and where it comes from. A reload makes another one.
 *
 * @param settings the effective values
 * @param prices the price file's content
 * @param startPercentage the percentage asked for by variable or flag, if any
 * @param sources the source of each value by its path ({@code canary.stages[0].bake}), in the order
 *     of the records; a list of plain values is one value
 * @param fromFiles the paths of values that a file was filled into: secrets, wherever they stand
 * @param files the files beside the configuration's own that were read or looked for: a change of
 *     one is a change of the configuration
 * @param baseDir what relative paths in the settings are relative to: the file's directory
 */
public record Loaded(
    Settings settings,
    PriceListSettings prices,
    Optional<StartPercentage> startPercentage,
    Map<String, Source> sources,
    Set<String> fromFiles,
    Set<Path> files,
    Path baseDir) {

  /** Copies map and sets, so that the record never changes. */
  public Loaded {
    sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    fromFiles = Set.copyOf(fromFiles);
    files = Set.copyOf(files);
  }

  /** The percentage asked for by variable or flag, 0..100, or empty. */
  public OptionalInt explicitPercentage() {
    return startPercentage.stream().mapToInt(StartPercentage::value).findFirst();
  }

  /** The absolute path of a file named in the settings. */
  public Path resolve(String file) {
    return baseDir.resolve(file).normalize();
  }
}
