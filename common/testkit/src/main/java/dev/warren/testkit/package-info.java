/** Shared by the tests of all modules: a broker to run against, and injected faults. */
@NullMarked
package dev.warren.testkit;

import org.jspecify.annotations.NullMarked;
