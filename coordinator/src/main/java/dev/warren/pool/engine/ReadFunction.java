package dev.warren.pool.engine;

import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function as read from a lambda or method reference. Immutable.
 *
 * @param ref what to call
 * @param captured JSON array of captured arguments; null for none
 * @param parameters what each call's own arguments are read as
 * @param resultType what its results are read as
 * @param loader of the code that gave it, for exception classes
 */
public record ReadFunction(
    FunctionRef ref,
    @Nullable Payload captured,
    List<Type> parameters,
    Type resultType,
    @Nullable ClassLoader loader) {}
