package com.huntaze.rollout.relay;

import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.meters.ProxyMeters;

/**
 * The parts of the process by which answers are relayed.
 *
 * @param limits what may be held back, in bytes
 * @param memory the memory for what waits for clients
 * @param meters where answers are counted that nobody could read
 */
public record RelayMeans(ServerSettings limits, BufferMemory memory, ProxyMeters meters) {}
