package dev.warren.pool;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.json.Json;
import dev.warren.json.Lines;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireCodecs;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.Heartbeat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Acts as a worker: consumes tasks from a broker and calls their functions in this process. It
 * records what it receives; a test can make it stall or lose tasks.
 */
final class FakeWorker implements AutoCloseable {
  final List<TaskMessage> tasks = new ArrayList<>();
  final List<CancelMessage> cancels = new ArrayList<>();
  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger mostRunning = new AtomicInteger();
  final AtomicLong beats = new AtomicLong();

  private final WireCodecs codecs = WireCodecs.create();
  private final Broker broker;
  private final PoolNames names;
  private final int slots;
  private final Semaphore free;
  private final ExecutorService threads = NamedThreads.elastic("fake-worker");
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final Subscription subscription;
  // set by tests
  volatile boolean losing;
  // the answer instead of an outcome line; null for the real one
  volatile UnaryOperator<@Nullable Payload> answer = line -> line;

  FakeWorker(Broker broker, String pool, int slots) {
    this.broker = broker;
    this.names = new PoolNames(pool);
    this.slots = slots;
    this.free = new Semaphore(slots);
    broker.declare(
        names.topology().and(PoolNames.privateTopology("fake.control", names.control(), "#")));
    broker.subscribe(
        "fake.control",
        10,
        delivery -> {
          if (CancelMessage.TYPE.equals(delivery.message().type())) {
            synchronized (cancels) {
              cancels.add(CancelMessage.of(delivery.message()));
            }
          } else {
            beat(false);
          }
          delivery.ack();
        });
    subscription = broker.subscribe(names.tasks(), 2000, this::take);
    beat(false);
  }

  /** Sends a heartbeat. */
  void beat(boolean leaving) {
    Heartbeat beat =
        new Heartbeat(
            "fake",
            "here",
            1,
            beats.incrementAndGet(),
            slots,
            0,
            List.copyOf(held),
            leaving,
            2000,
            false,
            0,
            List.of(),
            0);
    broker.publish(new Route(names.events(), Heartbeat.KEY), beat.toMessage()).join();
  }

  /** Occupies all slots, so that tasks wait. */
  void hold() {
    free.acquireUninterruptibly(slots);
  }

  /** Releases the slots. */
  void go() {
    free.release(slots);
  }

  int messages() {
    synchronized (tasks) {
      return tasks.size();
    }
  }

  int calls() {
    synchronized (tasks) {
      return tasks.stream().mapToInt(TaskMessage::count).sum();
    }
  }

  private void take(Delivery delivery) {
    TaskMessage task = codecs.tasks().read(delivery.message());
    synchronized (tasks) {
      tasks.add(task);
    }
    if (losing) {
      delivery.ack();
      return;
    }
    held.add(task.id());
    threads.execute(() -> work(task, delivery));
  }

  private void work(TaskMessage task, Delivery delivery) {
    free.acquireUninterruptibly();
    try {
      mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
      StringBuilder lines = new StringBuilder();
      long start = System.nanoTime();
      for (int i = 0; i < task.count(); i++) {
        Payload answered = answer.apply(line(task, i));
        lines.append(answered == null ? "" : answered.text()).append('\n');
      }
      long micros = (System.nanoTime() - start) / 1000;
      ResultMessage result =
          new ResultMessage(
              task.id() + ".r",
              String.valueOf(task.owner()),
              null,
              task.calls(),
              Lines.split(Payload.of(lines.toString())),
              micros,
              "fake");
      running.decrementAndGet();
      held.remove(task.id());
      broker.publish(Route.toQueue(result.owner()), codecs.results().write(result)).join();
      delivery.ack();
    } catch (CompletionException e) {
      boolean closed = e.getCause() instanceof BrokerException known && known.isClosed();
      if (!closed) { // otherwise the test and its broker have ended
        throw e;
      }
    } finally {
      free.release();
    }
  }

  private Payload line(TaskMessage task, int index) {
    synchronized (cancels) {
      for (CancelMessage cancel : cancels) {
        boolean[] meant = {cancel.calls() == null};
        if (cancel.calls() != null) {
          cancel.calls().forEach(number -> meant[0] |= number == task.calls().get(index));
        }
        if (meant[0] && cancel.owner().equals(task.owner())) {
          return OutcomeLine.of(
              RemoteFailure.cancelledUnstarted("cancelled before it was started", 1));
        }
      }
    }
    try {
      Object value = call(task, task.args().get(index));
      return Payload.of("{\"value\":" + Json.MAPPER.writeValueAsString(value) + "}");
    } catch (InvocationTargetException e) {
      return OutcomeLine.of(failure(e.getCause() == null ? e : e.getCause()));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return OutcomeLine.of(RemoteFailure.of(FailureKind.REJECTED, e.toString(), 1));
    }
  }

  private static RemoteFailure failure(Throwable thrown) {
    StringWriter stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack));
    List<String> types = new ArrayList<>();
    for (Class<?> type = thrown.getClass();
        type != null && type != Object.class;
        type = type.getSuperclass()) {
      types.add(type.getName());
    }
    return new RemoteFailure(
        FailureKind.FAILED,
        thrown.getClass().getName(),
        thrown.getMessage(),
        stack.toString(),
        types,
        true,
        new RemoteFailure.Where("here", 42, "fake-1"),
        1,
        java.util.Map.of());
  }

  private static @Nullable Object call(TaskMessage task, Payload line)
      throws ReflectiveOperationException {
    List<JsonNode> args = new ArrayList<>();
    Payload captured = task.captured();
    if (captured != null) {
      Json.read(captured, JsonNode.class).forEach(args::add);
    }
    Json.read(line, JsonNode.class).forEach(args::add);
    Class<?> owner = Class.forName(task.function().className());
    String descriptor = task.function().descriptor();
    Class<?>[] types =
        descriptor == null
            ? null
            : MethodType.fromMethodDescriptorString(descriptor, owner.getClassLoader())
                .parameterArray();
    if (task.function().methodName().equals("new")) {
      Constructor<?> constructor = owner.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values(constructor.getGenericParameterTypes(), args, 0));
    }
    Method method = method(owner, task.function().methodName(), types);
    method.setAccessible(true);
    if (Modifier.isStatic(method.getModifiers())) {
      return method.invoke(null, values(method.getGenericParameterTypes(), args, 0));
    }
    Object receiver = Json.MAPPER.treeToValue(args.get(0), owner);
    return method.invoke(receiver, values(method.getGenericParameterTypes(), args, 1));
  }

  private static Method method(Class<?> owner, String name, Class<?> @Nullable [] types)
      throws NoSuchMethodException {
    for (Class<?> type = owner; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.getName().equals(name)
            && (types == null || Arrays.equals(types, method.getParameterTypes()))) {
          return method;
        }
      }
    }
    throw new NoSuchMethodException(owner + "::" + name);
  }

  private static @Nullable Object[] values(Type[] types, List<JsonNode> args, int from) {
    @Nullable Object[] values = new @Nullable Object[types.length];
    for (int i = 0; i < types.length; i++) {
      values[i] =
          Json.MAPPER
              .readerFor(Json.MAPPER.constructType(types[i]))
              .readValue(args.get(from + i).toString());
    }
    return values;
  }

  @Override
  public void close() {
    subscription.cancel();
    threads.shutdown();
  }
}
