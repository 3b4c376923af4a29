package dev.warren.pool.engine.function;

import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function as read from a lambda or method reference. Immutable.
 *
 * @param ref the function to call
 * @param captured JSON array of captured arguments; null for none
 * @param parameters types of each call's own arguments
 * @param resultType type of the results
 * @param loader class loader of the caller's code, for exception classes
 */
public record ReadFunction(
    FunctionRef ref,
    @Nullable Payload captured,
    List<Type> parameters,
    Type resultType,
    @Nullable ClassLoader loader) {}
