/* fuzz.h - one input for one parser: no input may crash, leak, hang or use more than FUZZ_ARENA_BYTES.
 *
 * Built with clang's libFuzzer the harness looks for inputs by itself; built with gcc replay.c runs it over the seeds and over
 * everything that once broke something (tests/fuzz/seeds/NAME).
 */
#pragma once
#include "base/arena.h"
#include <stdlib.h>

#define FUZZ_ARENA_BYTES ((size_t)128 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A law that was broken ends the process, as a crash would. */
#define FUZZ_CHECK(law) ((law) ? (void)0 : abort())
