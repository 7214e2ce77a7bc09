package com.huntaze.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.app.RolloutProxy;
import com.huntaze.rollout.app.RolloutVerticle;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryState;
import com.huntaze.rollout.canary.Transition;
import com.huntaze.rollout.control.CanaryClient;
import com.huntaze.rollout.control.RolloutClient;
import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.judge.RollbackController;
import com.huntaze.rollout.judge.RollbackDecision;
import com.huntaze.rollout.judge.RollbackStatus;
import com.huntaze.rollout.judge.window.ModelMetrics;
import com.huntaze.rollout.judge.window.ProviderMetrics;
import com.huntaze.rollout.provider.AgentRegistry;
import com.huntaze.rollout.traffic.TrafficMetrics;
import com.huntaze.rollout.traffic.TrafficSplitter;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No name on the wire changes unnoticed: what others have written into their files, dashboards,
 * scripts and verticles. Each test fails with the names; metric names, response fields and what is
 * published are compared by {@code RecordingIT}, for they are there in a running proxy alone.
 */
class WireNamesTest {
  private static final Pattern VARIABLE = Pattern.compile("\"(AI_[A-Z_]+)\"|\\$\\{([A-Z_]+)[:}]");
  private static final Pattern DATA_PATH = Pattern.compile("\"(?:POST )?(/readyz|/v1/[a-z]+/?)\"");

  /** The names of the seed's document, under the names that they have here. */
  private static final List<Class<?>> SEED =
      List.of(
          TrafficSplitter.class,
          TrafficMetrics.class,
          RollbackController.class,
          RollbackDecision.class,
          RollbackStatus.class,
          AgentRegistry.class,
          ProviderMetrics.class,
          ModelMetrics.class,
          CanaryState.class);

  private static final List<Class<?>> API =
      List.of(
          CanaryClient.class,
          CanaryClient.Decision.class,
          CanaryClient.Outcome.class,
          RolloutClient.class,
          RolloutProxy.class,
          RolloutVerticle.class);

  private static void check(String section, TreeSet<String> present) {
    if (Boolean.getBoolean("config.rewrite")) {
      WireNames.addNew(section, present);
    }
    assertThat(WireNames.problems(section, present)).isEmpty();
  }

  @Test
  void configurationKeys() throws IOException {
    TreeSet<String> keys = new TreeSet<>();
    collectKeys(new JsonObject(Files.readString(Path.of("conf/proxy.schema.json"))), "", keys);
    check("configuration keys", keys);
  }

  private static void collectKeys(JsonObject schema, String path, TreeSet<String> keys) {
    JsonObject properties = schema.getJsonObject("properties");
    if (properties != null) {
      for (String key : properties.fieldNames()) {
        String inner = path.isEmpty() ? key : path + "." + key;
        keys.add(inner);
        collectKeys(properties.getJsonObject(key), inner, keys);
      }
    }
    if (schema.getValue("items") instanceof JsonObject items) {
      collectKeys(items, path + "[]", keys);
    }
    if (schema.getValue("additionalProperties") instanceof JsonObject values) {
      collectKeys(values, path + ".<name>", keys);
    }
    if (schema.containsKey("anyOf")) {
      schema.getJsonArray("anyOf").forEach(option -> collectKeys((JsonObject) option, path, keys));
    }
  }

