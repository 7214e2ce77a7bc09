package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.Receipt;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.trace.AttemptSpan;
import com.huntaze.rollout.trace.ExchangeSpan;
import com.huntaze.rollout.trace.Operation;
import com.huntaze.rollout.trace.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/** An exchange's span. What it tells stands in the exchange's receipt: no body, query or field. */
final class ServerSpan implements ExchangeSpan {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Tracer tracer;
  private final Span span;
  private final TraceParent context;
  private final String method;
  private final String scheme;
  private final Operation operation;
  private final BoundedLabels models;
  private String requestModel;

  ServerSpan(
      Tracer tracer, Span span, String method, String path, String scheme, BoundedLabels models) {
    this.tracer = tracer;
    this.span = span;
    this.context = OtlpTracing.context(span);
    this.method = method;
    this.scheme = scheme;
    this.operation = Operation.of(method, path);
    this.models = models;
  }

  @Override
  public TraceParent context() {
    return context;
  }

  @Override
  public AttemptSpan attempt(Provider provider, String host, int port, String model, int resent) {
    requestModel = model;
    Span attempt =
        tracer
            .spanBuilder(attemptName(model))
            .setSpanKind(SpanKind.CLIENT)
            .setParent(Context.root().with(span))
            .startSpan();
    if (attempt.isRecording()) {
      attempt.setAttribute(SpanNames.METHOD, SpanNames.method(method));
      attempt.setAttribute(SpanNames.SERVER_ADDRESS, host);
      attempt.setAttribute(SpanNames.SERVER_PORT, (long) port);
      attempt.setAttribute(SpanNames.PROVIDER, provider.label());
      if (resent > 0) {
        attempt.setAttribute(SpanNames.RESENT, (long) resent);
      }
      describe(attempt, provider);
    }
    return new ClientSpan(attempt);
  }

  /** The conventions' {@code {operation} {model}}; callers name models, so few of them count. */
  private String attemptName(String model) {
    if (operation == null) {
      return SpanNames.inName(method);
    }
    return model == null ? operation.label() : operation.label() + " " + models.of(model);
  }

  private void describe(Span of, Provider provider) {
    if (operation != null) {
      of.setAttribute(SpanNames.OPERATION, operation.label());
      of.setAttribute(SpanNames.GEN_AI_PROVIDER, SpanNames.genAi(provider));
      text(of, SpanNames.REQUEST_MODEL, requestModel);
    }
  }

  private static void text(Span span, AttributeKey<String> name, String value) {
    if (value != null) {
      span.setAttribute(name, value);
    }
  }

  @Override
  public void end(Receipt receipt) {
    if (span.isRecording()) {
      request(receipt);
      answer(receipt);
      if (receipt.provider() != null) {
        describe(span, receipt.provider());
        span.setAttribute(SpanNames.PROVIDER, receipt.provider().label());
        span.setAttribute(SpanNames.REASON, receipt.reason());
        span.setAttribute(SpanNames.FALLBACK, receipt.fallback());
        span.setAttribute(SpanNames.ATTEMPTS, (long) receipt.attempts());
        text(span, SpanNames.OUTCOME, receipt.outcome());
        served(span, receipt.served());
        consumption(span, receipt.usage(), receipt.cost());
      }
    }
    span.end();
  }

  private void request(Receipt receipt) {
    String route = receipt.request().route();
    int space = route.indexOf(' ');
    if (space > 0) {
      String path = route.substring(space + 1);
      span.setAttribute(SpanNames.ROUTE, path);
      span.updateName(SpanNames.inName(method) + " " + path);
    }
    span.setAttribute(SpanNames.METHOD, SpanNames.method(method));
    text(span, SpanNames.URL_PATH, receipt.request().path());
    text(span, SpanNames.URL_SCHEME, scheme);
    span.setAttribute(SpanNames.BODY_SIZE, receipt.request().bytes());
    span.setAttribute(SpanNames.CORRELATION_ID, receipt.correlationId());
    text(span, SpanNames.KEY_ID, receipt.caller().keyId());
    text(span, SpanNames.TIER, receipt.caller().tier());
    text(span, SpanNames.AGENT, receipt.caller().agent());
  }

  /** An error is what is ours or a provider's: a caller's 4xx and a hang-up are none (HTTP). */
  private void answer(Receipt receipt) {
    span.setAttribute(SpanNames.ENDING, receipt.ending());
    if (receipt.status() > 0) {
      span.setAttribute(SpanNames.STATUS, (long) receipt.status());
    }
    if (receipt.firstContentNanos() >= 0) {
      span.setAttribute(SpanNames.FIRST_CONTENT, receipt.firstContentNanos() / NANOS_PER_MILLI);
    }
    if (receipt.status() >= 500) {
      failed(span, Integer.toString(receipt.status()));
    } else if (receipt.ending().equals("upstream_failed") && receipt.status() < 400) {
      failed(span, receipt.outcome() == null ? receipt.ending() : receipt.outcome());
    }
  }

  static void failed(Span span, String type) {
    span.setAttribute(SpanNames.ERROR_TYPE, type);
    span.setStatus(StatusCode.ERROR);
  }

  static void served(Span span, Receipt.Served served) {
    text(span, SpanNames.RESPONSE_MODEL, served.model());
    text(span, SpanNames.DEPLOYMENT, served.deployment());
    text(span, SpanNames.REGION, served.region());
    span.setAttribute(SpanNames.STREAM, served.stream());
  }

  static void consumption(Span span, Usage usage, Cost cost) {
    if (usage != null) {
      span.setAttribute(SpanNames.INPUT_TOKENS, usage.inputTokens());
      span.setAttribute(SpanNames.OUTPUT_TOKENS, usage.outputTokens());
    }
    span.setAttribute(SpanNames.COST_KIND, cost.kind().label());
    if (cost.known().isPresent()) {
      span.setAttribute(SpanNames.COST_USD, (double) cost.nanoUsd() / NanoUsd.PER_USD);
    }
  }
}
