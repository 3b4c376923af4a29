/** A user's program: the tests package it as a jar and pass it to the command line as --app. */
@NullMarked
package dev.warren.cli.app;

import org.jspecify.annotations.NullMarked;
