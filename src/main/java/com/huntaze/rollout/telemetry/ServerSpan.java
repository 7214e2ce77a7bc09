package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.NanoUsd;
import com.huntaze.rollout.cost.Usage;
import com.huntaze.rollout.exchange.ExchangeRecord;
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

/** An exchange's span. What it tells stands in the exchange's record: no body, query or field. */
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
  public void end(ExchangeRecord record) {
    if (span.isRecording()) {
      request(record);
      answer(record);
      if (record.provider() != null) {
        describe(span, record.provider());
        span.setAttribute(SpanNames.PROVIDER, record.provider().label());
        span.setAttribute(SpanNames.REASON, record.reason());
        span.setAttribute(SpanNames.FALLBACK, record.fallback());
        span.setAttribute(SpanNames.ATTEMPTS, (long) record.attempts());
        text(span, SpanNames.OUTCOME, record.outcome());
        served(span, record.served());
        consumption(span, record.usage(), record.cost());
      }
    }
    span.end();
  }

  private void request(ExchangeRecord record) {
    String route = record.request().route();
    int space = route.indexOf(' ');
    if (space > 0) {
      String path = route.substring(space + 1);
      span.setAttribute(SpanNames.ROUTE, path);
      span.updateName(SpanNames.inName(method) + " " + path);
    }
    span.setAttribute(SpanNames.METHOD, SpanNames.method(method));
    text(span, SpanNames.URL_PATH, record.request().path());
    text(span, SpanNames.URL_SCHEME, scheme);
    span.setAttribute(SpanNames.BODY_SIZE, record.request().bytes());
    span.setAttribute(SpanNames.CORRELATION_ID, record.correlationId());
    text(span, SpanNames.KEY_ID, record.caller().keyId());
    text(span, SpanNames.TIER, record.caller().tier());
    text(span, SpanNames.AGENT, record.caller().agent());
  }

  /** An error is what is ours or a provider's: a caller's 4xx and a hang-up are none (HTTP). */
  private void answer(ExchangeRecord record) {
    span.setAttribute(SpanNames.ENDING, record.ending());
    if (record.status() > 0) {
      span.setAttribute(SpanNames.STATUS, (long) record.status());
    }
    if (record.firstContentNanos() >= 0) {
      span.setAttribute(SpanNames.FIRST_CONTENT, record.firstContentNanos() / NANOS_PER_MILLI);
    }
    if (record.status() >= 500) {
      failed(span, Integer.toString(record.status()));
    } else if (record.ending().equals("upstream_failed") && record.status() < 400) {
      failed(span, record.outcome() == null ? record.ending() : record.outcome());
    }
  }

  static void failed(Span span, String type) {
    span.setAttribute(SpanNames.ERROR_TYPE, type);
    span.setStatus(StatusCode.ERROR);
  }

  static void served(Span span, ExchangeRecord.Served served) {
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
    if (cost.isKnown()) {
      span.setAttribute(SpanNames.COST_USD, (double) cost.nanoUsd() / NanoUsd.PER_USD);
    }
  }
}
