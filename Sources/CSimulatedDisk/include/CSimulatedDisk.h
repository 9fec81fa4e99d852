#pragma once

// A SQLite VFS over disks that exist in memory only and that can lose power, run full and fail.

// Installs the VFS as the default; paths that are not on a simulated disk go on to the one before. Returns an SQLite code.
int simdisk_install(void);
