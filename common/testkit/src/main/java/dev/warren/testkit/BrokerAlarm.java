package dev.warren.testkit;

import dev.warren.testkit.server.PrivateBroker;

/**
 * A resource alarm, which makes a server stop reading from publishing connections. It takes effect
 * shortly after the call.
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

  /** The Erlang expression that raises the alarm. */
  public String raising() {
    return expression.formatted(raising);
  }

  /** The Erlang expression that clears the alarm. */
  public String clearing() {
    return expression.formatted(ordinary);
  }

  /** Raises the alarm on the server. */
  public void raise(PrivateBroker broker) throws InterruptedException {
    broker.ctl("eval", raising());
  }

  /** Clears the alarm on the server. */
  public void clear(PrivateBroker broker) throws InterruptedException {
    broker.ctl("eval", clearing());
  }
}
