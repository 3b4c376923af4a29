package dev.warren.cli.map;

import dev.warren.wire.FunctionRef;

/**
 * A function found by {@link FunctionLookup}. Immutable.
 *
 * @param ref its name and signature
 * @param arity number of arguments of a call, including the receiver of an instance method
 */
record Function(FunctionRef ref, int arity) {}
