package dev.warren.lifecycle;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this process in heartbeats, logs and the broker's list of connections. Stateless. */
public final class ThisProcess {
  private ThisProcess() {}

  /** Name of this host; in a container usually the container's id. */
  public static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Host and process id, {@code host a1b2c3, pid 7}. */
  public static String description() {
    return "host " + host() + ", pid " + ProcessHandle.current().pid();
  }
}
