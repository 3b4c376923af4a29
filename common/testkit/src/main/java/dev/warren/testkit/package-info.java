/**
 * For tests of Warren and of code that uses it: time and an event loop that a test steps by hand,
 * brokers to run against, a proxy that injects network faults, and damaged messages.
 *
 * <p>Door: {@link dev.warren.testkit.SharedBroker}, {@link dev.warren.testkit.ManualLoop}, {@link
 * dev.warren.testkit.ManualTime}, {@link dev.warren.testkit.FaultyProxy}.
 */
@NullMarked
package dev.warren.testkit;

import org.jspecify.annotations.NullMarked;
