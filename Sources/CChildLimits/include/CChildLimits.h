#pragma once

// Limits of a child process, set by its parent. posix_spawn sets none, and this spares a fork of a process with threads.

#include <stdint.h>
#include <sys/types.h>

// Lets a child have so many bytes of memory and seconds of the processor, write no file and leave no core behind
// (prlimit(2)). It goes beyond none of them from now on. Returns 0, or the error's number.
int climits_set(pid_t child, uint64_t memory, uint64_t seconds);
