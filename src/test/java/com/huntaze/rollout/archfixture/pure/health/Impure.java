package com.huntaze.rollout.archfixture.pure.health;

import com.fasterxml.jackson.core.JsonFactory;
import io.vertx.core.Future;
import java.net.http.HttpClient;

/** Knows a framework, a log, a client and a parser. */
final class Impure {
  Future<Void> future;
  java.util.logging.Logger log;
  org.slf4j.Logger otherLog;
  HttpClient client;
  JsonFactory[] parsers;
}
