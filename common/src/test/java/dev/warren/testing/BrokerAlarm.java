package dev.warren.testing;

import dev.warren.broker.server.PrivateBroker;

/**
 * What makes a server stop reading from connections that publish, as if it had run out of
 * something.
 */
public enum BrokerAlarm {
  MEMORY("set_vm_memory_high_watermark", "0.000001", "0.4"),
  DISK("set_disk_free_limit", "1000000000000000", "50MB");

  private final String command;
  private final String raising;
  private final String ordinary;

  BrokerAlarm(String command, String raising, String ordinary) {
    this.command = command;
    this.raising = raising;
    this.ordinary = ordinary;
  }

  /** Has the server raise it; it does so a moment later. */
  public void raise(PrivateBroker broker) throws InterruptedException {
    broker.ctl(command, raising);
  }

  /** Has the server clear it; it does so a moment later. */
  public void clear(PrivateBroker broker) throws InterruptedException {
    broker.ctl(command, ordinary);
  }
}
