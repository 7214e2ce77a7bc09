# The image: a Java runtime of only the modules that the proxy needs, the jar, and a cache of its classes, loaded and linked.
# There is no shell and no package manager in it. Build the jar first: mvn -q -DskipTests package
#
# JDK_IMAGE has a JDK in JAVA_HOME, on a system with glibc, bash and the usual small tools. With 24 or newer the cache is an
# AOT cache, before that a class-data archive. RUNTIME_IMAGE may be anything that does not get in the way: what the runtime
# needs of the C library comes from JDK_IMAGE, so that the start that is trained is the start that runs.
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG RUNTIME_IMAGE=scratch

FROM ${JDK_IMAGE} AS build
COPY deploy/image/assemble deploy/image/train.json /build/
COPY deploy/image/proxy.json conf/prices.json /app/conf/
COPY target/rollout-proxy.jar /app/rollout-proxy.jar
RUN ["bash", "/build/assemble", "/image", "/owned"]

FROM ${RUNTIME_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="rollout-proxy" \
      org.opencontainers.image.description="Moves AI traffic from a legacy backend to Azure AI Foundry: splits, watches, rolls back." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/ /
# The state, and a folder for temporary files: all that may be written. The rest is happy on a read-only file system.
COPY --from=build --chown=10001:10001 /owned/ /
VOLUME ["/data", "/tmp"]
WORKDIR /
ENV LOG_FORMAT=json
# A number, because an orchestrator that demands a user who is not root cannot look a name up.
USER 10001:10001
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["/opt/jre/bin/java", "@/app/healthcheck.options", "-jar", "/app/rollout-proxy.jar", "healthcheck"]
ENTRYPOINT ["/opt/jre/bin/java", "@/app/java.options", "-jar", "/app/rollout-proxy.jar"]
CMD ["run", "--config", "/app/conf/proxy.json"]