  @Test
  void environmentVariables() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    Set<String> packages = new TreeSet<>(Feature.requestPath());
    packages.addAll(Set.of("config", "admin"));
    for (String source : sources(packages)) {
      VARIABLE
          .matcher(source)
          .results()
          .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
          .filter(name -> !name.equals("NAME"))
          .forEach(names::add);
    }
    check("environment variables", names);
  }

  @Test
  void adminPaths() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    JsonObject api =
        new JsonObject(Files.readString(Path.of("src", "main", "resources", "openapi.json")));
    for (Map.Entry<String, Object> path : api.getJsonObject("paths")) {
      for (String method : ((JsonObject) path.getValue()).fieldNames()) {
        names.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    check("paths of the admin port", names);
  }

  @Test
  void dataPaths() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    Set<String> packages = new TreeSet<>(Feature.requestPath());
    packages.add("route");
    for (String source : sources(packages)) {
      DATA_PATH.matcher(source).results().map(found -> found.group(1)).forEach(names::add);
    }
    check("paths of the data port", names);
  }

  @Test
  void busAddresses() throws IOException, ReflectiveOperationException {
    TreeSet<String> names = new TreeSet<>();
    for (Path file : files(Set.of(""))) {
      if (file.toString().endsWith("Addresses.java")) {
        Path type = Path.of("src", "main", "java").relativize(file);
        String name = type.toString().replace(".java", "").replace('/', '.');
        constants(Class.forName(name)).filter(it -> it.startsWith("rollout.")).forEach(names::add);
      }
    }
    check("bus addresses", names);
  }

  @Test
  void headerNames() throws ReflectiveOperationException {
    TreeSet<String> names = new TreeSet<>();
    constants(Class.forName("com.huntaze.rollout.http.HeaderNames")).forEach(names::add);
    check("headers that the data port knows", names);
  }

  /** The texts of a type's constants. */
  private static Stream<String> constants(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .filter(field -> CharSequence.class.isAssignableFrom(field.getType()))
        .map(WireNamesTest::text);
  }

  private static String text(Field field) {
    try {
      field.setAccessible(true);
      return String.valueOf(field.get(null));
    } catch (IllegalAccessException closed) {
      throw new AssertionError(closed);
    }
  }

  @Test
  void accessLogFields() throws ReflectiveOperationException {
    ExchangeRecord record =
        new ExchangeRecord(
            0,
            "id",
            null,
            null,
            false,
            new ExchangeRecord.Request("POST", "/route", "POST /route", 2),
            new Caller(null, null, null),
            null,
            null,
            false,
            ExchangeRecord.Served.NOTHING,
            404,
            "refused",
            null,
            0,
            1,
            -1,
            -1,
            List.of());
    Method of =
        Class.forName("com.huntaze.rollout.telemetry.AccessLine")
            .getDeclaredMethod("of", ExchangeRecord.class, boolean.class);
    of.setAccessible(true);
    JsonObject line = new JsonObject((String) of.invoke(null, record, true));
    check("fields of the access log", new TreeSet<>(line.fieldNames()));
  }

  @Test
  void errorCodes() {
    check("error codes", names(ErrorCode.values(), UnaryOperator.identity()));
  }

  @Test
  void alertKinds() {
    check("alert kinds", names(Alert.Kind.values(), name -> name.toLowerCase(Locale.ROOT)));
  }

  @Test
  void transitions() {
    check("transitions", names(Transition.Action.values(), name -> name.toLowerCase(Locale.ROOT)));
  }

  private static TreeSet<String> names(Enum<?>[] constants, UnaryOperator<String> spelling) {
    TreeSet<String> names = new TreeSet<>();
    Arrays.stream(constants).map(Enum::name).map(spelling).forEach(names::add);
    return names;
  }

  @Test
  void typesOfTheSeedAndTheirMethods() {
    TreeSet<String> names = new TreeSet<>();
    for (Class<?> type : SEED) {
      Arrays.stream(type.getDeclaredMethods())
          .filter(method -> Modifier.isPublic(method.getModifiers()))
          .forEach(method -> names.add(name(type) + "." + method.getName()));
    }
    // They have methods of our own, too, which may come and go.
    names.retainAll(WireNames.sections().get("types of the seed"));
    check("types of the seed", names);
  }

  @Test
  void typesThatOthersCompileAgainst() {
    TreeSet<String> names = new TreeSet<>();
    for (Class<?> type : API) {
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !ofEveryObject(method)) {
          names.add(name(type) + "." + signature(method));
        }
      }
    }
    check("types that others compile against", names);
  }

  private static String name(Class<?> type) {
    return type.getName().replaceAll(".*\\.", "").replace('$', '.');
  }

  private static boolean ofEveryObject(Method method) {
    return Arrays.stream(Object.class.getMethods())
        .anyMatch(every -> every.getName().equals(method.getName()));
  }

  private static String signature(Method method) {
    List<String> parameters =
        Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList();
    return method.getName() + "(" + String.join(", ", parameters) + ")";
  }

  @Test
  void aRemovedNameAndANewOneAreToldByName() {
    TreeSet<String> present = new TreeSet<>(WireNames.sections().get("error codes"));
    present.remove("TIMEOUT");
    present.add("TOO_LATE");
    assertThat(WireNames.problems("error codes", present))
        .containsExactly(
            "removed from [error codes]: TIMEOUT (names on the wire stay; users rely on them)",
            "new in [error codes]: TOO_LATE (add this line to src/test/resources/wire-names.txt)");
  }

  private static List<String> sources(Set<String> packages) throws IOException {
    return files(packages).stream().map(Fixtures::text).toList();
  }

  private static TreeSet<Path> files(Set<String> packages) throws IOException {
    Path root = Path.of("src", "main", "java", "com", "huntaze", "rollout");
    TreeSet<Path> files = new TreeSet<>();
    for (String name : packages) {
      try (Stream<Path> found = Files.walk(root.resolve(name))) {
        found.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
      }
    }
    return files;
  }
}
