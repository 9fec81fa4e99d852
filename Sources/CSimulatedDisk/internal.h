#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "CSimulatedDisk.h"

#define SECTOR 512

// What was done to a file since its last sync. `before` of the old bytes are in the file's journal.
struct change {
    bool is_truncation;
    size_t offset, length;    // of a write; of a truncation: the new size, and what was cut off
    size_t size_before;
    size_t kept, kept_length; // old bytes in the journal
};

// The memory that connections to one database share; ends with the machine's start.
struct share {
    int references;
    int count, size;
    void **regions;
    int shared[SQLITE_SHM_NLOCK];
    void *exclusive[SQLITE_SHM_NLOCK];
};

struct file {
    int references;          // open handles, and the disk's name for it
    char *name;
    bool is_durable;         // whether its name survives a loss of power
    uint8_t *bytes;
    size_t size, capacity;
    struct change *changes;
    size_t change_count, change_capacity;
    uint8_t *journal;
    size_t journal_size, journal_capacity;
    // Locks, as of unix files.
    int readers;
    void *reserved, *pending, *exclusive;
    struct share *share;
    struct file *next;
};

struct simdisk {
    uint64_t number;
    int references;
    uint32_t generation;
    bool is_crashed;
    struct file *files;
    int64_t size, limit;
    uint64_t crash_in;
    enum simlast last;
    uint32_t last_sectors;
    uint64_t fail_after[SIM_CALLS], fail_times[SIM_CALLS], calls[SIM_CALLS];
    uint64_t held_locks;
    uint64_t mutations;
    struct simdisk *next;
};

// What happens to an operation that changes something.
enum fate { FATE_DO, FATE_SKIP, FATE_TEAR, FATE_DO_AND_STOP };

void simdisk_lock(void);
void simdisk_unlock(void);
struct simdisk *simdisk_find(const char *path, const char **name);
void simdisk_retain(struct simdisk *disk);
void simdisk_drop(struct simdisk *disk);

struct file *disk_file(const struct simdisk *disk, const char *name);
struct file *disk_add(struct simdisk *disk, const char *name);
bool disk_remove(struct simdisk *disk, struct file *file);
bool disk_fails(struct simdisk *disk, enum simcall call);
enum fate disk_fate(struct simdisk *disk);

bool file_write(struct simdisk *disk, struct file *file, const void *bytes, size_t length, size_t offset);
void file_truncate(struct simdisk *disk, struct file *file, size_t size);
void file_synced(struct file *file);
void file_lose(struct simdisk *disk, struct file *file, uint64_t *chance);
void file_release(struct file *file);
void share_release(struct share *share);
uint64_t chance_next(uint64_t *state);
