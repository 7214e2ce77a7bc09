package loadtest;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model behind {@code POST /v1/chat/completions}, streamed and whole, with a ledger of its own.
 *
 * <p>Arguments: port, price file, seed, {@code real} or {@code fixed} tempo, tokens to leave out of
 * the ledger. {@code GET /ledger} tells what it is owed and what it has seen; {@code /health} is
 * what the proxy probes; {@code POST /v1/files} takes a body of any length.
 *
 * <p>A request to {@code /v1/chat/completions?events=N&gap=MILLIS} is answered in that tempo.
 */
public final class Backend {
  private final Vertx vertx;
  private final Ledger ledger;
  private final Profile profile;
  private long started;
  private long open;
  private long brokenOff;
  private long limited;
  private long lastStartedMillis;

  private Backend(Vertx vertx, Ledger ledger, Profile profile) {
    this.vertx = vertx;
    this.ledger = ledger;
    this.profile = profile;
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 5) {
      System.err.println("backend: arguments: port prices seed real|fixed skew");
      System.exit(2);
    }
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    Ledger ledger =
        new Ledger(new JsonObject(Files.readString(Path.of(args[1]))), Long.parseLong(args[4]));
    Profile profile = new Profile(Long.parseLong(args[2]), args[3].equals("fixed"));
    Backend backend = new Backend(vertx, ledger, profile);
    HttpServerOptions options = new HttpServerOptions().setIdleTimeout(0).setAcceptBacklog(8_192);
    vertx.runOnContext(
        start ->
            vertx
                .createHttpServer(options)
                .requestHandler(backend::answer)
                .listen(Integer.parseInt(args[0]), "127.0.0.1")
                .onFailure(
                    failure -> {
                      System.err.println("backend: " + failure.getMessage());
                      System.exit(1);
                    }));
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/health" -> request.response().end("{\"status\":\"healthy\"}");
      case "/ledger" -> request.response().end(state().encode());
      case "/v1/files" -> request.handler(piece -> {}).endHandler(all -> request.response().end("{\"id\":\"file-1\"}"));
      default -> request.bodyHandler(body -> complete(request, body));
    }
  }

  private JsonObject state() {
    return new JsonObject()
        .put("models", ledger.json())
        .put("started", started)
        .put("open", open)
        .put("brokenOff", brokenOff)
        .put("limited", limited)
        .put("lastStartedMillis", lastStartedMillis);
  }

  private void complete(HttpServerRequest request, Buffer body) {
    started++;
    lastStartedMillis = System.currentTimeMillis();
    HttpServerResponse response = request.response().putHeader("content-type", "application/json");
    if (profile.limited()) {
      limited++;
      response.setStatusCode(429).putHeader("retry-after", "1");
      response.end("{\"error\":{\"message\":\"slow down\",\"code\":\"rate_limit_exceeded\"}}");
      return;
    }
    JsonObject ask = body.toJsonObject();
    String model = ask.getString("model", "");
    if (!ledger.knows(model)) {
      response.setStatusCode(404).end("{\"error\":{\"message\":\"no such model\"}}");
      return;
    }
    int events = number(request, "events", profile.events());
    Answer answer = new Answer(response, model, body.length() / 4 + 1, events);
    open++;
    response.closeHandler(closed -> answer.left());
    int gap = number(request, "gap", profile.gap());
    boolean stream = Boolean.TRUE.equals(ask.getBoolean("stream"));
    int first = profile.firstToken();
    if (stream) {
      response.putHeader("content-type", "text/event-stream").setChunked(true);
      answer.write("{\"role\":\"assistant\",\"content\":\"\"}", "null");
      later(first, () -> answer.next(gap));
    } else {
      later(first, answer::whole);
    }
  }

  private static int number(HttpServerRequest request, String name, int otherwise) {
    String value = request.getParam(name);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  private void later(int millis, Runnable action) {
    if (millis <= 0) {
      action.run();
    } else {
      vertx.setTimer(millis, fired -> action.run());
    }
  }

  /** One answer under way. A token is an event. */
  private final class Answer {
    private final HttpServerResponse response;
    private final String model;
    private final int input;
    private final int events;
    private int sent;
    private boolean over;

    Answer(HttpServerResponse response, String model, int input, int events) {
      this.response = response;
      this.model = model;
      this.input = input;
      this.events = events;
    }

    void left() {
      if (!over) {
        over = true;
        open--;
        brokenOff++;
      }
    }

    void write(String delta, String reason) {
      event(
          "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + reason + "}]");
    }

    private void event(String rest) {
      response.write(
          "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\""
              + model
              + "\","
              + rest
              + "}\n\n");
    }

    void next(int gap) {
      if (over) {
        return;
      }
      sent++;
      write("{\"content\":\"word " + System.currentTimeMillis() + " \"}", "null");
      if (sent < events) {
        later(gap, () -> next(gap));
        return;
      }
      write("{}", "\"stop\"");
      event("\"choices\":[],\"usage\":" + usage());
      response.write("data: [DONE]\n\n");
      enter();
      response.end();
    }

    void whole() {
      if (over) {
        return;
      }
      JsonObject message =
          new JsonObject().put("role", "assistant").put("content", "word ".repeat(events));
      JsonObject choice =
          new JsonObject().put("index", 0).put("message", message).put("finish_reason", "stop");
      JsonObject all =
          new JsonObject()
              .put("id", "chatcmpl-1")
              .put("object", "chat.completion")
              .put("model", model)
              .put("choices", new JsonArray().add(choice))
              .put("usage", usage());
      enter();
      response.end(all.encode());
    }

    private JsonObject usage() {
      return new JsonObject()
          .put("prompt_tokens", input)
          .put("completion_tokens", events)
          .put("total_tokens", input + events);
    }

    private void enter() {
      over = true;
      open--;
      ledger.enter(model, input, events);
    }
  }
}
