/**
 * A JUnit extension for tests of code that uses a pool; described in docs/TESTING.md.
 *
 * <p>Door: {@link dev.warren.junit.WarrenPool} and {@link dev.warren.junit.PoolFaults}. Everything
 * runs on the test's thread, except the events of the pool.
 */
@NullMarked
package dev.warren.junit;

import org.jspecify.annotations.NullMarked;
