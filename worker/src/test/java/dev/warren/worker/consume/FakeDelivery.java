package dev.warren.worker.consume;

import dev.warren.broker.Delivery;
import dev.warren.wire.Message;

/** A delivery that records how it was settled. */
public final class FakeDelivery implements Delivery {
  private final Message message;
  private boolean redelivered;
  private boolean live = true;
  private int acks;

  public FakeDelivery(Message message) {
    this.message = message;
  }

  /** Marks it as redelivered. */
  public FakeDelivery again() {
    redelivered = true;
    return this;
  }

  /** Marks it as void, since its connection is lost. */
  public void loseConnection() {
    live = false;
  }

  public boolean acked() {
    return acks > 0;
  }

  int acks() {
    return acks;
  }

  @Override
  public Message message() {
    return message;
  }

  @Override
  public boolean redelivered() {
    return redelivered;
  }

  @Override
  public void ack() {
    acks++;
  }

  @Override
  public void requeue() {
    throw new AssertionError("Warren publishes a message again; it never requeues one");
  }

  @Override
  public boolean live() {
    return live;
  }
}
