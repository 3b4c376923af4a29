package dev.warren.pool.engine;

import dev.warren.task.Payload;
import dev.warren.wire.FunctionRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/**
 * A function as read from a lambda or method reference. Immutable.
 *
 * @param ref what to call
 * @param captured JSON array of captured arguments; null for none
 * @param resultType what its results are read as
 * @param loader of the code that gave it, for exception classes
 */
public record ReadFunction(
    FunctionRef ref,
    @Nullable Payload captured,
    JavaType resultType,
    @Nullable ClassLoader loader) {}
