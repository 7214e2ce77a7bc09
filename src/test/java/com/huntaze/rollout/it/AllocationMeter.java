package com.huntaze.rollout.it;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Map;
import java.util.TreeMap;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The bytes that the threads of another process on this machine have allocated. */
final class AllocationMeter implements AutoCloseable {
  private final JMXConnector connector;
  private final ThreadMXBean threads;

  AllocationMeter(Process process) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
    try {
      connector =
          JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
    } finally {
      machine.detach();
    }
    threads =
        ManagementFactory.newPlatformMXBeanProxy(
            connector.getMBeanServerConnection(),
            ManagementFactory.THREAD_MXBEAN_NAME,
            ThreadMXBean.class);
  }

  /** The bytes so far, by the threads' names without their numbers. */
  Map<String, Long> bytes() {
    long[] ids = threads.getAllThreadIds();
    long[] allocated = threads.getThreadAllocatedBytes(ids);
    ThreadInfo[] infos = threads.getThreadInfo(ids);
    Map<String, Long> byName = new TreeMap<>();
    for (int i = 0; i < ids.length; i++) {
      if (infos[i] != null && allocated[i] >= 0) {
        byName.merge(infos[i].getThreadName().replaceAll("-?\\d+", ""), allocated[i], Long::sum);
      }
    }
    return byName;
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
