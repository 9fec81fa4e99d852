#pragma once

// gzip through zlib without its headers: Debian's zlib1g is always there (dpkg needs it), zlib1g-dev is one more
// package. The library is opened on first use; its interface has been stable since 1995.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zlib_stream.h"

// Room that the gzip form of `length` bytes takes at most.
size_t czlib_bound(size_t length);

// Writes the gzip form (RFC 1952) of `input` to `output`. Returns its length, or 0 when zlib is not there, does
// not work, or `capacity` is too small. May be called from any thread.
size_t czlib_gzip(const uint8_t *input, size_t length, uint8_t *output, size_t capacity, int level);

// Reads one gzip member that fills `input`, and is `length` bytes unpacked, into `output`. Returns whether it was that.
bool czlib_gunzip(const uint8_t *input, size_t input_length, uint8_t *output, size_t length);
