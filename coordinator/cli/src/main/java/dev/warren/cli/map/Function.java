package dev.warren.cli.map;

import dev.warren.wire.FunctionRef;

/**
 * A function that was found.
 *
 * @param ref its name and signature
 * @param arity how many arguments a call of it takes, the receiver of an instance method included
 */
record Function(FunctionRef ref, int arity) {}
