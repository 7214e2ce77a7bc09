package com.huntaze.rollout.app;

import com.huntaze.rollout.admin.AdminVerticle;
import com.huntaze.rollout.alert.AlertVerticle;
import com.huntaze.rollout.breaker.BreakerVerticle;
import com.huntaze.rollout.control.CanaryVerticle;
import com.huntaze.rollout.probe.ProbeVerticle;
import com.huntaze.rollout.proxy.ProxyVerticle;
import java.util.List;

/** The verticles that run by a configuration, and can be told another one. */
record Running(
    AlertVerticle alerts,
    CanaryVerticle canary,
    Books books,
    BreakerVerticle breakers,
    List<ProxyVerticle> proxies,
    ProbeVerticle probes,
    AdminVerticle admin) {}
