/**
 * The types that users write code against and that cross the wire: functions, options, the context
 * of a running call, and how a call ended. Everything is immutable or confined to one call; no
 * threads.
 *
 * <p>Door: all types. Nothing in this package knows about brokers, processes or JSON.
 */
@NullMarked
package dev.warren.task;

import org.jspecify.annotations.NullMarked;
