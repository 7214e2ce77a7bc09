package com.huntaze.rollout.it;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The objects that another process on this machine still holds, by a histogram after a full GC. */
final class LiveHeap implements AutoCloseable {
  private final JMXConnector connector;

  LiveHeap(Process process) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
    try {
      connector =
          JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
    } finally {
      machine.detach();
    }
  }

  /** The bytes by class. */
  Map<String, Long> bytes() throws Exception {
    String histogram =
        (String)
            connector
                .getMBeanServerConnection()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Map<String, Long> bytes = new TreeMap<>();
    for (String line : histogram.lines().toList()) {
      String[] cells = line.strip().split("\\s+");
      if (cells.length >= 4 && cells[0].endsWith(":")) {
        bytes.merge(cells[3], Long.valueOf(cells[2]), Long::sum);
      }
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
