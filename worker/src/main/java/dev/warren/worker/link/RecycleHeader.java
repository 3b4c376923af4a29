package dev.warren.worker.link;

import org.jspecify.annotations.Nullable;

/**
 * Why a child asks to be replaced.
 *
 * @param reason {@code broken_class_path} or {@code requested}; any other text, and null, are taken
 *     for the latter
 */
public record RecycleHeader(@Nullable String reason) {}
