package com.huntaze.rollout.archfixture.bodies.admin;

import io.vertx.ext.web.handler.BodyHandler;

/** Bodies may be held on the admin port. */
final class Innocent {
  final BodyHandler handler = BodyHandler.create();
}
