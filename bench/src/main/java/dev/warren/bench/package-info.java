/** Measures of Warren and of its peers, side by side. */
@org.jspecify.annotations.NullMarked
package dev.warren.bench;
