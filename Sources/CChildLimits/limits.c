#define _GNU_SOURCE
#include "CChildLimits.h"

#include <errno.h>
#include <stddef.h>
#include <sys/resource.h>

int climits_set(pid_t child, uint64_t memory, uint64_t seconds)
{
    const struct {
        int what;
        rlim_t limit;
    } limits[] = {
        {RLIMIT_CORE, 0},
        {RLIMIT_FSIZE, 0},
        {RLIMIT_AS, memory},
        {RLIMIT_CPU, seconds},
    };
    for (unsigned i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const struct rlimit limit = {limits[i].limit, limits[i].limit};
        if (prlimit(child, limits[i].what, &limit, NULL) != 0)
            return errno;
    }
    return 0;
}
