package dev.warren.spring;

import dev.warren.lifecycle.Logs;
import dev.warren.pool.PoolListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;

/** One listener that passes each event to several; one that throws harms no other. Stateless. */
final class EachListener {
  private static final Logger log = Logs.of(EachListener.class);

  private EachListener() {}

  static PoolListener of(List<PoolListener> listeners) {
    return (PoolListener)
        Proxy.newProxyInstance(
            PoolListener.class.getClassLoader(),
            new Class<?>[] {PoolListener.class},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return method.invoke(listeners, arguments);
              }
              for (PoolListener listener : listeners) {
                try {
                  method.invoke(listener, arguments);
                } catch (InvocationTargetException e) {
                  log.warn("{} failed in {}", listener.getClass().getName(), method.getName(), e);
                }
              }
              return null;
            });
  }
}
