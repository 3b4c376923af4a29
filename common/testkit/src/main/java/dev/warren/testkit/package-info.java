/** What the tests of all modules share: a broker to run against, and faults to put in its way. */
@NullMarked
package dev.warren.testkit;

import org.jspecify.annotations.NullMarked;
