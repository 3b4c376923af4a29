package dev.warren.pool;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conformance: a coordinator whose memory and temporary folder are full. Everything ends: results
 * are held back until they are consumed, or fail because of the missing space.
 */
class NoRoomIT extends OnOneSite {

  @ParameterizedTest
  @CsvSource({"lazyNoFolder,64m", "lazyNoFolderInOrder,64m", "mapOfUnknownSize,40m"})
  void without_room_every_call_ends(String what, String heap) throws Exception {
    SmallHeap.run(what, site, folder, "-Xmx" + heap);
  }
}
