package dev.warren.testkit;

import dev.warren.testkit.server.PrivateBroker;

/**
 * What makes a server stop reading from connections that publish, as if it had run out of
 * something. It does so a moment after it has been told.
 */
public enum BrokerAlarm {
  MEMORY("vm_memory_monitor:set_vm_memory_high_watermark(%s).", "0.000001", "0.4"),
  DISK("rabbit_disk_monitor:set_disk_free_limit(%s).", "1000000000000000", "50000000");

  private final String expression;
  private final String raising;
  private final String ordinary;

  BrokerAlarm(String expression, String raising, String ordinary) {
    this.expression = expression;
    this.raising = raising;
    this.ordinary = ordinary;
  }

  /** The Erlang expression that raises it. */
  public String raising() {
    return expression.formatted(raising);
  }

  /** The Erlang expression that clears it. */
  public String clearing() {
    return expression.formatted(ordinary);
  }

  /** Has the server raise it. */
  public void raise(PrivateBroker broker) throws InterruptedException {
    broker.ctl("eval", raising());
  }

  /** Has the server clear it. */
  public void clear(PrivateBroker broker) throws InterruptedException {
    broker.ctl("eval", clearing());
  }
}
