#pragma once

// A SQLite VFS over disks that exist in memory only, and that lose power, run full and fail when they are told to.
// Files at "/simulated-disk/<number>/<name>" are on the disk of that number; all other paths go on to the VFS that was
// the default before. Nothing here draws by chance but from seeds that are handed in. Any thread may call.

#include <stddef.h>
#include <stdint.h>

struct simdisk;
struct simimage;

// What is counted and can fail.
enum simcall { SIM_READ, SIM_WRITE, SIM_SYNC, SIM_TRUNCATE, SIM_OPEN, SIM_DELETE, SIM_SHARE, SIM_CALLS };

// What becomes of the operation at which a machine stops.
enum simlast { SIM_LOST, SIM_TORN, SIM_DONE };

// Installs the VFS as the default; harmless when called again. Returns an SQLite code.
int simdisk_install(void);
// Makes SQLite's own chance (of salts and temporary names) follow from a seed.
void simdisk_seed(uint64_t seed);

struct simdisk *simdisk_make(void);
// Frees a disk, once the last open file on it is closed.
void simdisk_release(struct simdisk *disk);
uint64_t simdisk_number(const struct simdisk *disk);
// Disks that are not freed.
int simdisk_live(void);

// Stops the machine at its count-th operation from now that changes something: write, truncation, sync, deletion or
// creation. From then on every call fails. Of a torn write the first `sectors` sectors of 512 bytes are done.
void simdisk_crash_after(struct simdisk *disk, uint64_t count, enum simlast last, uint32_t sectors);
int simdisk_is_crashed(const struct simdisk *disk);
// Starts the machine anew; what was open before stays unusable. With `loses`, each file keeps a seeded choice of what was
// written since its last sync, by sectors, in any order.
void simdisk_power_cycle(struct simdisk *disk, int loses, uint64_t seed);

// Most bytes of all files together; negative for no limit.
void simdisk_limit(struct simdisk *disk, int64_t bytes);
// Lets `times` calls of a kind fail, after `after` that do not.
void simdisk_fail(struct simdisk *disk, enum simcall call, uint64_t after, uint64_t times);
// Lets the next attempts to take a lock for writing find it held by another process.
void simdisk_hold_locks(struct simdisk *disk, uint64_t attempts);
// Takes back all of the above that has not happened.
void simdisk_clear(struct simdisk *disk);

// Operations that changed something; bytes of all files; calls of a kind.
uint64_t simdisk_mutations(const struct simdisk *disk);
int64_t simdisk_size(const struct simdisk *disk);
uint64_t simdisk_calls(const struct simdisk *disk, enum simcall call);

// A copy of all files as they are now, written or synced.
struct simimage *simdisk_image(const struct simdisk *disk);
void simimage_free(struct simimage *image);
// Puts a copy in the place of all files; what was open before stays unusable.
void simdisk_restore(struct simdisk *disk, const struct simimage *image);

int simdisk_exists(const struct simdisk *disk, const char *name);
// Each returns 0 if it could not be done.
int simdisk_create(struct simdisk *disk, const char *name);
int simdisk_remove(struct simdisk *disk, const char *name);
int simdisk_rename(struct simdisk *disk, const char *name, const char *other);
// Inverts bits of a byte.
int simdisk_damage(struct simdisk *disk, const char *name, size_t offset, uint8_t bits);
