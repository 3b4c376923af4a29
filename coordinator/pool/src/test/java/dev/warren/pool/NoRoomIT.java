package dev.warren.pool;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conformance: a coordinator whose memory, and whose temporary folder, have no room for what comes.
 * Everything ends: results are held back until they are taken, or fail for lack of room.
 */
class NoRoomIT extends OnEverySite {

  @ParameterizedTest
  @CsvSource({"lazyNoFolder,64m", "lazyNoFolderInOrder,64m", "mapOfUnknownSize,40m"})
  void without_room_every_call_ends(String what, String heap) throws Exception {
    SmallHeap.run(what, site, folder, "-Xmx" + heap);
  }
}
