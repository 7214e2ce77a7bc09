package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.huntaze.rollout.canary.CanarySettings;
import com.huntaze.rollout.canary.StageSettings;
import com.huntaze.rollout.cost.PriceListSettings;
import com.huntaze.rollout.settings.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a {@link Loaded} of documents and the layers above them. It keeps the layers, so that the
 * same reader can read the next version of the files.
 */
final class SettingsReader {
  private static final String FIRST_PERCENTAGE = "canary.stages[0].percentage";
  private static final String KEY_HEADER = "X-API-Key";

  /** The variable that holds a document, which is laid over all files. */
  private static final String DOCUMENT_VARIABLE = "ROLLOUT_CONFIG";

  private final Map<String, String> environment;
  private final Layer variables;
  private final Layer flags;
  private final Path baseDir;

  SettingsReader(Map<String, String> environment, Flags flags, Path baseDir) {
    this.environment = Map.copyOf(environment);
    this.variables = LayerReader.environment(this.environment);
    this.flags = LayerReader.flags(flags);
    this.baseDir = baseDir;
  }

  /** Reads a configuration that is one document; see {@link #read(List)}. */
  Loaded read(String name, String text, Source source) {
    return read(List.of(new ConfigDocument(name, text, source)));
  }

  /**
   * Reads documents, each of which is laid over those before, and the price file. Blocks.
   *
   * @throws ConfigException with every problem of the documents and of the layers
   */
  Loaded read(List<ConfigDocument> documents) {
    List<Problem> problems = layerProblems();
    Overlays overlays = overlays(documents);
    Map<String, Source> sources = new LinkedHashMap<>(overlays.sources());
    Placeholders placeholders = new Placeholders(environment, baseDir);
    Binder binder = new Binder(placeholders, sources);
    Source weakest = documents.get(0).source();
    Settings settings = binder.bind(layered(overlays.merged(), sources), weakest);
    binder.problems().forEach(problem -> problems.add(overlays.placed(problem)));
    if (!problems.isEmpty()) {
      throw new ConfigException(problems).dependingOn(placeholders.files());
    }
    Path priceFile = baseDir.resolve(settings.prices()).normalize();
    PriceListSettings prices = prices(priceFile, binder, placeholders);
    return withStart(settings, prices, binder, files(priceFile, placeholders));
  }

  private static PriceListSettings prices(Path file, Binder binder, Placeholders placeholders) {
    boolean optional = binder.sources().get(PriceFile.KEY).kind() == Source.Kind.DEFAULT;
    try {
      return PriceFile.read(file, optional, placeholders);
    } catch (ConfigException refused) {
      throw refused.dependingOn(files(file, placeholders));
    }
  }

  private static Set<Path> files(Path priceFile, Placeholders placeholders) {
    Set<Path> files = new LinkedHashSet<>(placeholders.files());
    files.add(priceFile);
    return files;
  }

  /** Without a part of it nothing can be said of the whole: a broken document refuses it. */
  private Overlays overlays(List<ConfigDocument> documents) {
    List<ConfigDocument> all = new ArrayList<>(documents);
    String variable = environment.getOrDefault(DOCUMENT_VARIABLE, "");
    if (!variable.isBlank()) {
      Source source = Source.environment(DOCUMENT_VARIABLE);
      all.add(new ConfigDocument(DOCUMENT_VARIABLE, variable, source));
    }
    Overlays overlays = new Overlays();
    List<Problem> broken = layerProblems();
    int others = broken.size();
    for (ConfigDocument document : new PriceFileChoice(environment, baseDir).without(all)) {
      try {
        ObjectNode tree = StrictJson.parse(document.name(), document.text());
        overlays.lay(document.name(), tree, document.source());
      } catch (ConfigException e) {
        broken.addAll(e.problems());
      }
    }
    if (broken.size() > others) {
      throw new ConfigException(broken);
    }
    return overlays;
  }

  /** Returns the refusal of everything: the file's problems, and those of the layers as well. */
  ConfigException refusal(ConfigException file) {
    List<Problem> problems = layerProblems();
    problems.addAll(file.problems());
    return new ConfigException(problems);
  }

  private List<Problem> layerProblems() {
    List<Problem> problems = new ArrayList<>(variables.problems());
    problems.addAll(flags.problems());
    return problems;
  }

  private ObjectNode layered(ObjectNode document, Map<String, Source> overridden) {
    addRouterKey(document, overridden);
    variables.applyTo(document, overridden);
    flags.applyTo(document, overridden);
    return document;
  }

  /**
   * The default headers use AI_ROUTER_API_KEY. A file with headers of its own replaces them; if it
   * names no X-API-Key, the variable would be lost in silence, so it is put back.
   */
  private void addRouterKey(ObjectNode document, Map<String, Source> overridden) {
    String key = environment.getOrDefault(LayerReader.ROUTER_KEY, "");
    JsonNode headers = document.at("/providers/foundry/headers");
    if (!key.isEmpty() && headers instanceof ObjectNode object && !namesKey(object)) {
      object.put(KEY_HEADER, "${" + LayerReader.ROUTER_KEY + "}");
      Source source = Source.environment(LayerReader.ROUTER_KEY);
      overridden.put("providers.foundry.headers." + KEY_HEADER, source);
    }
  }

  private static boolean namesKey(ObjectNode headers) {
    return headers.properties().stream()
        .anyMatch(header -> header.getKey().equalsIgnoreCase(KEY_HEADER));
  }

  /**
   * An explicit percentage is the first stage's as long as the ladder still rises; outside of that
   * it only says where a fresh rollout starts.
   */
  private Loaded withStart(
      Settings settings, PriceListSettings prices, Binder binder, Set<Path> files) {
    Map<String, Source> sources = binder.sources();
    Optional<StartPercentage> start = flags.startPercentage().or(variables::startPercentage);
    Settings effective = settings;
    if (start.isPresent() && fitsFirst(settings.canary(), start.get().value())) {
      effective = settings.withCanary(withFirst(settings.canary(), start.get().value()));
      sources.put(FIRST_PERCENTAGE, start.get().source());
    }
    return new Loaded(effective, prices, start, sources, binder.fromFiles(), files, baseDir);
  }

  private static boolean fitsFirst(CanarySettings canary, int percentage) {
    List<StageSettings> stages = canary.stages();
    return percentage >= 1 && (stages.size() == 1 || percentage < stages.get(1).percentage());
  }

  private static CanarySettings withFirst(CanarySettings canary, int percentage) {
    List<StageSettings> stages = new ArrayList<>(canary.stages());
    StageSettings first = stages.get(0);
    stages.set(0, new StageSettings(first.phase(), percentage, first.bake()));
    return new CanarySettings(
        canary.autoStart(), canary.salt(), stages, canary.warmup(), canary.promote());
  }
}
