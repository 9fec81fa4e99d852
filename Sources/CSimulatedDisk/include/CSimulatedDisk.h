#pragma once

// A SQLite VFS over disks that exist in memory only, and that lose power, run full and fail when they are told to.
// Files at "/simulated-disk/<number>/<name>" are on the disk of that number; all other paths go on to the VFS that was
// the default before. Nothing here draws by chance but from seeds that are handed in. Any thread may call: one lock
// guards all disks of the process. Memory that cannot be had ends the process.
//
// What survives a loss of power
//
// Content. xSync makes all that was written to its file durable. Of what was written or cut off since then, a seeded
// choice survives: nothing, everything, the first so many changes, all but one, each change or not, each sector of each
// change or not. A later write to the same place may survive without the earlier one, and a write without the growth of
// the file before it, which leaves zeros there. Bytes that nobody wrote to never change, which is what SQLite calls
// powersafe overwrite (https://www.sqlite.org/psow.html). A sync that fails by a fault makes nothing durable and forgets
// nothing: the next one that succeeds has everything. When only processes die, all that was written stays, but what was
// not synced still is not: a loss of power may take it later, as with a real machine. What nobody syncs for long, of
// thousands of changes or many megabytes in one file, becomes durable by itself, the oldest half first.
//
// Names. As with a journaling file system, creations and deletions become durable in the order in which they were made,
// so that a loss of power undoes the last few of them, all or none. A creation, and every change of names before it, is
// durable when the new file is first synced (the unix VFS syncs the folder then); all are after a deletion for which
// SQLite asks the folder to be synced, and after a rename. So a deleted log or journal may come back, which SQLite
// documents as survived; nothing that its documentation rules out happens.
//
// Sectors are 512 bytes and lie at multiples of that in the file: the smallest unit any disk writes, and the finest one
// in which a write can tear. The VFS reports SQLITE_IOCAP_POWERSAFE_OVERWRITE, because it is so here (above), and since
// the unix VFS reports it on Linux: without it, SQLite would fill the log up to whole sectors behind each commit, and
// the simulation would test other writes than those of real machines. With it, SQLite promises durability of commits in
// WAL mode with synchronous=FULL from nothing but xSync, and of what was committed before from the bytes staying.

#include <stddef.h>
#include <stdint.h>

struct simdisk;
struct simimage;

// What is counted and can fail.
enum simcall { SIM_READ, SIM_WRITE, SIM_SYNC, SIM_TRUNCATE, SIM_OPEN, SIM_DELETE, SIM_SHARE, SIM_CALLS };

// What becomes of the operation at which a machine stops.
enum simlast { SIM_LOST, SIM_TORN, SIM_DONE };

// Which locks another process holds.
enum simheld { SIM_WRITING, SIM_ANY };

// Counts since the disk was made.
struct simcounters {
    uint64_t calls[SIM_CALLS]; // of each kind, also those that failed by a fault
    uint64_t mutations;        // operations that changed something, as simdisk_crash_after counts them
    uint64_t bytes_written;
    uint64_t bytes_read;
    uint64_t busy; // locks that were refused
};

// For a process that has one thread: SQLite takes no locks and counts no memory. To be called before anything else of
// SQLite. Returns an SQLite code.
int simdisk_use_one_thread(void);
// Installs the VFS as the default; harmless when called again. Returns an SQLite code.
int simdisk_install(void);
// Makes SQLite's own chance (of salts and temporary names) follow from a seed, while there are disks.
void simdisk_seed(uint64_t seed);
// Microseconds that SQLite would have slept for locks on simulated disks. Nobody really sleeps for them.
uint64_t simdisk_slept(void);

struct simdisk *simdisk_make(void);
// Frees a disk, once the last open file on it is closed.
void simdisk_release(struct simdisk *disk);
uint64_t simdisk_number(const struct simdisk *disk);
// Disks that are not freed.
int simdisk_live(void);

// Stops the machine at its count-th operation from now that changes something: write, truncation, sync, deletion,
// creation or rename; 0 takes it back. From then on every call fails. Of a torn write, the part in the first `sectors`
// sectors that it touches is done; a torn truncation is done, and anything else that is torn is not.
void simdisk_crash_after(struct simdisk *disk, uint64_t count, enum simlast last, uint32_t sectors);
int simdisk_is_crashed(const struct simdisk *disk);
// Starts the machine anew, crashed or not; what was open before stays unusable. With `loses`, what was not durable is
// lost by choice of the seed (above). Faults other than the crash stay.
void simdisk_power_cycle(struct simdisk *disk, int loses, uint64_t seed);

// Most bytes of all files together; negative for no limit. What fits of a write is done.
void simdisk_limit(struct simdisk *disk, int64_t bytes);
// Lets `times` calls of a kind fail, after `after` that do not.
void simdisk_fail(struct simdisk *disk, enum simcall call, uint64_t after, uint64_t times);
// Lets the next attempts to take a lock find it held by another process.
void simdisk_hold_locks(struct simdisk *disk, uint64_t attempts, enum simheld held);
// Takes back all of the above that has not happened.
void simdisk_clear(struct simdisk *disk);

struct simcounters simdisk_counters(const struct simdisk *disk);
// Bytes of all files.
int64_t simdisk_size(const struct simdisk *disk);

// A copy of all files as they are now, written or synced. Takes time for their number, not for their bytes.
struct simimage *simdisk_image(const struct simdisk *disk);
void simimage_free(struct simimage *image);
int64_t simimage_size(const struct simimage *image);
// Puts a copy in the place of all files, durably, and starts the machine anew; what was open before stays unusable.
void simdisk_restore(struct simdisk *disk, const struct simimage *image);

int simdisk_exists(const struct simdisk *disk, const char *name);
// Bytes of a file; -1 if there is none.
int64_t simdisk_file_size(const struct simdisk *disk, const char *name);
// Copies the file's first bytes, not more than `capacity`. Returns how many; -1 if there is no such file.
int64_t simdisk_read(const struct simdisk *disk, const char *name, void *bytes, size_t capacity);
// The name of a file by its place in the disk's list, cut at `capacity` bytes, without a zero. Returns its bytes; -1
// behind the last.
int64_t simdisk_name(const struct simdisk *disk, size_t index, char *name, size_t capacity);

// Each returns 0 if it could not be done.
// Makes a file, or empties the one that is there.
int simdisk_create(struct simdisk *disk, const char *name);
int simdisk_remove(struct simdisk *disk, const char *name);
// Replaces what has the other name; at once, and durable.
int simdisk_rename(struct simdisk *disk, const char *name, const char *other);
// Changes bytes within a file, behind SQLite's back and durably, as a bad disk does.
int simdisk_overwrite(struct simdisk *disk, const char *name, size_t offset, const void *bytes, size_t length);
// Inverts bits of a byte, likewise.
int simdisk_damage(struct simdisk *disk, const char *name, size_t offset, uint8_t bits);
