package dev.warren.worker.link;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a child must know before its first call.
 *
 * @param version of this protocol
 * @param child its name, for messages: {@code w-3f2a-7}
 * @param host host name, for messages
 * @param initializer function to run once, {@code class::method(descriptor)}; null for none
 * @param initializerDigest its class file's digest; null for none
 * @param initArgs its arguments, an array as it was written; null for none
 * @param appPath files and folders whose classes may be called; null: everything may be
 * @param functions patterns, {@code com.acme.**}, that narrow {@code appPath}; empty: all of it
 * @param allow patterns {@code java.lang.Math::*} of functions that may be called besides; for a
 *     child in another language all that may be called, {@code **} for everything
 * @param maxResultBytes longest outcome line
 * @param likely the function its first call is likely to be of, to be looked up ahead; null where
 *     nobody knows
 * @param json class that supplies the mapper of arguments and results; null for Warren's own
 * @param worker name of the worker, as its heartbeats have it
 */
public record Setup(
    int version,
    String child,
    String host,
    @Nullable String initializer,
    @Nullable String initializerDigest,
    @JsonRawValue @Nullable String initArgs,
    @Nullable List<String> appPath,
    List<String> functions,
    List<String> allow,
    int maxResultBytes,
    @Nullable String likely,
    @Nullable String json,
    String worker) {}
