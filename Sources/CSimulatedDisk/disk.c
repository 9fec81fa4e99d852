#include "CSimulatedDisk.h"

int simdisk_install(void) { return 0; }
