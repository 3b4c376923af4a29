/**
 * The Spring Boot starter: a {@code Pool} bean from {@code warren.*} properties, closed with the
 * context, with health and metrics where the application has Actuator. Works with Spring Boot 3.5
 * and 4; of what those name differently, the class of the version that is present is used.
 *
 * <p>Door: {@link dev.warren.spring.WarrenAutoConfiguration}, {@link
 * dev.warren.spring.WarrenProperties}, {@link dev.warren.spring.PoolBuilderCustomizer}.
 */
@NullMarked
package dev.warren.spring;

import org.jspecify.annotations.NullMarked;
