/** Programs written against Warren, small enough to read in one sitting. */
@org.jspecify.annotations.NullMarked
package dev.warren.examples;
