/** Measures of Warren and its peers, side by side. */
@org.jspecify.annotations.NullMarked
package dev.warren.bench;
