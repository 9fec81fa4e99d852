#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "CSimulatedDisk.h"

#define SECTOR 512

// The bytes of a file; those that images hold as well are copied before they change.
struct content {
    int references;
    size_t capacity;
    uint8_t bytes[];
};

// What was done to a file since its last sync. The old bytes are in the file's journal.
struct change {
    bool is_truncation;
    size_t offset, length;    // of a write; of a truncation: the new size, and what was cut off
    size_t size_before;
    size_t kept, kept_length; // old bytes in the journal
};

struct handle;

// The memory that connections to one database share; ends with its last connection, or with the machine's run.
struct share {
    int references;
    int count;
    void **regions;
    int shared[SQLITE_SHM_NLOCK];
    struct handle *exclusive[SQLITE_SHM_NLOCK];
};

struct file {
    int references;      // open handles, the disk's name for it, and changes of names that are not durable
    char *name;
    bool is_linked;      // whether the disk has it
    bool is_named;       // whether its name survives a loss of power
    struct content *content;
    size_t size;
    struct change *changes;
    size_t change_count, change_capacity;
    uint8_t *journal;
    size_t journal_size, journal_capacity;
    // Locks, as of unix files.
    int readers;
    struct handle *reserved, *pending, *exclusive;
    struct share *share; // not counted among its references
    struct file *next;
};

// A creation or deletion that is not durable.
struct naming {
    bool is_creation;
    struct file *file;
};

#define NAMINGS 32

struct simdisk {
    uint64_t number;
    int references;
    uint32_t generation;
    bool is_crashed;
    struct file *files;
    struct naming namings[NAMINGS];
    int naming_count;
    int64_t size, limit;
    uint64_t crash_in;
    enum simlast last;
    uint32_t last_sectors;
    uint64_t fail_after[SIM_CALLS], fail_times[SIM_CALLS];
    uint64_t held_locks;
    enum simheld held;
    struct simcounters counters;
    struct simdisk *next;
};

// An open file.
struct handle {
    sqlite3_file base;
    struct simdisk *disk;
    struct file *file;
    struct share *share;
    uint32_t generation;
    int level;
    uint16_t shared, exclusive; // locks held on the shared memory
    bool deletes, persists_log;
};

// What happens to an operation that changes something.
enum fate { FATE_DO, FATE_SKIP, FATE_TEAR, FATE_DO_AND_STOP };

// Everything below is called with the lock held.

void simdisk_lock(void);
void simdisk_unlock(void);
// Gives the lock back and passes a code on.
int leave(int code);
// Ends the process if memory is out.
void *needed(void *memory);
uint64_t chance_next(uint64_t *state);

// Whether a path is one of ours. Its disk may be gone all the same.
bool path_is_ours(const char *path);
// The disk that a path is on, and the name there; NULL if there is none.
struct simdisk *simdisk_find(const char *path, const char **name);
void simdisk_drop(struct simdisk *disk);
bool disks_exist(void);
bool disk_fails(struct simdisk *disk, enum simcall call);
enum fate disk_fate(struct simdisk *disk);
bool disk_is_held(struct simdisk *disk, bool is_writing);
// How many more bytes the disk takes.
int64_t disk_room(const struct simdisk *disk);
void disk_restart(struct simdisk *disk);

struct file *disk_file(const struct simdisk *disk, const char *name);
// Names, with the journal of their changes.
struct file *names_create(struct simdisk *disk, const char *name);
void names_delete(struct simdisk *disk, struct file *file);
void names_synced(struct simdisk *disk, struct file *file);
void names_flush(struct simdisk *disk);
void names_lose(struct simdisk *disk, uint64_t *chance);
void names_drop_all(struct simdisk *disk);

void file_write(struct simdisk *disk, struct file *file, const void *bytes, size_t length, size_t offset);
void file_truncate(struct simdisk *disk, struct file *file, size_t size);
void file_synced(struct file *file);
void file_lose(struct simdisk *disk, struct file *file, uint64_t *chance);
void file_overwrite(struct file *file, size_t offset, const void *bytes, size_t length);
void file_put(struct simdisk *disk, struct file *file, struct content *content, size_t size);
void file_release(struct file *file);
void content_release(struct content *content);

bool is_dead(const struct handle *handle);
void handle_unmap(struct handle *handle);
void handle_unlock(struct handle *handle, int level);

// Files' methods that are about locks.
int sim_lock(sqlite3_file *base, int level);
int sim_unlock(sqlite3_file *base, int level);
int sim_check_reserved(sqlite3_file *base, int *result);
int sim_shm_map(sqlite3_file *base, int index, int size, int extend, void volatile **region);
int sim_shm_lock(sqlite3_file *base, int offset, int count, int flags);
void sim_shm_barrier(sqlite3_file *base);
int sim_shm_unmap(sqlite3_file *base, int deletes);
// Whether SQLite last found a lock of a simulated disk held, and has not slept for it.
bool take_owed_sleep(void);

extern const sqlite3_io_methods sim_methods;
