package com.huntaze.rollout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.exchange.Activity;
import com.huntaze.rollout.watch.FileWatch;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The paths of {@code openapi.json} are those of the admin port's router. */
class OpenApiDriftTest {
  private static final Path FILE = Path.of("src", "main", "resources", "openapi.json");

  private Vertx vertx;
  private WebFiles files;
  private Map<String, Set<String>> routed;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    files = WebFiles.read();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Activity activity = new Activity(1);
    AdminSettings settings =
        new AdminSettings("127.0.0.1", 0, "", List.of(), null, List.of("localhost"), null);
    AdminParts parts =
        new AdminParts(
            new Bus(vertx, ""),
            new FileWatch(vertx),
            settings,
            null,
            "1",
            registry,
            null,
            activity,
            () -> null,
            true,
            () -> true);
    EventHub hub = new EventHub(vertx, EventLimits.USUAL, registry);
    routed =
        methods(
            AdminRoutes.of(
                vertx,
                parts,
                new AdminGuard(settings),
                new AdminConnections(1),
                hub,
                files,
                new TrafficFigures(activity)));
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  /** The methods of each path; the routes that refuse the others have none. */
  private static Map<String, Set<String>> methods(Router router) {
    Map<String, Set<String>> methods = new TreeMap<>();
    for (Route route : router.getRoutes()) {
      if (route.getPath() != null && route.methods() != null) {
        Set<String> of = methods.computeIfAbsent(route.getPath(), path -> new TreeSet<>());
        route.methods().stream().map(HttpMethod::name).forEach(of::add);
      }
    }
    return methods;
  }

  private static JsonObject description() throws IOException {
    return new JsonObject(Files.readString(FILE));
  }

  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute() throws IOException {
    Map<String, Set<String>> described = new TreeMap<>();
    JsonObject paths = description().getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      Set<String> methods = new TreeSet<>();
      paths.getJsonObject(path).fieldNames().forEach(name -> methods.add(name.toUpperCase()));
      described.put(path, methods);
    }
    Map<String, Set<String>> served = new TreeMap<>(routed);
    // The description has the page; what files it consists of is the page's business.
    files.byPath().keySet().stream().filter(path -> !path.equals("/")).forEach(served::remove);
    served
        .values()
        .forEach(
            methods ->
                // It says once that HEAD is taken wherever GET is.
                assertThat(methods.remove("HEAD")).isEqualTo(methods.contains("GET")));
    assertThat(described).isEqualTo(served);
  }

  @Test
  void theFileOfTheJarIsTheOneThatIsServed() throws IOException {
    assertThat(files.openApi().plain()).isEqualTo(Buffer.buffer(Files.readAllBytes(FILE)));
    assertThat(files.openApi().type()).isEqualTo("application/json");
  }
}
