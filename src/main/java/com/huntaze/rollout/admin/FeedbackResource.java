package com.huntaze.rollout.admin;

import com.huntaze.rollout.quality.FeedbackBook;
import com.huntaze.rollout.quality.Subject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * {@code GET /api/v1/feedback?by=provider|model|agent}: what callers think of the answers of both
 * providers, side by side.
 */
final class FeedbackResource {
  private static final int SHOWN = 64;

  private final FeedbackBook book;

  FeedbackResource(FeedbackBook book) {
    this.book = book;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/feedback", this::get);
  }

  private void get(RoutingContext context) {
    String by = context.request().getParam("by", Subject.PROVIDER.label());
    Optional<Subject> subject = Subject.of(by);
    if (subject.isPresent()) {
      JsonAnswer.send(
          context,
          FeedbackJson.of(book.summary(subject.get(), System.currentTimeMillis()), subject.get()));
    } else {
      String shown = by.length() > SHOWN ? by.substring(0, SHOWN) : by;
      Problem.send(
          context,
          400,
          "by: %s (expected: provider, model or agent)".formatted(shown.replaceAll("[^!-~]", "?")));
    }
  }
}
