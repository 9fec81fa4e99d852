// Disks, and what is to happen to them.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint64_t last_number;
static int live;

#define BUCKETS 256
static struct simdisk *buckets[BUCKETS];

static const char root[] = "/simulated-disk/";

void simdisk_lock(void) { pthread_mutex_lock(&mutex); }
void simdisk_unlock(void) { pthread_mutex_unlock(&mutex); }

int leave(int code) {
    simdisk_unlock();
    return code;
}

struct simdisk *simdisk_make(void) {
    struct simdisk *disk = needed(calloc(1, sizeof *disk));
    simdisk_lock();
    disk->number = ++last_number;
    disk->references = 1;
    disk->limit = -1;
    struct simdisk **bucket = &buckets[disk->number % BUCKETS];
    disk->next = *bucket;
    *bucket = disk;
    live++;
    simdisk_unlock();
    return disk;
}

void simdisk_drop(struct simdisk *disk) {
    if (--disk->references > 0) return;
    struct simdisk **at = &buckets[disk->number % BUCKETS];
    while (*at != disk) at = &(*at)->next;
    *at = disk->next;
    names_drop_all(disk);
    free(disk);
    live--;
}

void simdisk_release(struct simdisk *disk) {
    simdisk_lock();
    simdisk_drop(disk);
    simdisk_unlock();
}

uint64_t simdisk_number(const struct simdisk *disk) { return disk->number; }

int simdisk_live(void) {
    simdisk_lock();
    return leave(live);
}

bool disks_exist(void) { return live > 0; }

bool path_is_ours(const char *path) { return path && strncmp(path, root, sizeof root - 1) == 0; }

struct simdisk *simdisk_find(const char *path, const char **name) {
    if (!path_is_ours(path)) return NULL;
    char *end;
    uint64_t number = strtoull(path + sizeof root - 1, &end, 10);
    if (*end != '/') return NULL;
    *name = end + 1;
    for (struct simdisk *disk = buckets[number % BUCKETS]; disk; disk = disk->next)
        if (disk->number == number) return disk;
    return NULL;
}

// Faults.

bool disk_fails(struct simdisk *disk, enum simcall call) {
    disk->counters.calls[call]++;
    if (disk->fail_times[call] == 0) return false;
    if (disk->fail_after[call] > 0) {
        disk->fail_after[call]--;
        return false;
    }
    disk->fail_times[call]--;
    return true;
}

enum fate disk_fate(struct simdisk *disk) {
    disk->counters.mutations++;
    if (disk->crash_in == 0 || --disk->crash_in > 0) return FATE_DO;
    disk->is_crashed = true;
    return disk->last == SIM_LOST ? FATE_SKIP : disk->last == SIM_TORN ? FATE_TEAR : FATE_DO_AND_STOP;
}

bool disk_is_held(struct simdisk *disk, bool is_writing) {
    if (disk->held_locks == 0 || (disk->held == SIM_WRITING && !is_writing)) return false;
    disk->held_locks--;
    return true;
}

int64_t disk_room(const struct simdisk *disk) {
    if (disk->limit < 0) return INT64_MAX;
    return disk->limit > disk->size ? disk->limit - disk->size : 0;
}

void simdisk_crash_after(struct simdisk *disk, uint64_t count, enum simlast last, uint32_t sectors) {
    simdisk_lock();
    disk->crash_in = count;
    disk->last = last;
    disk->last_sectors = sectors;
    simdisk_unlock();
}

int simdisk_is_crashed(const struct simdisk *disk) {
    simdisk_lock();
    return leave(disk->is_crashed);
}

// What was open stays unusable: handles are of an earlier generation, and no longer share anything with new ones.
void disk_restart(struct simdisk *disk) {
    disk->generation++;
    disk->is_crashed = false;
    disk->crash_in = 0;
    for (struct file *file = disk->files; file; file = file->next) {
        file->readers = 0;
        file->reserved = file->pending = file->exclusive = NULL;
        file->share = NULL;
    }
}

void simdisk_power_cycle(struct simdisk *disk, int loses, uint64_t seed) {
    simdisk_lock();
    if (loses) {
        uint64_t chance = seed;
        names_lose(disk, &chance);
        for (struct file *file = disk->files; file; file = file->next) file_lose(disk, file, &chance);
    }
    disk_restart(disk);
    simdisk_unlock();
}

void simdisk_limit(struct simdisk *disk, int64_t bytes) {
    simdisk_lock();
    disk->limit = bytes;
    simdisk_unlock();
}

void simdisk_fail(struct simdisk *disk, enum simcall call, uint64_t after, uint64_t times) {
    simdisk_lock();
    disk->fail_after[call] = after;
    disk->fail_times[call] = times;
    simdisk_unlock();
}

void simdisk_hold_locks(struct simdisk *disk, uint64_t attempts, enum simheld held) {
    simdisk_lock();
    disk->held_locks = attempts;
    disk->held = held;
    simdisk_unlock();
}

void simdisk_clear(struct simdisk *disk) {
    simdisk_lock();
    disk->limit = -1;
    disk->held_locks = 0;
    disk->crash_in = 0;
    memset(disk->fail_times, 0, sizeof disk->fail_times);
    simdisk_unlock();
}

struct simcounters simdisk_counters(const struct simdisk *disk) {
    simdisk_lock();
    struct simcounters counters = disk->counters;
    simdisk_unlock();
    return counters;
}

int64_t simdisk_size(const struct simdisk *disk) {
    simdisk_lock();
    int64_t size = disk->size;
    simdisk_unlock();
    return size;
}
