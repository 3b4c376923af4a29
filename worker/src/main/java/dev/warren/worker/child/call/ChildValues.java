package dev.warren.worker.child.call;

import dev.warren.json.Values;
import dev.warren.wire.FunctionRef;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of values in this child: with Warren's mapper, or with one supplied by a class of
 * the app. Created on first use, because functions of plain numbers and text need none. Confined to
 * the thread that runs calls.
 */
public final class ChildValues implements Supplier<Values> {
  private final @Nullable String supplier;
  private final AllowedCode allowed;
  private final ClassLoader loader;
  private @Nullable Values values;

  public ChildValues(@Nullable String supplier, AllowedCode allowed, ClassLoader loader) {
    this.supplier = supplier;
    this.allowed = allowed;
    this.loader = loader;
  }

  /**
   * Returns the conversion.
   *
   * @throws Rejection if the class that supplies the mapper does not exist or is not allowed
   * @throws IllegalArgumentException if it supplies no mapper
   */
  @Override
  public Values get() {
    Values known = values;
    if (known == null) {
      known = supplier == null ? Values.standard() : Values.of(load(supplier));
      values = known;
    }
    return known;
  }

  private Class<?> load(String name) {
    FunctionRef ref = FunctionRef.parse(name + "::new", null);
    allowed.checkName(ref);
    try {
      Class<?> type = Class.forName(name, false, loader);
      allowed.checkSource(type, ref);
      if (!allowed.permits(type, "new", Values.constructorOf(type), false)) {
        throw new Rejection("json class " + name + " is not allowed here" + allowed.hint());
      }
      return type;
    } catch (ClassNotFoundException | LinkageError e) {
      throw new Rejection("json class " + name + " is not on the child's class path: " + e, e);
    }
  }
}
